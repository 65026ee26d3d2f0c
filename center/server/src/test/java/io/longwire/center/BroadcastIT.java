package io.longwire.center;

import io.grpc.Context;
import io.grpc.StatusRuntimeException;
import io.longwire.center.fakes.FakeService;
import io.longwire.device.id.MessageId;
import io.longwire.rpc.center.BroadcastInfo;
import io.longwire.rpc.center.BroadcastName;
import io.longwire.rpc.saver.Broadcast;
import io.longwire.rpc.saver.Broadcast.State;
import io.longwire.rpc.saver.BroadcastChange;
import io.longwire.rpc.saver.BroadcastEndpoint;
import io.longwire.rpc.saver.EndpointRecord;
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
    void tellsOfABroadcastWhatItTellsOfAMessage() {
        try (var api = new ApiFixture()) {
            api.post("/v1/broadcasts", "{\"payload\":\"aGk=\",\"ttl\":\"1h\"}");
            Broadcast made = api.broadcasts.newest();
            String id = MessageId.text(made.getBroadcastId());
            String timeline = "/v1/messages/" + id + "/endpoints/" + ApiFixture.ENDPOINT;
            assertThat(api.get(timeline).statusCode()).as("the savers know no such endpoint").isEqualTo(404);
            var known = BroadcastEndpoint.newBuilder().setEndpoint(EndpointRecord.newBuilder().setEndpointId(1)
                    .setState(EndpointRecord.State.ACTIVE).setCreatedMs(made.getCreatedMs() - 1));

            api.broadcasts.endpoint(known.build());
            assertThat(api.get(timeline).body()).contains("\"message_id\":\"" + id + "\"", "\"state\":\"waiting\"",
                    "\"reason_code\":", "\"name\":\"accepted\"", "\"expires_ms\":" + made.getExpireAtMs());
            api.broadcasts.endpoint(known.setShown(true).build());
            assertThat(api.get(timeline).body()).contains("\"state\":\"shown\"");
            assertThat(api.get("/v1/messages/" + id).body()).contains("\"broadcast_id\":\"" + id + "\"",
                    "\"acked\":0");
            assertThat(api.get("/v1/messages/" + id + "?endpoint=" + ApiFixture.ENDPOINT).body())
                    .contains("\"broadcast_id\":\"" + id + "\"", "\"state\":\"shown\"");
            String none = MessageId.text(4_711);
            assertThat(api.get("/v1/messages/" + none).body()).contains("unknown_message");
            assertThat(api.get("/v1/messages/" + none + "/endpoints/" + ApiFixture.ENDPOINT).body())
                    .contains("unknown_message");
        }
    }

    @Test
    void recordsWhatTheOperatorChangesUnderItsApp() {
        try (var api = new ApiFixture()) {
            api.post("/v1/broadcasts", "{\"payload\":\"aGk=\"}");
            Broadcast made = api.broadcasts.newest();
            String path = "/v1/broadcasts/" + MessageId.text(made.getBroadcastId());

            assertThat(api.call("POST", path + ":pause", "{\"reason\":\"lunch\"}", FakeService.ADMIN_KEY)
                    .statusCode()).isEqualTo(200);
            assertThat(api.call("POST", "/v1/broadcasts/" + MessageId.text(4_711) + ":pause", "{}",
                    FakeService.ADMIN_KEY).body()).contains("unknown_broadcast");

            assertThat(api.archive.audited()).singleElement().satisfies(record -> {
                assertThat(record.getAction()).isEqualTo("broadcast.pause");
                assertThat(record.getAppId()).isEqualTo(made.getAppId()).isPositive();
                assertThat(record.getDetail()).isEqualTo("lunch");
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
