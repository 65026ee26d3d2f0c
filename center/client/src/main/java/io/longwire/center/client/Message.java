package io.longwire.center.client;

import com.google.protobuf.ByteString;
import io.longwire.center.client.call.Times;
import io.longwire.rpc.center.Encryption;
import io.longwire.rpc.center.MessageClass;
import io.longwire.rpc.center.SendRequest;
import io.longwire.rpc.center.Target;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HexFormat;

/**
 * One message and its options. Immutable: each option gives a new one, so a message can be a template for others.
 * Limits are checked by the server (docs/api.md).
 */
public final class Message {
    private static final SecureRandom RANDOM = new SecureRandom();

    private final SendRequest request;

    private Message(SendRequest.Builder request) {
        this.request = request.build();
    }

    /** To one endpoint, {@code ep_...}. */
    public static Message to(String endpoint) {
        return to(Target.newBuilder().setEndpoint(endpoint));
    }

    /** To every endpoint of a user, by the app's own user id. */
    public static Message toAlias(String alias) {
        return to(Target.newBuilder().setAlias(alias));
    }

    /** To several endpoints; each is told apart in {@link Sent#targets}. */
    public static Message toEndpoints(Collection<String> endpoints) {
        return to(Target.newBuilder().addAllEndpoints(endpoints));
    }

    /** To several endpoints and all endpoints of several users, together. */
    public static Message toMany(Collection<String> endpoints, Collection<String> aliases) {
        return to(Target.newBuilder().addAllEndpoints(endpoints).addAllAliases(aliases));
    }

    private static Message to(Target.Builder target) {
        return new Message(SendRequest.newBuilder().setTo(target));
    }

    /**
     * Seals the payload that this message has now for that endpoint, which becomes its target: nobody else can read it,
     * the platform and the other apps of the phone included. Each call seals anew, so a message that may be sent a
     * second time under its idempotency key is sealed once and kept. A payload that is set afterwards is not sealed.
     *
     * @throws IllegalArgumentException the payload is longer than {@link PayloadKey#MOST} bytes
     */
    public Message sealedFor(PayloadKey key) {
        return new Message(request.toBuilder().setTo(Target.newBuilder().setEndpoint(key.endpoint()))
                .setPayload(ByteString.copyFrom(key.seal(request.getPayload().toByteArray())))
                .setEncryption(Encryption.HPKE));
    }

    /** What the app gets; at most 4096 bytes. */
    public Message payload(byte[] payload) {
        return new Message(request.toBuilder().setPayload(ByteString.copyFrom(payload)).clearEncryption());
    }

    /** What the app gets, as UTF-8. */
    public Message payload(String text) {
        return payload(text.getBytes(StandardCharsets.UTF_8));
    }

    /** How long it may wait; without it a day. Zero makes it TRANSIENT. */
    public Message ttl(Duration ttl) {
        return new Message(request.toBuilder().setTtl(Times.text("ttl", ttl)));
    }

    public Message priority(Priority priority) {
        return new Message(request.toBuilder().setPriority(priority.wire()));
    }

    /** For {@link Priority#LOW}: how long it may wait for the phone's next wake-up; 30 s to 24 h. */
    public Message lowWindow(Duration window) {
        return new Message(request.toBuilder().setLowWindow(Times.text("low_window", window)));
    }

    public Message deliveryClass(DeliveryClass deliveryClass) {
        return new Message(request.toBuilder().setClass_(deliveryClass.wire()));
    }

    /** The newest message of a key replaces the one that was not read yet. */
    public Message collapseKey(String key) {
        return new Message(request.toBuilder().setCollapseKey(key));
    }

    /** It stands for an earlier message, waiting or delivered. */
    public Message replacing(String messageId) {
        return new Message(request.toBuilder().setReplace(messageId));
    }

    /** Not before that time; the ttl counts from then. */
    public Message notBefore(Instant time) {
        return new Message(request.toBuilder().setNotBefore(time.toString()));
    }

    /** Not before so much time has passed at the server. */
    public Message after(Duration delay) {
        return new Message(request.toBuilder().setNotBefore(Times.text("not_before", delay)));
    }

    /**
     * The same key with the same message is the same message, for 24 h. Without one the client takes a random key, so
     * that its own retries send it once.
     */
    public Message idempotencyKey(String key) {
        return new Message(request.toBuilder().setIdempotencyKey(key));
    }

    /**
     * The W3C trace context that the message belongs to ({@code 00-...}): its timeline and its receipts have it. A
     * malformed one is ignored.
     */
    public Message traceparent(String traceparent) {
        return new Message(request.toBuilder().setTraceparent(traceparent));
    }

    /** Everything is checked, nothing is sent. */
    public Message dryRun() {
        return new Message(request.toBuilder().setDryRun(true));
    }

    /** As it travels. */
    SendRequest request() {
        return request;
    }

    /** With a key of its own, if it has none and may have one: nothing is kept of a TRANSIENT or a dry run. */
    SendRequest keyed() {
        return kept() && request.getIdempotencyKey().isEmpty()
                ? request.toBuilder().setIdempotencyKey(randomKey()).build()
                : request;
    }

    /** Whether a second try does no more than one. */
    boolean repeatable() {
        return kept() || request.getDryRun();
    }

    private boolean kept() {
        boolean gone = request.getClass_() == MessageClass.TRANSIENT || request.getTtl().equals("0s");
        return !gone && !request.getDryRun();
    }

    /** 128 random bits. */
    static String randomKey() {
        byte[] bits = new byte[16];
        RANDOM.nextBytes(bits);
        return HexFormat.of().formatHex(bits);
    }
}
