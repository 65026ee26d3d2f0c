package io.longwire.center.broadcast;

import io.longwire.center.access.KeyText;
import io.longwire.center.mint.MessageIds;
import io.longwire.center.refuse.Refused;
import io.longwire.center.refuse.Why;
import io.longwire.device.id.MessageId;
import io.longwire.device.v1.Priority;
import io.longwire.device.v1.Push;
import io.longwire.device.v1.PushKind;
import io.longwire.rpc.audience.Audience;
import io.longwire.rpc.center.BroadcastInfo;
import io.longwire.rpc.saver.Broadcast;
import io.longwire.rpc.saver.Broadcast.State;
import io.longwire.rpc.saver.BroadcastChange;
import io.longwire.rpc.saver.BroadcastRequest;
import io.longwire.rpc.saver.Idempotency;
import io.longwire.rpc.saver.Pace;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Changes broadcasts that are under way. A change is kept first, then told to every room at once; a room that does not
 * hear it here hears it within a second from any other center. Thread-safe, never blocks.
 */
public final class Controls {
    private static final int TRIES = 3;
    private static final Set<State> GOING = Set.of(State.HELD, State.RUNNING, State.PAUSED);

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

    /** Whose broadcast it is; fails as one that is not there. */
    CompletableFuture<Integer> appOf(String id) {
        return find(0, id).thenApply(Broadcast::getAppId);
    }

    /** Nothing more is written. Once more is no error. */
    public CompletableFuture<BroadcastInfo> pause(int appId, String id, String reason) {
        return to(appId, id, State.PAUSED, Set.of(State.RUNNING, State.PAUSED), reason);
    }

    /** Goes on. No condition stops a canary any more that one has stopped. */
    public CompletableFuture<BroadcastInfo> resume(int appId, String id, String reason) {
        String why = BroadcastRules.reason(reason);
        return change(appId, id, found -> from(found, Set.of(State.PAUSED)).setState(State.RUNNING).setReason(why)
                .setOverruled(found.hasCanary() && found.getReason().startsWith(Stages.STOPPED)),
                now -> now.getState() == State.RUNNING);
    }

    /** Nobody gets it any more. Once more is no error. */
    public CompletableFuture<BroadcastInfo> cancel(int appId, String id, String reason) {
        return to(appId, id, State.CANCELLED, Set.of(State.HELD, State.RUNNING, State.PAUSED, State.WALKED,
                State.CANCELLED), reason);
    }

    /** @param by who approves */
    public CompletableFuture<BroadcastInfo> approve(String id, String by, String reason) {
        return change(0, id, found -> from(found, Set.of(State.HELD)).setState(State.RUNNING).setApprovedBy(by)
                .setReason(BroadcastRules.reason(reason)), now -> now.getState() == State.RUNNING);
    }

    public CompletableFuture<BroadcastInfo> pace(int appId, String id, Pace pace) {
        return change(appId, id, found -> from(found, GOING).setPace(pace), now -> now.getPace().equals(pace)
                && GOING.contains(now.getState()));
    }

    /** From the canary to everybody. Once more is no error. */
    public CompletableFuture<BroadcastInfo> advance(int appId, String id, String reason) {
        String why = BroadcastRules.reason(reason);
        return change(appId, id, found -> {
            if (!found.hasCanary()) {
                throw wrong("stage", "all", "canary");
            }
            return from(found, Set.of(State.RUNNING, State.PAUSED)).setStage(1).setReason(why);
        }, now -> now.hasCanary() && now.getStage() == 1);
    }

    /**
     * Cancels it and makes the broadcast that takes it back, to whoever may have it; again gives the same one. What is
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
        var made = Broadcast.newBuilder().setBroadcastId(revoke).setAppId(found.getAppId()).setState(State.RUNNING)
                .setCreatedMs(now).setStageMs(now).setExpireAtMs(now + found.getExpireAtMs() - found.getCreatedMs())
                .setStage(1).setReplaces(found.getBroadcastId()).setLabel(found.getLabel())
                .setIdempotency(Idempotency.newBuilder().setKeyHash(key).setBodyHash(key));
        // One to a list is taken back from whom it was sent to, message by message.
        return found.getListId() == 0
                ? made.setAudience(stable(found.getAudience()))
                : made.setListId(found.getListId());
    }

    // Who got it may be in its audience no longer: only what never changes of an endpoint narrows the revoke.
    private static Audience stable(Audience audience) {
        if (audience.hasPercent()) {
            return audience;
        }
        List<Audience> shares = audience.getAllList().stream().filter(Audience::hasPercent).toList();
        return shares.isEmpty()
                ? Audience.getDefaultInstance()
                : Audience.newBuilder().addAllAll(shares).build();
    }

    private CompletableFuture<BroadcastInfo> to(int appId, String id, State wanted, Set<State> from, String reason) {
        String why = BroadcastRules.reason(reason);
        return change(appId, id, found -> from(found, from).setState(wanted).setReason(why),
                now -> now.getState() == wanted);
    }

    private CompletableFuture<BroadcastInfo> change(int appId, String id,
            Function<Broadcast, BroadcastChange.Builder> change, Predicate<Broadcast> done) {
        return change(appId, id, new Wish(change, done), TRIES).thenCompose(rooms::tell)
                .thenCompose(told -> broadcasts.get(appId, id));
    }

    /**
     * A change.
     *
     * @param change what to ask for; throws {@link Refused} where it cannot be
     * @param done whether it is so
     */
    private record Wish(Function<Broadcast, BroadcastChange.Builder> change, Predicate<Broadcast> done) {
    }

    // Somebody else may be quicker: then the wish is looked at again, with what it has become.
    private CompletableFuture<Broadcast> change(int appId, String id, Wish wish, int tries) {
        return find(appId, id).thenCompose(found -> {
            if (tries < TRIES && wish.done.test(found)) {
                return CompletableFuture.completedFuture(found);
            }
            return store.change(wish.change.apply(found).build()).thenCompose(now -> {
                if (wish.done.test(now)) {
                    return CompletableFuture.completedFuture(now);
                }
                if (tries == 1) {
                    throw Refused.later(Why.BUSY, "broadcast_id: " + id + " is being changed by others (expected: a"
                            + " moment without)", Duration.ofSeconds(1));
                }
                return change(appId, id, wish, tries - 1);
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
