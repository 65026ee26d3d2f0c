package io.longwire.saver.ask;

import io.longwire.device.id.MessageId;
import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.cluster.Slots;
import io.longwire.rpc.saver.CancelReply;
import io.longwire.rpc.saver.CancelRequest;
import io.longwire.rpc.saver.EndResult;
import io.longwire.rpc.saver.History;
import io.longwire.rpc.saver.HistoryRequest;
import io.longwire.rpc.saver.How;
import io.longwire.rpc.saver.Inbox;
import io.longwire.rpc.saver.InboxRequest;
import io.longwire.rpc.saver.StoredMessage;
import io.longwire.rpc.saver.Timeline;
import io.longwire.rpc.saver.TimelineRequest;
import io.longwire.saver.cold.ColdSlots;
import io.longwire.saver.end.Endings;
import io.longwire.saver.fetch.Fetches;
import io.longwire.saver.inbox.Caps;
import io.longwire.saver.inbox.Looked;
import io.longwire.saver.inbox.RedisNodes;
import io.longwire.saver.inbox.RedisSession;
import io.longwire.saver.inbox.SlotKeys;
import io.longwire.saver.ledger.BatchQueue;
import io.longwire.saver.ledger.ColdCalls;
import io.longwire.saver.ledger.EndRow;
import io.longwire.saver.ledger.Ended;
import io.longwire.saver.ledger.LiveList;
import io.longwire.saver.ledger.MessageKey;
import io.longwire.saver.ledger.ReadLive;
import io.longwire.saver.ledger.Shards;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Where one message is, what waits for one endpoint, and what it was sent. The ledger is asked first; what lives is
 * looked for in the inbox and the due set. A message that is met expired is ended EXPIRED on the way. Nothing blocks
 * the caller; futures fail with StoreFailure.
 */
public final class Timelines implements AutoCloseable {
    private static final Duration ERASED_AFTER = Duration.ofDays(8);
    private static final Duration UNWRITTEN = Duration.ofSeconds(30);
    private static final int MOST = 200;
    private static final BatchQueue.Limits LIMITS = new BatchQueue.Limits(1, 1_000, 64 << 20, Duration.ofMillis(1),
            Duration.ofMillis(2_000));

    /** What the answers are made from. */
    public record Parts(Shards shards, ColdCalls calls, RedisNodes redis, ColdSlots cold, Endings endings,
            Clock clock) {
    }

    private final Parts parts;
    private final LedgerLook ledger;
    private final HistoryLook past;
    private final io.longwire.saver.inbox.Inbox inbox;
    private final SlotKeys slots;
    private final Shards.PerShard<Long, LiveList> live;

    public Timelines(Parts parts) {
        this.parts = parts;
        this.ledger = new LedgerLook(parts.shards);
        this.past = new HistoryLook(parts.shards);
        this.inbox = new io.longwire.saver.inbox.Inbox(parts.clock);
        this.slots = new SlotKeys(parts.clock);
        this.live = parts.shards.each(shard -> shard.queue("ask-live", new ReadLive(), LIMITS));
    }

    public CompletableFuture<Timeline> timeline(TimelineRequest request) {
        long endpoint = request.getEndpointId();
        long message = request.getMessageId();
        return parts.calls.call(() -> ledger.look(endpoint, message, request.getAppId())).thenCompose(found -> {
            long now = parts.clock.wallMillis();
            long accepted = message <= 0 ? 0 : MessageId.timeMs(message);
            return switch (found.getState()) {
                case WAITING -> {
                    found.setAcceptedMs(accepted);
                    yield found.getExpireAtMs() <= now ? expired(found, now) : waiting(found);
                }
                case ENDED -> CompletableFuture.completedFuture(found.setAcceptedMs(accepted).build());
                default -> unwritten(found.setAcceptedMs(accepted), now);
            };
        });
    }

    // A FAST message may be in its inbox a moment before it is in the ledger.
    private CompletableFuture<Timeline> unwritten(Timeline.Builder found, long now) {
        long age = now - found.getAcceptedMs();
        if (age > ERASED_AFTER.toMillis() && found.getAcceptedMs() > 0) {
            return CompletableFuture.completedFuture(
                    found.clearAcceptedMs().setState(Timeline.State.ERASED).build());
        }
        Timeline none = found.clone().clearAcceptedMs().build();
        return Math.abs(age) > UNWRITTEN.toMillis()
                ? CompletableFuture.completedFuture(none)
                : waiting(found.setState(Timeline.State.WAITING))
                        .thenApply(waiting -> waiting.getInInbox() ? waiting : none);
    }

    private CompletableFuture<Timeline> expired(Timeline.Builder found, long now) {
        return parts.endings.endAll(found.getEndpointId(), List.of(found.getMessageId()), How.EXPIRED).thenApply(
                ended -> found.setState(Timeline.State.ENDED).setHow(How.EXPIRED).setEndedMs(now).build());
    }

    private CompletableFuture<Timeline> waiting(Timeline.Builder found) {
        int slot = Slots.of(found.getEndpointId());
        RedisSession session = parts.redis.session(slot);
        found.setSlotCold(!parts.cold.warm(slot, session));
        if (session == null) {
            return CompletableFuture.completedFuture(found.build());
        }
        return slots.peek(session, found.getEndpointId(), found.getMessageId())
                .thenCombine(slots.dueAt(session, found.getEndpointId()),
                        (peeked, due) -> found.setInInbox(peeked.there()).setAttempts(peeked.attempts())
                                .setDeferredMs(peeked.deferredAt()).setNotBeforeMs(peeked.notBefore())
                                .setDueMs(due).build())
                .exceptionally(silent -> found.build());
    }

    /** What waits for an endpoint; of a COLD slot, the ids without their envelopes. */
    public CompletableFuture<Inbox> inbox(InboxRequest request) {
        long endpoint = request.getEndpointId();
        int slot = Slots.of(endpoint);
        int most = request.getLimit() == 0 ? MOST : Math.min(Math.max(request.getLimit(), 1), MOST);
        RedisSession session = parts.redis.session(slot);
        if (session == null || !parts.cold.warm(slot, session)) {
            return inLedger(endpoint, most);
        }
        return inbox.fetch(session, endpoint, List.of(), most, Caps.MAX_BYTES).thenCompose(looked -> looked.parked()
                ? inLedger(endpoint, most)
                : CompletableFuture.completedFuture(inbox(looked)));
    }

    private CompletableFuture<Inbox> inLedger(long endpoint, int most) {
        long now = parts.clock.wallMillis();
        return live.submit(Slots.of(endpoint), endpoint).thenApply(list -> {
            var answer = Inbox.newBuilder().setCold(true);
            list.messages().stream().filter(message -> message.expireAt() > now).limit(most)
                    .forEach(message -> answer.addMessages(StoredMessage.newBuilder()
                            .setMessageId(message.message()).setExpireAtMs(message.expireAt())));
            return answer.build();
        });
    }

    private static Inbox inbox(Looked looked) {
        var answer = Inbox.newBuilder();
        long bytes = 0;
        for (Looked.Waiting message : looked.messages()) {
            answer.addMessages(Fetches.stored(message));
            bytes += message.envelope().length;
        }
        return answer.setBytes(bytes).build();
    }

    /** What an endpoint was sent in the last 7 days, newest first. The inbox is not asked. */
    public CompletableFuture<History> history(HistoryRequest request) {
        long endpoint = request.getEndpointId();
        int most = request.getLimit() == 0 ? MOST : Math.min(Math.max(request.getLimit(), 1), MOST);
        long now = parts.clock.wallMillis();
        return parts.calls.call(() -> past.look(endpoint, request.getBefore(), most, now)).thenCompose(found -> {
            List<Timeline.Builder> late = found.getMessagesBuilderList().stream()
                    .filter(each -> each.getState() == Timeline.State.WAITING && each.getExpireAtMs() <= now).toList();
            return parts.endings.endAll(endpoint, late.stream().map(Timeline.Builder::getMessageId).toList(),
                    How.EXPIRED).thenApply(ended -> {
                        late.forEach(each -> each.setState(Timeline.State.ENDED).setHow(How.EXPIRED).setEndedMs(now));
                        return found.build();
                    });
        });
    }

    /** Ends a message that was not delivered yet; if it had ended before, says how. */
    public CompletableFuture<CancelReply> cancel(CancelRequest request) {
        var key = new MessageKey(request.getEndpointId(), request.getMessageId());
        return parts.endings.end(new EndRow(key, request.getAppId(), How.CANCELLED, request.getCode(),
                parts.clock.wallMillis(), EndRow.Course.NONE)).thenCompose(ended -> {
                    var reply = CancelReply.newBuilder().setCode(code(ended));
                    return ended == Ended.BEFORE
                            ? parts.calls.call(() -> ledger.look(key.endpoint(), key.message(), request.getAppId()))
                                    .thenApply(found -> reply.setHow(found.getHow()).build())
                            : CompletableFuture.completedFuture(reply.build());
                });
    }

    private static EndResult.Code code(Ended ended) {
        return switch (ended) {
            case NOW -> EndResult.Code.ENDED_NOW;
            case BEFORE -> EndResult.Code.ALREADY_ENDED;
            case NO_MESSAGE -> EndResult.Code.NO_MESSAGE;
        };
    }

    @Override
    public void close() {
        live.close();
    }
}
