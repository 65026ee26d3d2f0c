package io.longwire.saver;

import com.google.protobuf.ByteString;
import io.longwire.keeper.clock.Clock;
import io.longwire.rpc.saver.AudienceList;
import io.longwire.rpc.saver.AudienceList.State;
import io.longwire.rpc.saver.Broadcast;
import io.longwire.rpc.saver.BroadcastChange;
import io.longwire.rpc.saver.ChunkRequest;
import io.longwire.rpc.saver.FindListsRequest;
import io.longwire.rpc.saver.LeaseWalksRequest;
import io.longwire.rpc.saver.ListPart;
import io.longwire.rpc.saver.ListRequest;
import io.longwire.rpc.saver.SealListRequest;
import io.longwire.rpc.saver.Walk;
import io.longwire.saver.client.Refusal;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static io.longwire.saver.RunningSaver.again;
import static io.longwire.saver.RunningSaver.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/** A list as center asks for it, from its first part to its end. */
final class AudienceListIT {
    @TempDir
    private static Path directory = Path.of("");

    @Test
    void goesFromItsCreationToItsEnd() throws Exception {
        try (RunningSaver saver = RunningSaver.start(directory)) {
            AudienceList made = again(() -> saver.lists.create(AudienceList.newBuilder().setAppId(saver.app)
                    .setLabel("spring").setIdempotencyKey("k").build()));
            ListPart part = ListPart.newBuilder().setAppId(saver.app).setListId(made.getListId()).setLines(3)
                    .setEndpoints(ids(4096, 7, 7)).build();
            assertThat(again(() -> saver.lists.append(part)).getParts()).isEqualTo(1);
            assertThatThrownBy(() -> get(saver.lists.append(part.toBuilder().setEndpoints(
                    ByteString.copyFromUtf8("ep_x")).build()))).hasMessageContaining(
                            "INVALID_ARGUMENT, endpoints: 4 bytes")
                    .satisfies(failed -> assertThat(Refusal.of(failed)).isEmpty());
            assertThatThrownBy(() -> get(saver.lists.seal(seal(made, 2)))).satisfies(
                    failed -> assertThat(Refusal.of(failed)).contains(
                            "parts: 1 is missing (expected: 0 to 1)"));

            AudienceList sealed = again(() -> saver.lists.seal(seal(made, 1)));

            assertThat(sealed).returns(State.SEALED, AudienceList::getState).returns(2L, AudienceList::getEndpoints)
                    .returns(1L, AudienceList::getTwice);
            assertThat(again(() -> saver.lists.find(FindListsRequest.newBuilder().setAppId(saver.app).build()))
                    .getListsList()).containsExactly(sealed);
            assertThat(again(() -> saver.lists.chunk(ChunkRequest.newBuilder().setAppId(saver.app)
                    .setListId(made.getListId()).build())).getEndpoints()).isEqualTo(ids(4096, 7));
            send(saver, sealed);
            assertThat(again(() -> saver.lists.delete(request(made))).getState()).isEqualTo(State.DELETED);
            await().until(() -> saver.count("SELECT COUNT(*) FROM audience_chunk") == 0);
            assertThat(again(() -> saver.lists.get(request(made))).getState()).isEqualTo(State.DELETED);
        }
    }

    private static void send(RunningSaver saver, AudienceList list) throws Exception {
        Broadcast.Builder given = Broadcast.newBuilder().setBroadcastId(saver.newId()).setAppId(saver.app)
                .setListId(99).setState(Broadcast.State.RUNNING)
                .setExpireAtMs(Clock.system().wallMillis() + 3_600_000).setEnvelope(ByteString.copyFromUtf8("\b\0"));
        assertThatThrownBy(() -> get(saver.broadcasts.create(given.build())))
                .satisfies(failed -> assertThat(Refusal.of(failed)).isPresent());
        Broadcast made = again(() -> saver.broadcasts.create(given.setListId(list.getListId()).build()));
        assertThat(again(() -> saver.broadcasts.leaseWalks(LeaseWalksRequest.newBuilder().setCenter("c1")
                .setLeaseMs(10_000).build())).getWalksList()).singleElement().returns(made, Walk::getBroadcast)
                .returns(1, Walk::getChunks);
        assertThatThrownBy(() -> get(saver.lists.delete(request(list)))).satisfies(
                failed -> assertThat(Refusal.of(failed)).contains("list_id: " + list.getListId()
                        + " is used (expected: no broadcast to it that is not over)"));
        again(() -> saver.broadcasts.change(BroadcastChange.newBuilder().setBroadcastId(made.getBroadcastId())
                .setState(Broadcast.State.CANCELLED).build()));
    }

    private static SealListRequest seal(AudienceList list, int parts) {
        return SealListRequest.newBuilder().setAppId(list.getAppId()).setListId(list.getListId()).setParts(parts)
                .build();
    }

    private static ListRequest request(AudienceList list) {
        return ListRequest.newBuilder().setAppId(list.getAppId()).setListId(list.getListId()).build();
    }

    private static ByteString ids(long... endpoints) {
        var bytes = ByteBuffer.allocate(8 * endpoints.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asLongBuffer().put(endpoints);
        return ByteString.copyFrom(bytes);
    }
}
