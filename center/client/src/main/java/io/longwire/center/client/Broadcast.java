package io.longwire.center.client;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import io.longwire.center.client.call.Times;
import io.longwire.rpc.audience.Audience;
import io.longwire.rpc.center.CreateBroadcastRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;

/**
 * One message to every endpoint of the app, or to an audience, and its options. Immutable: each option gives a new
 * one. Limits are checked by the server (docs/api.md).
 */
public final class Broadcast {
    private final CreateBroadcastRequest request;

    private Broadcast(CreateBroadcastRequest.Builder request) {
        this.request = request.build();
    }

    /** To every endpoint of the app. */
    public static Broadcast toAll() {
        return new Broadcast(CreateBroadcastRequest.newBuilder());
    }

    /** To the endpoints of an audience. */
    public static Broadcast to(Audience audience) {
        return new Broadcast(CreateBroadcastRequest.newBuilder().setAudience(audience));
    }

    /**
     * To the endpoints of an audience that is written as in the API: {@code {"tag": "beta"}}. Throws
     * IllegalArgumentException when it is no audience.
     */
    public static Broadcast to(String audienceJson) {
        var audience = Audience.newBuilder();
        try {
            JsonFormat.parser().merge(audienceJson, audience);
        } catch (InvalidProtocolBufferException wrong) {
            throw new IllegalArgumentException("audience: " + wrong.getMessage()
                    + " (expected: JSON such as {\"tag\": \"beta\"})", wrong);
        }
        return to(audience.build());
    }

    /** To who subscribed to a topic. */
    public static Broadcast toTopic(String topic) {
        return to(Audience.newBuilder().setTopic(topic).build());
    }

    /** To who has a tag. */
    public static Broadcast toTag(String tag) {
        return to(Audience.newBuilder().setTag(tag).build());
    }

    /** To the endpoints of a list that is sealed: stored for each of them, online or not. */
    public static Broadcast toList(String listId) {
        return new Broadcast(CreateBroadcastRequest.newBuilder().setList(listId));
    }

    /** What the app gets; at most 4096 bytes. */
    public Broadcast payload(byte[] payload) {
        return new Broadcast(request.toBuilder().setPayload(ByteString.copyFrom(payload)));
    }

    /** What the app gets, as UTF-8. */
    public Broadcast payload(String text) {
        return payload(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Until then phones that come back get it; without it a day. */
    public Broadcast ttl(Duration ttl) {
        return new Broadcast(request.toBuilder().setTtl(Times.text("ttl", ttl)));
    }

    /** Of {@link Priority#HIGH} each phone acks it at once. */
    public Broadcast priority(Priority priority) {
        return new Broadcast(request.toBuilder().setPriority(priority.wire()));
    }

    /** The phone shows the newest of a key. */
    public Broadcast collapseKey(String key) {
        return new Broadcast(request.toBuilder().setCollapseKey(key));
    }

    /** How fast; without it as fast as the rooms can. */
    public Broadcast pace(Pace pace) {
        return new Broadcast(request.toBuilder().setPace(pace.wire()));
    }

    /** A share first. */
    public Broadcast canary(Canary canary) {
        return new Broadcast(request.toBuilder().setCanary(canary.wire()));
    }

    /** For people; at most 120 characters. */
    public Broadcast label(String label) {
        return new Broadcast(request.toBuilder().setLabel(label));
    }

    /**
     * The same key with the same broadcast is the same broadcast, for 24 h. Without one the client takes a random key,
     * so that its own retries make it once.
     */
    public Broadcast idempotencyKey(String key) {
        return new Broadcast(request.toBuilder().setIdempotencyKey(key));
    }

    /** Not before that time; the ttl counts from then. */
    public Broadcast notBefore(Instant time) {
        return new Broadcast(request.toBuilder().setNotBefore(time.toString()));
    }

    /** Not before so much time has passed at the server. */
    public Broadcast after(Duration delay) {
        return new Broadcast(request.toBuilder().setNotBefore(Times.text("not_before", delay)));
    }

    /** Everything is checked and the audience is counted, nothing is sent. */
    public Broadcast dryRun() {
        return new Broadcast(request.toBuilder().setDryRun(true));
    }

    /** With a key of its own, if it has none and may have one: nothing is kept of a dry run. */
    CreateBroadcastRequest keyed() {
        return request.getDryRun() || !request.getIdempotencyKey().isEmpty()
                ? request
                : request.toBuilder().setIdempotencyKey(Message.randomKey()).build();
    }
}
