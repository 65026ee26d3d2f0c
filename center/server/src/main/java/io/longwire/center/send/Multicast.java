package io.longwire.center.send;

import io.longwire.center.CenterMetric;
import io.longwire.center.access.EndpointNames;
import io.longwire.center.access.Quota;
import io.longwire.center.api.Problems;
import io.longwire.center.mint.MessageIds;
import io.longwire.center.refuse.Refused;
import io.longwire.center.refuse.Why;
import io.longwire.device.id.MessageId;
import io.longwire.rpc.center.SendReply;
import io.longwire.rpc.center.TargetResult;
import io.longwire.rpc.saver.AppendResult;
import io.longwire.rpc.saver.ClaimKeyReply;
import io.longwire.rpc.saver.ClaimKeyRequest;
import io.longwire.rpc.saver.FunnelRequest;
import io.longwire.rpc.saver.MessageHead;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

/**
 * Sends one message to several endpoints, under one id. The steps, each of which may be repeated:
 *
 * <ol>
 * <li>the idempotency key, if there is one, is claimed: the same key and body get the same id, whichever center asks
 * and however often;
 * <li>the head is put: who all of them are and, above 100, the payload. The first head of an id stands, so a request
 * that is tried again goes to the endpoints it went to first, whatever its alias means by now;
 * <li>one append for each endpoint, 64 at a time, so that one request cannot fill the bound of messages in flight;
 * <li>the key is settled, unless some target may yet do better (over quota, unavailable): the same request again then
 * goes on where this one ended.
 * </ol>
 *
 * <p>A repeat asks the saver who has the message, or can never get it, and takes quota for the others alone: however
 * short the quota is, it brings the message to more of them each time.
 *
 * <p>Whoever dies in between leaves messages that are kept and delivered, and a key that is claimed but not settled:
 * the caller, who has no answer, asks again, and each endpoint still gets the message once. Thread-safe, never blocks.
 */
public final class Multicast {
    /** Above so many endpoints the payload is stored once, with the head. */
    public static final int BODIES_UP_TO = 100;

    private static final int AT_ONCE = 64;
    private static final int BUSY_TRIES = 3;
    private static final Duration BUSY_WAIT = Duration.ofMillis(100);

    private final MessageIds ids;
    private final HeadStore heads;
    private final Post post;
    private final EndpointNames names;
    private final Asking asking;
    private final Sender.Tools tools;

    public Multicast(MessageIds ids, HeadStore heads, Post post, EndpointNames names,
            Sender.Tools tools) {
        this.ids = ids;
        this.heads = heads;
        this.post = post;
        this.names = names;
        this.asking = new Asking(tools);
        this.tools = tools;
    }

    /** Completes when every target has its result, or fails with Refused when nothing was stored as far as known. */
    CompletableFuture<SendReply> send(Draft draft, Resolver.Resolved to, Toll toll) {
        long minted = ids.mint();
        if (draft.isTransient()) {
            return new Fan(draft, to, toll, minted).deliver();
        }
        if (draft.idempotency() == null) {
            return new Fan(draft, to, toll, minted).store();
        }
        toll.upTo(1); // a duplicate takes no more, and without quota no key is claimed
        var claim = ClaimKeyRequest.newBuilder().setAppId(draft.appId()).setKey(draft.idempotency())
                .setMessageId(minted).build();
        return asking.ask(() -> heads.claimKey(claim), answer -> answer.getCode() == ClaimKeyReply.Code.UNAVAILABLE)
                .thenCompose(answer -> claimed(draft, to, toll, minted, answer));
    }

    private CompletableFuture<SendReply> claimed(Draft draft, Resolver.Resolved to, Toll toll, long minted,
            ClaimKeyReply answer) {
        return switch (answer.getCode()) {
            case STORE -> {
                tools.halts().pass("center.claimed");
                var fan = new Fan(draft, to, toll, answer.getMessageId());
                yield answer.getMessageId() == minted ? fan.store() : fan.goOn();
            }
            case DUPLICATE -> {
                tools.metrics().counter(CenterMetric.DUPLICATES).increment();
                yield CompletableFuture.completedFuture(SendReply.newBuilder()
                        .setMessageId(MessageId.text(answer.getMessageId())).setStatus("duplicate").setDuplicate(true)
                        .setAcceptedMs(MessageId.timeMs(answer.getMessageId())).build());
            }
            case CONFLICT -> throw Answers.conflict();
            case BUSY -> throw Refused.later(Why.BUSY, "saver: too many requests at once (expected: fewer)",
                    Asking.BUSY_RETRY);
            case UNAVAILABLE, UNRECOGNIZED -> throw Asking.unavailable("saver: no answer that counts");
        };
    }

    /** One request under its id. Its steps follow each other; each runs on the thread that brought it. */
    private final class Fan {
        private final Draft draft;
        private final Resolver.Resolved to;
        private final Toll toll;
        private final long id;

        Fan(Draft draft, Resolver.Resolved to, Toll toll, long id) {
            this.draft = draft;
            this.to = to;
            this.toll = toll;
            this.id = id;
        }

        CompletableFuture<SendReply> deliver() {
            return run(to.recipients(), Had.NOTHING, toll.upTo(to.recipients().size()), recipient -> post
                    .deliver(Outgoing.of(draft, recipient.endpointId(), id, false), "endpoint", recipient.endpoint())
                    .thenApply(routed -> {
                        var status = routed == Routed.WRITTEN
                                ? Receipt.Status.DELIVERED_ONLINE
                                : Receipt.Status.OFFLINE_DROPPED;
                        tools.metrics().counter(CenterMetric.TRANSIENT, "outcome", status.label()).increment();
                        return status.label();
                    }).handle((status, failure) -> failure == null
                            ? result(recipient, status, null)
                            : unsent(recipient, Problems.refused(failure))))
                    .thenApply(results -> FanReply.of(id, results, to.results()));
        }

        CompletableFuture<SendReply> store() {
            Quota quota = toll.upTo(to.recipients().size());
            return putHead().thenCompose(stands -> append(stands, Had.NOTHING, quota));
        }

        /** After an earlier try, of which nobody here knows how far it came. */
        CompletableFuture<SendReply> goOn() {
            return putHead().thenCompose(stands -> {
                var asked = FunnelRequest.newBuilder().setAppId(draft.appId()).setMessageId(id).setNamed(true);
                standing(stands).forEach(recipient -> asked.addEndpointIds(recipient.endpointId()));
                return asking.ask(() -> heads.funnel(asked.build()), funnel -> false).thenCompose(funnel -> {
                    Had had = Had.of(funnel);
                    return append(stands, had, toll.upTo(had.missing(standing(stands))));
                });
            });
        }

        private CompletableFuture<MessageHead> putHead() {
            var head = FanReply.head(draft, id, to.recipients());
            return asking.ask(() -> heads.putHead(head), stands -> false).thenApply(stands -> {
                tools.halts().pass("center.head-put");
                return stands;
            });
        }

        private List<Targets.Recipient> standing(MessageHead head) {
            return FanReply.standing(head, to.recipients(), id -> names.text(draft.appId(), id));
        }

        private CompletableFuture<SendReply> append(MessageHead stands, Had had, Quota quota) {
            boolean headless = !stands.getPayload().isEmpty();
            return run(standing(stands), had, quota, recipient -> append(recipient, headless, 0)
                    .thenApply(result -> blockedSince(result, recipient, had)
                            ? result(recipient, "accepted", null)
                            : result))
                    .thenCompose(this::settle);
        }

        private CompletableFuture<List<TargetResult>> run(List<Targets.Recipient> recipients, Had had, Quota quota,
                Function<Targets.Recipient, CompletableFuture<TargetResult>> step) {
            var over = new HashSet<Long>(); // endpoints
            int left = quota.granted();
            for (Targets.Recipient recipient : recipients) {
                if (had.misses(recipient.endpointId()) && left-- <= 0) {
                    over.add(recipient.endpointId());
                }
            }
            return Waves.run(recipients.size(), AT_ONCE, i -> {
                Targets.Recipient recipient = recipients.get(i);
                long endpoint = recipient.endpointId();
                if (over.contains(endpoint)) {
                    return CompletableFuture.completedFuture(result(recipient, "over_quota", Toll.exceeded(quota)));
                }
                return had.isFinal(endpoint)
                        ? CompletableFuture.completedFuture(known(recipient, had))
                        : step.apply(recipient);
            });
        }

        private static TargetResult unsent(Targets.Recipient to, Refused refused) {
            return result(to, refused.why() == Why.BLOCKED ? "blocked" : "unavailable", refused);
        }

        // An earlier try stored it, and it will be delivered.
        private static boolean blockedSince(TargetResult result, Targets.Recipient to, Had had) {
            return result.getProblem().getCode().equals(Why.BLOCKED.code()) && had.kept().contains(to.endpointId());
        }

        private static TargetResult known(Targets.Recipient to, Had had) {
            if (had.ended().contains(to.endpointId())) {
                return result(to, "accepted", null);
            }
            return had.rejected().contains(to.endpointId())
                    ? result(to, "blocked", Answers.rejected("refused before", "endpoint", to.endpoint()))
                    : result(to, "unknown_endpoint", Rules.unknownEndpoint("endpoint", to.endpoint()));
        }

        private CompletableFuture<TargetResult> append(Targets.Recipient recipient, boolean headless, int tries) {
            return post.post(Outgoing.of(draft, recipient.endpointId(), id, headless), null)
                    .handle((answer, failure) -> failure == null
                            ? result(recipient, answer)
                            : result(recipient, "unavailable", Problems.refused(failure)))
                    .thenCompose(result -> result.getProblem().getCode().equals(Why.BUSY.code()) && tries < BUSY_TRIES
                            ? after(tries).thenCompose(waited -> append(recipient, headless, tries + 1))
                            : CompletableFuture.completedFuture(result));
        }

        private CompletableFuture<@Nullable Void> after(int tries) {
            var waited = new CompletableFuture<@Nullable Void>();
            tools.clock().schedule(BUSY_WAIT.multipliedBy(tries + 1), () -> waited.complete(null));
            return waited;
        }

        private CompletableFuture<SendReply> settle(List<TargetResult> results) {
            var reply = FanReply.of(id, results, to.results());
            var key = draft.idempotency();
            if (key == null || !FanReply.isFinal(reply)) {
                return CompletableFuture.completedFuture(reply);
            }
            tools.halts().pass("center.before-settle");
            var settle = ClaimKeyRequest.newBuilder().setAppId(draft.appId()).setKey(key).setMessageId(id).build();
            // Not settled, the same request again stores the same messages again, which changes nothing.
            return asking.ask(() -> heads.settleKey(settle), done -> done.getCode() == ClaimKeyReply.Code.UNAVAILABLE)
                    .handle((settled, failure) -> reply);
        }

        private static TargetResult result(Targets.Recipient to, AppendResult answer) {
            Refused refused = answer.getCode() == AppendResult.Code.STALE_ID
                    ? Asking.unavailable("message_id: stale (expected: stored within 10 minutes)")
                    : Answers.refusal(answer, "endpoint", to.endpoint());
            if (refused == null) {
                return result(to, "accepted", null);
            }
            return result(to, switch (refused.why()) {
                case QUOTA_EXCEEDED -> "over_quota";
                case REJECTED, BLOCKED -> "blocked";
                case UNKNOWN_ENDPOINT -> "unknown_endpoint";
                default -> "unavailable";
            }, refused);
        }

        private static TargetResult result(Targets.Recipient to, String status, @Nullable Refused refused) {
            var result = TargetResult.newBuilder().setTarget(to.target()).setEndpoint(to.endpoint())
                    .setStatus(status);
            if (refused != null) {
                result.setProblem(Problems.problem(refused));
            }
            return result.build();
        }
    }
}
