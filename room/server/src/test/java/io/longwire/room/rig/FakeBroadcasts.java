package io.longwire.room.rig;

import io.longwire.room.broadcast.BroadcastStore;
import io.longwire.rpc.saver.AppFloor;
import io.longwire.rpc.saver.Broadcast;
import io.longwire.rpc.saver.BroadcastNote;
import io.longwire.rpc.saver.BroadcastNotes;
import io.longwire.rpc.saver.BroadcastNotesReply;
import io.longwire.rpc.saver.ListActiveReply;
import io.longwire.rpc.saver.ListActiveRequest;
import io.longwire.rpc.saver.MatchProfilesReply;
import io.longwire.rpc.saver.MatchProfilesRequest;
import io.longwire.rpc.saver.NoteKind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.roaringbitmap.RoaringBitmap;
import org.roaringbitmap.buffer.ImmutableRoaringBitmap;

/** Broadcasts, notes and profiles in memory; a page has one broadcast. */
public final class FakeBroadcasts implements BroadcastStore {
    public final List<Broadcast> active = new ArrayList<>();
    public final Map<Integer, AppFloor> floors = new HashMap<>();
    public final List<BroadcastNotes> notes = new ArrayList<>();
    public final List<MatchProfilesRequest> questions = new ArrayList<>();
    /** Which conditions hold for an endpoint; none by default. */
    public final Map<Long, Integer> holds = new HashMap<>();
    /** Nobody answers. */
    public volatile boolean away;
    /** Keep answers about profiles until {@link #release}. */
    public boolean hold;
    private final List<Runnable> held = new ArrayList<>();

    @Override
    public synchronized CompletableFuture<ListActiveReply> listActive(ListActiveRequest request) {
        if (away) {
            return CompletableFuture.failedFuture(new IllegalStateException("unreachable"));
        }
        ListActiveReply.Builder page = ListActiveReply.newBuilder();
        for (Broadcast one : active) {
            boolean after = one.getAppId() > request.getAfterApp()
                    || (one.getAppId() == request.getAfterApp() && one.getSeq() > request.getAfterSeq());
            if (after && page.getBroadcastsCount() == 0) {
                page.addBroadcasts(one);
            } else if (after) {
                page.setMore(true);
            }
        }
        if (!page.getMore()) {
            page.addAllFloors(floors.values());
        }
        return CompletableFuture.completedFuture(page.build());
    }

    @Override
    public synchronized CompletableFuture<BroadcastNotesReply> addNotes(BroadcastNotes added) {
        if (away) {
            return CompletableFuture.failedFuture(new IllegalStateException("unreachable"));
        }
        notes.add(added);
        return CompletableFuture.completedFuture(BroadcastNotesReply.getDefaultInstance());
    }

    @Override
    public synchronized CompletableFuture<MatchProfilesReply> matchProfiles(MatchProfilesRequest request) {
        questions.add(request);
        if (away) {
            return CompletableFuture.failedFuture(new IllegalStateException("unreachable"));
        }
        MatchProfilesReply.Builder reply = MatchProfilesReply.newBuilder();
        request.getEndpointIdsList().forEach(endpoint -> reply.addHolds(holds.getOrDefault(endpoint, 0)));
        var answer = new CompletableFuture<MatchProfilesReply>();
        if (hold) {
            held.add(() -> answer.complete(reply.build()));
        } else {
            answer.complete(reply.build());
        }
        return answer;
    }

    /** Everybody of whom this was noted, over all broadcasts. */
    public synchronized RoaringBitmap ords(NoteKind kind) {
        var all = new RoaringBitmap();
        for (BroadcastNotes added : notes) {
            for (BroadcastNote note : added.getNotesList()) {
                if (note.getKind() == kind) {
                    all.or(new ImmutableRoaringBitmap(note.getOrds().asReadOnlyByteBuffer()).toRoaringBitmap());
                }
            }
        }
        return all;
    }

    public synchronized void release() {
        List<Runnable> all = List.copyOf(held);
        held.clear();
        all.forEach(Runnable::run);
    }
}
