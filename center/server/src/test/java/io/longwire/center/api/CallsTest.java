package io.longwire.center.api;

import com.google.protobuf.DynamicMessage;
import io.longwire.center.face.ApiServer;
import io.longwire.center.refuse.Refused;
import io.longwire.rpc.center.ListAppsReply;
import io.longwire.rpc.center.ListAppsRequest;
import io.longwire.rpc.center.SendRequest;
import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class CallsTest {
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
        Feature others = table -> ApiServer.SERVICE.getMethods().stream().filter(call -> !call.getName().equals("Send"))
                .forEach(call -> table.call(call.getName(), DynamicMessage.getDefaultInstance(call.getInputType()),
                        (context, request) -> CompletableFuture.completedFuture(request)));
        var calls = Calls.of(ApiServer.SERVICE, List.of(refusing, others));

        var answer = calls.answer("Send", new Call(null, InetAddress.getLoopbackAddress()), calls.empty("Send"));

        assertThat(answer).isCompletedExceptionally();
        assertThat(answer.exceptionNow()).hasMessage("to: missing (expected: one)");
    }
}
