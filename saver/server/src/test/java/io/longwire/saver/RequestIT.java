package io.longwire.saver;

import com.google.protobuf.ByteString;
import io.longwire.device.v1.Push;
import io.longwire.keeper.clock.Clock;
import io.longwire.rpc.saver.ClaimKeyReply;
import io.longwire.rpc.saver.ClaimKeyRequest;
import io.longwire.rpc.saver.Conservation;
import io.longwire.rpc.saver.ConservationRequest;
import io.longwire.rpc.saver.EndItem;
import io.longwire.rpc.saver.FetchResult;
import io.longwire.rpc.saver.Funnel;
import io.longwire.rpc.saver.FunnelRequest;
import io.longwire.rpc.saver.GetEndpointRequest;
import io.longwire.rpc.saver.GetHeadRequest;
import io.longwire.rpc.saver.How;
import io.longwire.rpc.saver.Idempotency;
import io.longwire.rpc.saver.MessageHead;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

import static io.longwire.saver.RunningSaver.again;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Requests with several targets: keys, heads, funnels. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class RequestIT {
    @TempDir
    private static Path directory = Path.of("");
    @AutoClose
    private RunningSaver saver;

    @BeforeAll
    void start() throws Exception {
        saver = RunningSaver.start(directory).warm();
    }

    @Test
    void givesARepeatedRequestItsIdUntilItIsSettled() throws Exception {
        Idempotency key = RunningSaver.key("many", "body");
        long id = saver.newId();

        assertThat(claim(key, id)).isEqualTo(reply(ClaimKeyReply.Code.STORE, id));
        assertThat(claim(key, saver.newId())).as("the first attempt died: go on under its id")
                .isEqualTo(reply(ClaimKeyReply.Code.STORE, id));
        assertThat(claim(RunningSaver.key("many", "other"), saver.newId()))
                .isEqualTo(reply(ClaimKeyReply.Code.CONFLICT, id));
        again(() -> saver.client.settleKey(request(key, id)));
        assertThat(claim(key, saver.newId())).isEqualTo(reply(ClaimKeyReply.Code.DUPLICATE, id));
        assertThatThrownBy(() -> claim(Idempotency.getDefaultInstance(), id)).hasMessageContaining("two hashes");
    }

    @Test
    void keepsTheFirstHeadOfAnId() throws Exception {
        MessageHead head = head(saver.newId(), List.of(3L, 5L)).setPayload(ByteString.copyFromUtf8("hello")).build();

        assertThat(again(() -> saver.client.putHead(head))).isEqualTo(head);
        assertThat(again(() -> saver.client.putHead(head.toBuilder().clearPayload().build())))
                .as("a retry hears what stands").isEqualTo(head);

        assertThat(again(() -> saver.client.head(get(head).build()))).isEqualTo(head);
        assertThat(again(() -> saver.client.head(get(head).setWithoutPayload(true).build())).getPayload()).isEmpty();
        assertThat(again(() -> saver.client.head(get(head).setAppId(saver.app + 1).build())).getAppId()).isZero();
        assertThat(again(() -> saver.client.head(get(head).setMessageId(1).build())).getAppId()).isZero();
        assertThatThrownBy(() -> again(() -> saver.client.putHead(head.toBuilder()
                .setEndpoints(ByteString.copyFrom(new byte[9])).build()))).hasMessageContaining("endpoints: 9 bytes");
    }

    @Test
    void handsOutAMessageWithThePayloadOfItsHead() throws Exception {
        long endpoint = saver.newEndpoint();
        long id = saver.newId();
        again(() -> saver.client.putHead(head(id, List.of(endpoint)).setPayload(ByteString.copyFromUtf8("to all"))
                .build()));
        Push push = Push.newBuilder().setEndpointId(endpoint).setMessageId(id).setAppId(saver.app).build();

        saver.append(saver.item(endpoint, id, "").setEnvelope(push.toByteString()).setHeadless(true));

        FetchResult fetched = saver.fetch(endpoint);
        assertThat(fetched.getMessagesList()).hasSize(1);
        assertThat(Push.parseFrom(fetched.getMessages(0).getEnvelope()))
                .isEqualTo(push.toBuilder().setPayload(ByteString.copyFromUtf8("to all")).build());
    }

    @Test
    void countsTheLawPerApp() throws Exception {
        long endpoint = saver.newEndpoint();
        saver.accept(endpoint, "counted");

        assertThat(law(saver.app).getRows()).isPositive().isEqualTo(law(0).getRows());
        assertThat(law(saver.app).getGap()).isZero();
        assertThat(law(saver.app + 1).getRows()).isZero();
    }

    private Conservation law(int app) throws Exception {
        long now = Clock.system().wallMillis();
        return again(() -> saver.client.conservation(ConservationRequest.newBuilder().setFromMs(now - 3_600_000)
                .setToMs(now + 60_000).setAppId(app).build()));
    }

    @Test
    void countsWhatBecameOfTheTargets() throws Exception {
        List<Long> endpoints = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            endpoints.add(saver.newEndpoint());
        }
        long id = saver.newId();
        again(() -> saver.client.putHead(head(id, endpoints).build()));
        for (long endpoint : endpoints.subList(0, 5)) {
            saver.append(saver.item(endpoint, id, "to all"));
        }
        saver.ack(endpoints.get(0), id);
        saver.ack(endpoints.get(1), id);
        end(endpoints.get(2), id, 0);
        end(endpoints.get(3), id, 1);

        Funnel funnel = again(() -> saver.client
                .funnel(FunnelRequest.newBuilder().setAppId(saver.app).setMessageId(id).build()));

        assertThat(funnel.getFound()).isTrue();
        assertThat(funnel.getTargets()).isEqualTo(6);
        assertThat(funnel.getWaiting()).isEqualTo(1);
        assertThat(funnel.getUnknown()).as("never stored").isEqualTo(1);
        assertThat(funnel.getEndedMap()).containsOnly(java.util.Map.entry("ACKED", 2),
                java.util.Map.entry("CANCELLED", 1), java.util.Map.entry("REVOKED", 1));
        assertThat(funnel.getFirstAckMs()).isPositive().isLessThanOrEqualTo(funnel.getLastAckMs());
        Funnel given = again(() -> saver.client.funnel(FunnelRequest.newBuilder().setAppId(saver.app).setMessageId(id)
                .addEndpointIds(endpoints.get(4)).build()));
        assertThat(given.getTargets()).isEqualTo(1);
        assertThat(given.getWaiting()).isEqualTo(1);
        Funnel named = again(() -> saver.client.funnel(FunnelRequest.newBuilder().setAppId(saver.app)
                .setMessageId(id).addAllEndpointIds(endpoints).setNamed(true).build()));
        assertThat(named.getWaitingIdsList()).containsExactly(endpoints.get(4));
        assertThat(named.getEndedIdsList()).containsExactlyInAnyOrderElementsOf(endpoints.subList(0, 4));
        assertThat(named.getRejectedIdsList()).isEmpty();
        assertThat(named.getAbsentIdsList()).isEmpty();
        again(() -> saver.client.deleteEndpoint(GetEndpointRequest.newBuilder().setAppId(saver.app)
                .setEndpointId(endpoints.get(5)).build()));
        Funnel others = again(() -> saver.client.funnel(FunnelRequest.newBuilder().setAppId(saver.app)
                .setMessageId(id).addEndpointIds(endpoints.get(5)).addEndpointIds(4711).setNamed(true).build()));
        assertThat(others.getRejectedIdsList()).as("gone").containsExactly(endpoints.get(5));
        assertThat(others.getAbsentIdsList()).containsExactly(4711L);
        assertThat(again(() -> saver.client.funnel(FunnelRequest.newBuilder().setAppId(saver.app + 1)
                .setMessageId(id).addEndpointIds(endpoints.get(4)).build())).getFound()).isFalse();
    }

    private void end(long endpoint, long id, int code) throws Exception {
        again(() -> saver.client.end(EndItem.newBuilder().setEndpointId(endpoint).setMessageId(id)
                .setAppId(saver.app).setHow(How.CANCELLED).setCode(code).build()));
    }

    private ClaimKeyReply claim(Idempotency key, long id) throws Exception {
        return again(() -> saver.client.claimKey(request(key, id)));
    }

    private ClaimKeyRequest request(Idempotency key, long id) {
        return ClaimKeyRequest.newBuilder().setAppId(saver.app).setKey(key).setMessageId(id).build();
    }

    private static ClaimKeyReply reply(ClaimKeyReply.Code code, long id) {
        return ClaimKeyReply.newBuilder().setCode(code).setMessageId(id).build();
    }

    private MessageHead.Builder head(long id, List<Long> endpoints) {
        var bytes = ByteBuffer.allocate(endpoints.size() * Long.BYTES);
        endpoints.stream().sorted().forEach(bytes::putLong);
        return MessageHead.newBuilder().setAppId(saver.app).setMessageId(id).setExpireAtMs(9_000_000_000_000L)
                .setEndpoints(ByteString.copyFrom(bytes.flip()));
    }

    private GetHeadRequest.Builder get(MessageHead head) {
        return GetHeadRequest.newBuilder().setAppId(saver.app).setMessageId(head.getMessageId());
    }
}
