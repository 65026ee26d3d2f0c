package io.longwire.center;

import io.grpc.Context;
import io.grpc.StatusRuntimeException;
import io.longwire.device.id.MessageId;
import io.longwire.rpc.center.BroadcastInfo;
import io.longwire.rpc.center.BroadcastName;
import io.longwire.rpc.saver.Broadcast.State;
import io.longwire.rpc.saver.BroadcastChange;
import java.util.Iterator;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Broadcasts over the port: REST makes and steers them, gRPC watches them. */
class BroadcastIT {
    @Test
    void watchesABroadcastUntilItIsOver() {
        try (var api = new ApiFixture(); var here = Context.current().withCancellation()) {
            assertThat(api.post("/v1/broadcasts", "{\"payload\":\"aGk=\"}").statusCode()).isEqualTo(200);
            long id = api.broadcasts.newest().getBroadcastId();
            var name = BroadcastName.newBuilder().setBroadcastId(MessageId.text(id)).build();
            here.run(() -> {
                Iterator<BroadcastInfo> watch = api.grpc(api.key).watchBroadcast(name);

                assertThat(watch.next().getState()).isEqualTo("running");
                assertThat(watch.next().getState()).isEqualTo("running");
                assertThat(api.post("/v1/broadcasts/" + name.getBroadcastId() + ":pause", "{}").body())
                        .contains("\"state\":\"paused\"");
                api.broadcasts.change(BroadcastChange.newBuilder().setBroadcastId(id).setState(State.CANCELLED)
                        .build()).join();
                BroadcastInfo last = BroadcastInfo.getDefaultInstance();
                while (watch.hasNext()) {
                    last = watch.next();
                }
                assertThat(last.getState()).isEqualTo("cancelled");
            });
        }
    }

    @Test
    void refusesToWatchWhatIsNotThere() {
        try (var api = new ApiFixture()) {
            var nothing = BroadcastName.newBuilder().setBroadcastId(MessageId.text(4_711)).build();

            assertThatThrownBy(() -> api.grpc(api.key).watchBroadcast(nothing).next())
                    .isInstanceOf(StatusRuntimeException.class)
                    .hasMessageContaining("expected: a broadcast of this app");
        }
    }
}
