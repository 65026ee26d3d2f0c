package io.longwire.center.api;

import com.google.protobuf.Message;
import io.longwire.center.face.ApiServer;
import io.longwire.center.refuse.Refused;
import io.longwire.rpc.center.BroadcastInfo;
import io.longwire.rpc.center.BroadcastName;
import io.longwire.rpc.center.ListAppsReply;
import io.longwire.rpc.center.ListAppsRequest;
import io.longwire.rpc.center.SendRequest;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class CallsTest {
    private static final Call NOBODY = new Call(null, InetAddress.getLoopbackAddress());
    private static final Feature APPS = table -> table.call("ListApps", ListAppsRequest.getDefaultInstance(),
            (call, request) -> CompletableFuture.completedFuture(ListAppsReply.getDefaultInstance()));

    @Test
    void doesNotStartWithACallThatNobodyServes() {
        assertThatThrownBy(() -> Calls.of(ApiServer.SERVICE, List.of(APPS))).isInstanceOf(IllegalStateException.class)
                .hasMessage("Send: not served (expected: every call of the .proto, with its request)");
    }

    @Test
    void doesNotStartWithACallThatIsServedTwice() {
        assertThatThrownBy(() -> Calls.of(ApiServer.SERVICE, List.of(APPS, APPS)))
                .hasMessage("ListApps: served twice (expected: once)");
    }

    @Test
    void doesNotStartWithACallOfAnotherRequest() {
        Feature wrong = table -> table.call("Send", ListAppsRequest.getDefaultInstance(),
                (call, request) -> CompletableFuture.completedFuture(ListAppsReply.getDefaultInstance()));

        assertThatThrownBy(() -> Calls.of(ApiServer.SERVICE, List.of(wrong)))
                .hasMessageStartingWith("Send: served with ListAppsRequest");
    }

    @Test
    void failsTheFutureWhenTheWorkThrows() {
        Feature refusing = table -> table.call("Send", SendRequest.getDefaultInstance(), (call, request) -> {
            throw Refused.invalid("to", "missing", "one");
        });
        var calls = Calls.of(ApiServer.SERVICE, List.of(refusing, AllOthers.than("Send")));

        var answer = calls.answer("Send", NOBODY, calls.empty("Send"));

        assertThat(answer).isCompletedExceptionally();
        assertThat(answer.exceptionNow()).hasMessage("to: missing (expected: one)");
    }

    @Test
    void doesNotStartWithAStreamThatIsServedWithOneAnswer() {
        Feature wrong = table -> table.call("WatchBroadcast", BroadcastName.getDefaultInstance(),
                (call, request) -> CompletableFuture.completedFuture(BroadcastInfo.getDefaultInstance()));

        assertThatThrownBy(() -> Calls.of(ApiServer.SERVICE, List.of(wrong, AllOthers.than("WatchBroadcast"))))
                .hasMessage("WatchBroadcast: served with one answer (expected: as the .proto says, and one request)");
    }

    @Test
    void doesNotStartWithACallThatIsServedWithAStream() {
        Feature wrong = table -> table.stream("Send", SendRequest.getDefaultInstance(), (call, request, out) -> () -> {
        });

        assertThatThrownBy(() -> Calls.of(ApiServer.SERVICE, List.of(wrong, AllOthers.than("Send"))))
                .hasMessageStartingWith("Send: served with a stream of answers");
    }

    @Test
    void tellsTheSinkWhenAStreamDoesNotBegin() {
        Feature refusing = table -> table.stream("WatchBroadcast", BroadcastName.getDefaultInstance(),
                (call, request, out) -> {
                    throw Refused.invalid("broadcast_id", "x", "13 characters");
                });
        var calls = Calls.of(ApiServer.SERVICE, List.of(refusing, AllOthers.than("WatchBroadcast")));
        var told = new ArrayList<Throwable>();

        calls.stream("WatchBroadcast", NOBODY, BroadcastName.getDefaultInstance(), new Failures(told)).run();

        assertThat(told).singleElement().isInstanceOf(Refused.class);
    }

    private record Failures(List<Throwable> told) implements Calls.Sink<Message> {
        @Override
        public void next(Message answer) {
            throw new AssertionError(answer);
        }

        @Override
        public void end() {
            throw new AssertionError("ended");
        }

        @Override
        public void fail(Throwable failure) {
            told.add(failure);
        }
    }
}
