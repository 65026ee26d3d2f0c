package io.longwire.saver;

import com.google.protobuf.ByteString;
import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.rpc.RpcFailure;
import io.longwire.rpc.audience.Audience;
import io.longwire.rpc.saver.Broadcast;
import io.longwire.rpc.saver.Broadcast.State;
import io.longwire.rpc.saver.BroadcastChange;
import io.longwire.rpc.saver.BroadcastNote;
import io.longwire.rpc.saver.BroadcastNotes;
import io.longwire.rpc.saver.BroadcastProgress;
import io.longwire.rpc.saver.BroadcastRequest;
import io.longwire.rpc.saver.EstimateRequest;
import io.longwire.rpc.saver.LeaseWalksRequest;
import io.longwire.rpc.saver.ListActiveRequest;
import io.longwire.rpc.saver.ListBroadcastsRequest;
import io.longwire.rpc.saver.MatchProfilesRequest;
import io.longwire.rpc.saver.ProfileUpdate;
import io.longwire.rpc.saver.ReportWalksRequest;
import io.longwire.rpc.saver.Walk;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.roaringbitmap.RoaringBitmap;

import static io.longwire.saver.RunningSaver.again;
import static io.longwire.saver.RunningSaver.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/** Broadcasts as center and room ask for them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class BroadcastIT {
    @TempDir
    private static Path directory = Path.of("");
    @AutoClose
    private RunningSaver saver;

    @BeforeAll
    void start() throws Exception {
        saver = RunningSaver.start(directory);
    }

    @Test
    void goesFromItsCreationToItsEnd() throws Exception {
        Broadcast made = again(() -> saver.broadcasts.create(given(saver.app).build()));
        assertThat(again(() -> saver.broadcasts.active(ListActiveRequest.getDefaultInstance())).getBroadcastsList())
                .contains(made);

        var lease = LeaseWalksRequest.newBuilder().setCenter("c1").setLeaseMs(10_000);
        List<Walk> walks = again(() -> saver.broadcasts.leaseWalks(lease.addRooms(1).addRooms(2).build()))
                .getWalksList();
        assertThat(walks).extracting(Walk::getBroadcast).as("each with its own, whatever the wire had")
                .containsExactly(made, made);
        var report = ReportWalksRequest.newBuilder().setCenter("c1").setLeaseMs(10_000);
        walks.forEach(walk -> report
                .addWalks(walk.toBuilder().clearBroadcast().setWritten(5).setVisited(6).setFinished(true)));
        report.addWalks(walks.getFirst().toBuilder().setEpoch(9));
        assertThat(again(() -> saver.broadcasts.reportWalks(report.build())).getWalksList())
                .extracting(Walk::getBroadcast).containsExactly(made, made, Broadcast.getDefaultInstance());
        again(() -> saver.broadcasts.addNotes(BroadcastNotes.newBuilder().addNotes(acked(made, 1, 2, 3)).build()));
        Broadcast walked = again(() -> saver.broadcasts.change(BroadcastChange.newBuilder()
                .setBroadcastId(made.getBroadcastId()).setState(State.WALKED).setIfVersion(1).build()));

        BroadcastProgress progress = again(() -> saver.broadcasts.progress(request(made)));
        assertThat(progress).returns(walked, BroadcastProgress::getBroadcast).returns(2, BroadcastProgress::getRooms)
                .returns(10L, BroadcastProgress::getWritten).returns(3L, BroadcastProgress::getAcked);
        assertThat(progress.getFinishedMs()).isPositive();
        try (var sql = saver.sql(); var statement = sql.createStatement()) {
            statement.execute("UPDATE broadcast SET expire_at = 1 WHERE broadcast_id = " + made.getBroadcastId());
        }
        await().until(() -> again(() -> saver.broadcasts.get(request(made))).getState() == State.ENDED);
        assertThat(again(() -> saver.broadcasts.list(ListBroadcastsRequest.newBuilder().setAppId(saver.app).build()))
                .getBroadcastsList()).extracting(Broadcast::getBroadcastId).contains(made.getBroadcastId());
    }

    @Test
    void tellsWhoMatches() throws Exception {
        long endpoint = saver.newEndpoint();
        again(() -> saver.client.updateProfile(ProfileUpdate.newBuilder().setAppId(saver.app).setEndpointId(endpoint)
                .addAddTags("vip").build()));
        Audience vip = Audience.newBuilder().setTag("vip").build();

        assertThat(again(() -> saver.broadcasts.match(MatchProfilesRequest.newBuilder().setAppId(saver.app)
                .addConditions(vip).addEndpointIds(3).addEndpointIds(endpoint).build())).getHoldsList())
                .containsExactly(0, 1);
        assertThat(again(() -> saver.broadcasts.estimate(EstimateRequest.newBuilder().setAppId(saver.app)
                .setAudience(vip).build())).getMatchingBySlotList()).hasSize(16);
    }

    @Test
    void tellsWhyItRefuses() throws Exception {
        int app = saver.app;
        assertThatThrownBy(() -> get(saver.broadcasts.create(given(app).clearEnvelope().build())))
                .satisfies(failed -> assertThat(kind(failed)).isEqualTo(RpcFailure.Kind.REFUSED))
                .hasMessageContaining("INVALID_ARGUMENT, envelope: 0 bytes");
        BroadcastNote bad = acked(given(app).build(), 1).toBuilder().setOrds(ByteString.copyFromUtf8("x")).build();
        assertThatThrownBy(() -> get(saver.broadcasts.addNotes(BroadcastNotes.newBuilder().addNotes(bad).build())))
                .hasMessageContaining("INVALID_ARGUMENT, ords: 1 bytes (expected: a RoaringBitmap");

        var made = new ArrayList<Broadcast>();
        assertThatThrownBy(() -> {
            while (made.size() <= 100) {
                Broadcast given = given(app).build();
                made.add(again(() -> saver.broadcasts.create(given)));
            }
        }).satisfies(failed -> assertThat(kind(failed)).isEqualTo(RpcFailure.Kind.QUEUE_FULL))
                .hasMessageContaining("RESOURCE_EXHAUSTED, broadcasts: 100 (expected: fewer that are not over");
        for (Broadcast each : made) {
            again(() -> saver.broadcasts.change(BroadcastChange.newBuilder().setBroadcastId(each.getBroadcastId())
                    .setState(State.CANCELLED).build()));
        }
    }

    private static RpcFailure.Kind kind(Throwable failed) {
        return failed instanceof ExecutionException && failed.getCause() instanceof RpcFailure failure
                ? failure.kind()
                : RpcFailure.Kind.CLOSED;
    }

    private Broadcast.Builder given(int app) {
        return Broadcast.newBuilder().setBroadcastId(saver.newId()).setAppId(app).setState(State.RUNNING)
                .setExpireAtMs(Clock.system().wallMillis() + 3_600_000).setEnvelope(ByteString.copyFromUtf8("\b\0"));
    }

    private static BroadcastRequest request(Broadcast broadcast) {
        return BroadcastRequest.newBuilder().setAppId(broadcast.getAppId())
                .setBroadcastId(broadcast.getBroadcastId()).build();
    }

    private static BroadcastNote acked(Broadcast broadcast, int... ords) {
        RoaringBitmap bits = RoaringBitmap.bitmapOf(ords);
        var bytes = new byte[bits.serializedSizeInBytes()];
        bits.serialize(ByteBuffer.wrap(bytes));
        return BroadcastNote.newBuilder().setAppId(broadcast.getAppId()).setBroadcastId(broadcast.getBroadcastId())
                .setOrds(ByteString.copyFrom(bytes)).build();
    }
}
