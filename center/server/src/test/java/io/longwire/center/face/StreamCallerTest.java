package io.longwire.center.face;

import com.google.protobuf.Message;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.longwire.center.CenterMetric;
import io.longwire.center.fakes.FakeMetrics;
import io.longwire.center.refuse.Refused;
import io.longwire.rpc.center.BroadcastInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class StreamCallerTest {
    private final FakeMetrics metrics = new FakeMetrics();
    private final Observer grpc = new Observer();
    private final StreamCaller caller = new StreamCaller(grpc, metrics);

    @Test
    void writesEachAnswerWhileTheCallerReads() {
        caller.next(info(1));
        caller.next(info(2));
        caller.end();
        caller.next(info(3));

        assertThat(grpc.heard).containsExactly(1L, 2L, -1L);
    }

    @Test
    void aSlowCallerGetsTheNewestWhenItCanTakeIt() {
        grpc.ready = false;
        caller.next(info(1));
        caller.next(info(2));
        assertThat(grpc.heard).isEmpty();

        grpc.ready = true;
        grpc.whenReady.run();
        grpc.whenReady.run();
        caller.next(info(3));

        assertThat(grpc.heard).containsExactly(2L, 3L);
    }

    @Test
    void aSlowCallerIsToldTheLastAnswer() {
        grpc.ready = false;
        caller.next(info(1));
        caller.next(info(2));
        caller.end();

        assertThat(grpc.heard).containsExactly(2L, -1L);
    }

    @Test
    void endsTheWorkOnceWhenTheCallerGoes() {
        var gone = new AtomicInteger();
        caller.gone(gone::incrementAndGet);

        grpc.whenCancelled.run();
        grpc.whenCancelled.run();
        caller.next(info(1));
        caller.end();

        assertThat(gone).hasValue(1);
        assertThat(grpc.heard).isEmpty();
    }

    @Test
    void endsWorkThatBeginsWhenTheCallerHasGone() {
        var gone = new AtomicInteger();
        grpc.whenCancelled.run();

        caller.gone(gone::incrementAndGet);

        assertThat(gone).hasValue(1);
    }

    @Test
    void tellsARefusalOnceWithItsStatus() {
        caller.fail(Refused.invalid("broadcast_id", "x", "13 characters"));
        caller.fail(Refused.invalid("broadcast_id", "x", "13 characters"));

        assertThat(grpc.failures).singleElement().satisfies(failure -> assertThat(Status.fromThrowable(failure)
                .getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT));
        assertThat(metrics.count(CenterMetric.REFUSED, "invalid_argument")).isEqualTo(1);
    }

    private static BroadcastInfo info(long seq) {
        return BroadcastInfo.newBuilder().setSeq(seq).build();
    }

    /** What gRPC hands to a method: keeps the numbers it is told, -1 for the end. */
    private static final class Observer extends ServerCallStreamObserver<Message> {
        private final List<Long> heard = new ArrayList<>();
        private final List<Throwable> failures = new ArrayList<>();
        private boolean ready = true;
        private Runnable whenReady = () -> {
        };
        private Runnable whenCancelled = () -> {
        };

        @Override
        public void onNext(Message answer) {
            heard.add(((BroadcastInfo) answer).getSeq());
        }

        @Override
        public void onCompleted() {
            heard.add(-1L);
        }

        @Override
        public void onError(Throwable failure) {
            failures.add(failure);
        }

        @Override
        public boolean isReady() { return ready; }

        @Override
        public boolean isCancelled() { return false; }

        @Override
        public void setOnReadyHandler(Runnable task) { whenReady = task; }

        @Override
        public void setOnCancelHandler(Runnable task) { whenCancelled = task; }

        @Override
        public void disableAutoInboundFlowControl() {
        }

        @Override
        public void request(int count) {
        }

        @Override
        public void setCompression(String compression) {
        }

        @Override
        public void setMessageCompression(boolean enable) {
        }
    }
}
