package io.longwire.center.broadcast;

import io.longwire.center.access.KeyText;
import io.longwire.center.mint.MessageIds;
import io.longwire.center.refuse.Refused;
import io.longwire.center.refuse.Why;
import io.longwire.device.id.MessageId;
import io.longwire.device.v1.Priority;
import io.longwire.device.v1.Push;
import io.longwire.device.v1.PushKind;
import io.longwire.rpc.center.BroadcastInfo;
import io.longwire.rpc.saver.Broadcast;
import io.longwire.rpc.saver.Broadcast.State;
import io.longwire.rpc.saver.BroadcastChange;
import io.longwire.rpc.saver.BroadcastRequest;
import io.longwire.rpc.saver.Idempotency;
import io.longwire.rpc.saver.Pace;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * Changes broadcasts that are under way. A change is kept first, then told to every room at once; a room that does not
 * hear it here hears it within a second from the center that leases its walk. Thread-safe, never blocks.
 */
public final class Controls {
    private static final int TRIES = 3;
    private static final Set<State> LIVE = Set.of(State.HELD, State.RUNNING, State.PAUSED, State.WALKED);

    private final BroadcastStore store;
    private final Telling rooms;
    private final Broadcasts broadcasts;
    private final MessageIds ids;

    public Controls(BroadcastStore store, Telling rooms, Broadcasts broadcasts, MessageIds ids) {
        this.store = store;
        this.rooms = rooms;
        this.broadcasts = broadcasts;
        this.ids = ids;
    }

    /** Nothing more is written. Once more is no error. */
    public CompletableFuture<BroadcastInfo> pause(int appId, String id, String reason) {
        return to(appId, id, State.PAUSED, Set.of(State.RUNNING), Set.of(State.PAUSED), reason);
    }

    public CompletableFuture<BroadcastInfo> resume(int appId, String id, String reason) {
        return to(appId, id, State.RUNNING, Set.of(State.PAUSED), Set.of(), reason);
    }

    /** Nobody gets it any more. Once more is no error. */
    public CompletableFuture<BroadcastInfo> cancel(int appId, String id, String reason) {
        return to(appId, id, State.CANCELLED, LIVE, Set.of(State.CANCELLED), reason);
    }

    /** @param by who approves */
    public CompletableFuture<BroadcastInfo> approve(String id, String by, String reason) {
        return change(0, id, found -> from(found, Set.of(State.HELD)).setState(State.RUNNING).setApprovedBy(by)
                .setReason(BroadcastRules.reason(reason)), State.RUNNING);
    }

    public CompletableFuture<BroadcastInfo> pace(int appId, String id, Pace pace) {
        return change(appId, id,
                found -> from(found, Set.of(State.HELD, State.RUNNING, State.PAUSED)).setPace(pace), State.ABSENT);
    }

    /** From the canary to everybody. */
    public CompletableFuture<BroadcastInfo> advance(int appId, String id, String reason) {
        return change(appId, id, found -> {
            if (found.getStage() != 0) {
                throw wrong("stage", "all", "canary");
            }
            return from(found, Set.of(State.HELD, State.RUNNING, State.PAUSED)).setStage(1)
                    .setReason(BroadcastRules.reason(reason));
        }, State.ABSENT);
    }

    /**
     * Cancels it and makes the broadcast that takes it back, to the same audience; again gives the same one. What is
     * cancelled already is taken back too.
     */
    public CompletableFuture<BroadcastInfo> revoke(int appId, String id, String reason) {
        return find(appId, id).thenCompose(found -> {
            if (found.getReplaces() != 0) {
                throw wrong("broadcast_id", id, "one that is no revoke itself");
            }
            boolean over = found.getState() == State.CANCELLED || found.getState() == State.ENDED;
            CompletableFuture<?> cancelled = over
                    ? CompletableFuture.completedFuture(found)
                    : cancel(appId, id, reason.isEmpty() ? "revoked" : reason);
            return cancelled.thenCompose(done -> broadcasts.keep(takingBack(found), Push.newBuilder()
                    .setKind(PushKind.KIND_REVOKE).setPriority(Priority.PRIORITY_NORMAL)));
        });
    }

    private Broadcast.Builder takingBack(Broadcast found) {
        long revoke = ids.mint();
        long now = MessageId.timeMs(revoke);
        var key = KeyText.hash("broadcast-revoke:" + found.getBroadcastId());
        return Broadcast.newBuilder().setBroadcastId(revoke).setAppId(found.getAppId()).setState(State.RUNNING)
                .setCreatedMs(now).setStageMs(now).setExpireAtMs(now + found.getExpireAtMs() - found.getCreatedMs())
                .setAudience(found.getAudience()).setStage(1).setReplaces(found.getBroadcastId())
                .setLabel(found.getLabel())
                .setIdempotency(Idempotency.newBuilder().setKeyHash(key).setBodyHash(key));
    }

    private CompletableFuture<BroadcastInfo> to(int appId, String id, State wanted, Set<State> from, Set<State> done,
            String reason) {
        String why = BroadcastRules.reason(reason);
        return change(appId, id, found -> done.contains(found.getState())
                ? BroadcastChange.newBuilder()
                : from(found, from).setState(wanted).setReason(why), wanted);
    }

    /** @param wanted the state it has then; ABSENT = whichever */
    private CompletableFuture<BroadcastInfo> change(int appId, String id,
            Function<Broadcast, BroadcastChange.Builder> change, State wanted) {
        return change(appId, id, change, wanted, TRIES).thenCompose(changed -> rooms.tell(changed)
                .thenCompose(told -> broadcasts.get(appId, id)));
    }

    private CompletableFuture<Broadcast> change(int appId, String id,
            Function<Broadcast, BroadcastChange.Builder> change, State wanted, int tries) {
        return find(appId, id).thenCompose(found -> {
            BroadcastChange.Builder wish = change.apply(found);
            if (wish.getIfVersion() == 0) {
                return CompletableFuture.completedFuture(found); // it is so already
            }
            return store.change(wish.build()).thenCompose(now -> {
                if (now.getVersion() != found.getVersion()) {
                    return wanted == State.ABSENT || now.getState() == wanted || tries == 1
                            ? CompletableFuture.completedFuture(now)
                            : change(appId, id, change, wanted, tries - 1); // somebody else was quicker
                }
                throw wrong("state", name(now.getState()), "one from which this can be done");
            });
        });
    }

    private static BroadcastChange.Builder from(Broadcast found, Set<State> from) {
        if (!from.contains(found.getState())) {
            throw wrong("state", name(found.getState()),
                    String.join(", ", from.stream().sorted().map(Controls::name).toList()));
        }
        return BroadcastChange.newBuilder().setAppId(found.getAppId()).setBroadcastId(found.getBroadcastId())
                .setIfVersion(found.getVersion());
    }

    private CompletableFuture<Broadcast> find(int appId, String id) {
        return store.progress(BroadcastRequest.newBuilder().setAppId(appId).setBroadcastId(BroadcastRules.id(id))
                .build()).thenApply(progress -> {
                    Broadcasts.known(progress.getBroadcast(), id);
                    return progress.getBroadcast();
                });
    }

    private static String name(State state) {
        return state.name().toLowerCase(Locale.ROOT);
    }

    private static Refused wrong(String what, String value, String expected) {
        return Refused.because(Why.WRONG_STATE,
                what + ": " + Refused.shown(value) + " (expected: " + expected + ")");
    }
}
