package io.longwire.center.dead;

import com.google.protobuf.InvalidProtocolBufferException;
import io.longwire.center.access.Cursor;
import io.longwire.center.access.EndpointNames;
import io.longwire.center.refuse.Refused;
import io.longwire.center.refuse.Why;
import io.longwire.device.id.InvalidIdException;
import io.longwire.device.id.MessageId;
import io.longwire.device.v1.Push;
import io.longwire.keeper.trace.Traceparent;
import io.longwire.rpc.center.DeadLetterInfo;
import io.longwire.rpc.center.Encryption;
import io.longwire.rpc.center.ListDeadLettersReply;
import io.longwire.rpc.center.ListDeadLettersRequest;
import io.longwire.rpc.center.Priority;
import io.longwire.rpc.center.ResendDeadLetterRequest;
import io.longwire.rpc.center.SendReply;
import io.longwire.rpc.center.SendRequest;
import io.longwire.rpc.center.Target;
import io.longwire.rpc.saver.AppRecord;
import io.longwire.rpc.saver.CancelRequest;
import io.longwire.rpc.saver.DeadLetter;
import io.longwire.rpc.saver.ListDeadRequest;
import io.longwire.rpc.saver.MarkDeadRequest;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;

/**
 * Messages that were given up because the app never acked them, kept for 7 days. One that is sent again is a new
 * message with the same payload, priority and collapse key, DURABLE, and lives as long as the old one had left when
 * it was given up, at least an hour, unless the caller names a ttl. It is sent again once: who asks twice is
 * answered with the message of the first time. Thread-safe, never blocks.
 */
public final class DeadLetters {
    private static final int DEFAULT_PAGE = 100;
    private static final int MAX_PAGE = 500;
    private static final long LEAST_TTL_MILLIS = 3_600_000;

    private final EndpointNames names;
    private final DeadStore store;
    private final BiFunction<SendRequest, AppRecord, CompletableFuture<SendReply>> send;

    /** @param send an ordinary send, with its quota */
    public DeadLetters(EndpointNames names, DeadStore store,
            BiFunction<SendRequest, AppRecord, CompletableFuture<SendReply>> send) {
        this.names = names;
        this.store = store;
        this.send = send;
    }

    public CompletableFuture<ListDeadLettersReply> list(int appId, ListDeadLettersRequest request) {
        var ask = ListDeadRequest.newBuilder().setAppId(appId).setCursor(Cursor.parse(request.getCursor()))
                .setLimit(Cursor.limit(request.getLimit(), DEFAULT_PAGE, MAX_PAGE));
        if (!request.getEndpoint().isEmpty()) {
            ask.setEndpointId(names.id("endpoint", request.getEndpoint(), appId));
        }
        return store.deadLetters(ask.build()).thenApply(found -> {
            var answer = ListDeadLettersReply.newBuilder().setCursor(Cursor.text(found.getCursor()));
            found.getLettersList().forEach(letter -> answer.addLetters(info(appId, letter)));
            return answer.build();
        });
    }

    /** Fails with {@link Refused} UNKNOWN_MESSAGE, or as the send does. */
    public CompletableFuture<SendReply> resend(AppRecord app, ResendDeadLetterRequest request) {
        int appId = app.getAppId();
        long messageId = messageId(request.getMessageId());
        long endpointId = names.id("endpoint", request.getEndpoint(), appId);
        return store.deadLetter(CancelRequest.newBuilder().setAppId(appId).setEndpointId(endpointId)
                .setMessageId(messageId).build()).thenCompose(letter -> {
                    if (letter.getEndpointId() == 0) {
                        throw Refused.because(Why.UNKNOWN_MESSAGE, "message_id: "
                                + Refused.shown(request.getMessageId())
                                + " (expected: a dead letter of that endpoint)");
                    }
                    return letter.getResentAs() == 0
                            ? send.apply(again(request, letter), app).thenCompose(reply -> marked(appId, letter, reply))
                            : CompletableFuture.completedFuture(before(request, letter.getResentAs()));
                });
    }

    private static SendRequest again(ResendDeadLetterRequest request, DeadLetter letter) {
        Push push = push(letter);
        long left = Math.max(LEAST_TTL_MILLIS, letter.getExpireAtMs() - letter.getDeadMs());
        return SendRequest.newBuilder().setTo(Target.newBuilder().setEndpoint(request.getEndpoint()))
                .setPayload(push.getPayload()).setTtl(request.getTtl().isEmpty() ? left + "ms" : request.getTtl())
                .setPriority(switch (push.getPriority()) {
                    case PRIORITY_HIGH -> Priority.HIGH;
                    case PRIORITY_LOW -> Priority.LOW;
                    default -> Priority.NORMAL;
                }).setCollapseKeyBytes(push.getCollapseKey())
                .setEncryption(push.getEnc() == io.longwire.device.v1.Encryption.ENC_HPKE
                        ? Encryption.HPKE
                        : Encryption.PLAIN)
                .setIdempotencyKey("dead:" + MessageId.text(letter.getMessageId()) + ":" + request.getEndpoint())
                .setTraceparent(Traceparent.text(push.getTrace())).build();
    }

    // Lost on the way, the mark is made when the caller asks again: the send is then a duplicate.
    private CompletableFuture<SendReply> marked(int appId, DeadLetter letter, SendReply reply) {
        return store.markDead(MarkDeadRequest.newBuilder().setAppId(appId).setEndpointId(letter.getEndpointId())
                .setMessageId(letter.getMessageId()).setResentAs(MessageId.parse(reply.getMessageId())).build())
                .thenApply(marked -> reply);
    }

    private static SendReply before(ResendDeadLetterRequest request, long messageId) {
        return SendReply.newBuilder().setMessageId(MessageId.text(messageId)).setEndpoint(request.getEndpoint())
                .setStatus("accepted").setAcceptedMs(MessageId.timeMs(messageId)).setDuplicate(true).build();
    }

    private DeadLetterInfo info(int appId, DeadLetter letter) {
        var info = DeadLetterInfo.newBuilder().setMessageId(MessageId.text(letter.getMessageId()))
                .setEndpoint(names.text(appId, letter.getEndpointId())).setDeadMs(letter.getDeadMs())
                .setAttempts(letter.getAttempts()).setReason(reason(letter));
        if (letter.getResentAs() != 0) {
            info.setResentAs(MessageId.text(letter.getResentAs()));
        }
        return info.build();
    }

    private static String reason(DeadLetter letter) {
        return letter.getAttempts() + " deliveries without an ack" + switch (letter.getCode()) {
            case 1 -> " (expected: one within 10)";
            case 2 -> " in more than 24 h (expected: one within 5)";
            default -> "";
        };
    }

    private static Push push(DeadLetter letter) {
        try {
            return Push.parseFrom(letter.getEnvelope());
        } catch (InvalidProtocolBufferException broken) {
            throw new IllegalStateException("dead letter " + MessageId.text(letter.getMessageId()) + ": not readable",
                    broken);
        }
    }

    private static long messageId(String text) {
        try {
            return MessageId.parse(text);
        } catch (InvalidIdException wrong) {
            throw Refused.invalid("message_id", text.isEmpty() ? "missing" : text,
                    "13 characters of Crockford base 32");
        }
    }
}
