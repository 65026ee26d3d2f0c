package io.longwire.center.send;

import com.google.protobuf.ByteString;
import io.longwire.center.refuse.Refused;
import io.longwire.device.id.MessageId;
import io.longwire.device.v1.Priority;
import io.longwire.device.v1.Push;
import io.longwire.rpc.saver.AppendResult;
import io.longwire.rpc.saver.Broadcast;
import io.longwire.rpc.saver.FunnelRequest;
import io.longwire.rpc.saver.GetHeadRequest;
import io.longwire.rpc.saver.MessageHead;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;

import org.jspecify.annotations.Nullable;

/**
 * Sends what a broadcast says to the endpoints of a part of its list, under a message id that the caller keeps: each
 * endpoint gets it once under that id, whoever sends it and how often. An id can be stored under for {@link
 * #FRESH_MILLIS}; a caller that has endpoints left then takes another id for them, and for them alone. Thread-safe,
 * never blocks.
 */
public final class SliceSends {
    /** So long after an id was minted savers store under it, and no longer. */
    public static final long FRESH_MILLIS = 600_000;

    private final HeadStore heads;
    private final Post post;

    /** What became of one endpoint. */
    public enum Outcome {
        /** It is stored, and delivered like any other. */
        WRITTEN,
        /** There is no such endpoint of the app, or it is gone. */
        UNKNOWN,
        /** The endpoint takes no such message. */
        REJECTED,
        /** The app has as much stored as it may have. */
        OVER_QUOTA,
        /** It is not stored as far as known. */
        UNAVAILABLE,
        /** The id is too old; it is not stored. */
        STALE
    }

    /**
     * A message of a broadcast.
     *
     * @param headless its payload stands in its head, once for all
     */
    public record Slice(Draft draft, long messageId, boolean headless) {
    }

    /** A slice and whom it goes to, by id. */
    public record Standing(Slice slice, long[] endpoints) {
    }

    /** What an earlier try brought the endpoints of a slice. Immutable. */
    public static final class Known {
        private final Had had;

        private Known(Had had) {
            this.had = had;
        }

        /** What is final; null = it is to be sent, again perhaps: a row in the ledger alone is not in an inbox yet. */
        public @Nullable Outcome ended(long endpoint) {
            if (had.ended().contains(endpoint)) {
                return Outcome.WRITTEN;
            }
            if (had.rejected().contains(endpoint)) {
                return Outcome.REJECTED;
            }
            return had.absent().contains(endpoint) ? Outcome.UNKNOWN : null;
        }

        /** As {@link #ended}, and what waits counts as written: for an id that savers store under no more. */
        public @Nullable Outcome stored(long endpoint) {
            return had.kept().contains(endpoint) ? Outcome.WRITTEN : ended(endpoint);
        }
    }

    public SliceSends(HeadStore heads, Post post) {
        this.heads = heads;
        this.post = post;
    }

    /** Notes whom a new message goes to; the first note of an id stands. Fails with RpcFailure. */
    public CompletableFuture<Standing> begin(Broadcast broadcast, Push push, long messageId, long[] endpoints) {
        var draft = draft(broadcast, push, messageId);
        return heads.putHead(FanReply.head(draft, messageId, LongStream.of(endpoints)))
                .thenApply(head -> standing(draft, messageId, head));
    }

    /** One that was begun before; it fails with UNAVAILABLE when its head cannot be found. */
    public CompletableFuture<Standing> begun(Broadcast broadcast, Push push, long messageId) {
        return heads.head(GetHeadRequest.newBuilder().setAppId(broadcast.getAppId()).setMessageId(messageId).build())
                .thenApply(head -> {
                    if (head.getAppId() == 0) {
                        throw Asking.unavailable("message_id: " + MessageId.text(messageId) + " (expected: a head)");
                    }
                    return standing(draft(broadcast, push, messageId), messageId, head);
                });
    }

    /** What has become of it so far, at the endpoints given. */
    public CompletableFuture<Known> known(Slice slice, long[] endpoints) {
        var asked = FunnelRequest.newBuilder().setAppId(slice.draft.appId()).setMessageId(slice.messageId)
                .setNamed(true);
        for (long endpoint : endpoints) {
            asked.addEndpointIds(endpoint);
        }
        return heads.funnel(asked.build()).thenApply(funnel -> new Known(Had.of(funnel)));
    }

    /** Stores it for one endpoint, and sends it on its way; never fails. */
    public CompletableFuture<Outcome> send(Slice slice, long endpoint) {
        return post.post(Outgoing.of(slice.draft, endpoint, slice.messageId, slice.headless), null)
                .thenCompose(answer -> Answers.isBlocked(answer)
                        ? blocked(slice, endpoint)
                        : CompletableFuture.completedFuture(outcome(answer)))
                .exceptionally(failure -> Outcome.UNAVAILABLE);
    }

    // It may have been stored by an earlier try, before the endpoint was blocked.
    private CompletableFuture<Outcome> blocked(Slice slice, long endpoint) {
        return known(slice, new long[]{endpoint}).thenApply(known -> {
            Outcome stored = known.stored(endpoint);
            return stored == null ? Outcome.REJECTED : stored;
        });
    }

    private static Outcome outcome(AppendResult answer) {
        if (answer.getCode() == AppendResult.Code.STALE_ID) {
            return Outcome.STALE;
        }
        Refused refused = Answers.refusal(answer, "endpoint", "");
        if (refused == null) {
            return Outcome.WRITTEN;
        }
        return switch (refused.why()) {
            case UNKNOWN_ENDPOINT -> Outcome.UNKNOWN;
            case REJECTED, BLOCKED -> Outcome.REJECTED;
            case QUOTA_EXCEEDED -> Outcome.OVER_QUOTA;
            default -> Outcome.UNAVAILABLE;
        };
    }

    private static Standing standing(Draft draft, long messageId, MessageHead head) {
        var ids = head.getEndpoints().asReadOnlyByteBuffer().asLongBuffer();
        var endpoints = new long[ids.remaining()];
        ids.get(endpoints);
        return new Standing(new Slice(draft, messageId, !head.getPayload().isEmpty()), endpoints);
    }

    // It lives as long as the broadcast does, whenever its turn comes.
    private static Draft draft(Broadcast broadcast, Push push, long messageId) {
        long left = Math.max(1, broadcast.getExpireAtMs() - MessageId.timeMs(messageId));
        boolean low = push.getPriority() == Priority.PRIORITY_LOW;
        return new Draft(broadcast.getAppId(), push.getPayload(), left, push.getPriority(),
                new Draft.Options(false, push.getCollapseKey(), 0, low ? Rules.LOW_SECONDS : 0, push.getKind(),
                        ByteString.EMPTY, false),
                null);
    }
}
