package io.longwire.saver.broadcast;

import com.google.protobuf.ByteString;
import io.longwire.rpc.audience.Audience;
import io.longwire.rpc.saver.Broadcast;
import io.longwire.rpc.saver.Broadcast.State;
import io.longwire.rpc.saver.BroadcastEndpoint;
import io.longwire.rpc.saver.BroadcastEndpointRequest;
import io.longwire.rpc.saver.BroadcastNote;
import io.longwire.rpc.saver.BroadcastNotes;
import io.longwire.rpc.saver.EndpointRecord;
import io.longwire.rpc.saver.NoteKind;
import io.longwire.rpc.saver.ProfileUpdate;
import io.longwire.saver.profile.AliasRules;
import io.longwire.saver.profile.Profiles;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.roaringbitmap.RoaringBitmap;

import static io.longwire.saver.Bench.get;
import static org.assertj.core.api.Assertions.assertThat;

final class ReadEndpointIT {
    private BroadcastBench all;
    private ReadEndpoint reads;
    private Notes notes;

    @BeforeEach
    void start() throws Exception {
        all = new BroadcastBench();
        reads = new ReadEndpoint(all.bench.shards, all.calls);
        notes = new Notes(all.bench.shard, all.bench.metrics);
    }

    @AfterEach
    void stop() {
        notes.close();
        all.close();
    }

    @Test
    void tellsWhatAnEndpointMadeOfABroadcast() throws Exception {
        Broadcast made = all.create(all.given());
        long endpoint = all.bench.newEndpoint();
        long other = all.bench.newEndpoint();
        long far = all.bench.newEndpoint();
        all.bench.execute("UPDATE endpoint SET ord = 3000000000 WHERE ep = " + far);
        note(made, NoteKind.NOTE_ACKED, ord(made, endpoint), ord(made, far));
        note(made, NoteKind.NOTE_CLICKED, ord(made, far));

        BroadcastEndpoint acked = look(made, endpoint);

        assertThat(acked.getAcked()).isTrue();
        assertThat(acked.getClicked()).isFalse();
        assertThat(acked.getEndpoint().getCreatedMs()).isEqualTo(all.bench.clock.wallMillis());
        assertThat(acked.getProgress().getBroadcast()).isEqualTo(made.toBuilder().clearEnvelope().build());
        assertThat(acked.getProgress().getAcked()).isEqualTo(2);
        assertThat(look(made, other).getAcked()).isFalse();
        assertThat(look(made, far)).returns(true, BroadcastEndpoint::getAcked).returns(true,
                BroadcastEndpoint::getClicked).returns(false, BroadcastEndpoint::getShown);
    }

    @Test
    void tellsWhoIsOutsideWhateverItsPhoneSays() throws Exception {
        long vip = all.bench.newEndpoint();
        long plain = all.bench.newEndpoint();
        new Profiles(all.bench.shards, AliasRules.NONE, all.bench.clock)
                .update(ProfileUpdate.newBuilder().setAppId(all.bench.app)
                        .setEndpointId(vip).addAddTags("vip").build());
        Broadcast made = all.create(all.given().setAudience(Audience.newBuilder()
                .addAll(Audience.newBuilder().setTag("vip")).addAll(Audience.newBuilder().addRegions("FR"))));

        assertThat(look(made, vip).getOutside()).as("its phone may be in France").isFalse();
        assertThat(look(made, plain).getOutside()).isTrue();
    }

    @Test
    void knowsNeitherAnotherAppsBroadcastNorItsEndpoint() throws Exception {
        Broadcast made = all.create(all.given());
        long endpoint = all.bench.newEndpoint();

        assertThat(look(made.toBuilder().setAppId(all.bench.app + 1).build(), endpoint).getProgress().getBroadcast()
                .getState()).isEqualTo(State.ABSENT);
        assertThat(look(made, 4_711).getEndpoint().getState()).isEqualTo(EndpointRecord.State.ABSENT);
    }

    private BroadcastEndpoint look(Broadcast broadcast, long endpoint) throws Exception {
        return get(reads.read(BroadcastEndpointRequest.newBuilder().setAppId(broadcast.getAppId())
                .setBroadcastId(broadcast.getBroadcastId()).setEndpointId(endpoint).build()));
    }

    private int ord(Broadcast made, long endpoint) throws Exception {
        return look(made, endpoint).getEndpoint().getOrd();
    }

    private void note(Broadcast made, NoteKind kind, int... ords) throws Exception {
        RoaringBitmap bits = RoaringBitmap.bitmapOf(ords);
        var body = ByteBuffer.allocate(bits.serializedSizeInBytes());
        bits.serialize(body);
        get(notes.add(BroadcastNotes.newBuilder().addNotes(BroadcastNote.newBuilder().setAppId(made.getAppId())
                .setBroadcastId(made.getBroadcastId()).setKind(kind).setOrds(ByteString.copyFrom(body.flip())))
                .build()));
    }
}
