package io.longwire.center.client;

import io.longwire.center.client.admin.Admin;
import io.longwire.center.client.admin.Usage;
import io.longwire.center.client.call.Answer;
import io.longwire.center.client.call.Calls;
import io.longwire.center.client.call.Repeat;
import io.longwire.rpc.center.CenterGrpc;
import io.longwire.rpc.center.GetMessageRequest;
import io.longwire.rpc.center.GetTimelineRequest;
import io.longwire.rpc.center.GetUsageRequest;
import io.longwire.rpc.center.RevokeRequest;
import java.util.List;

/**
 * Longwire for one product, over HTTP/2. One of it serves a whole process: it is thread-safe, never blocks but in
 * {@link Answer#await}, and keeps one connection to each center.
 *
 * <pre>{@code
 * try (var push = LongwireBackend.connect("http://localhost:8080", key)) {
 *     Sent sent = push.send(Message.to(endpoint).payload("hi").ttl(Duration.ofHours(1))).await();
 *     push.timeline(sent.messageId(), endpoint).thenAccept(timeline -> log(timeline.why()));
 * }
 * }</pre>
 *
 * <p>What fails for a while is tried again until the total deadline (15 s unless set), with pauses that grow and are
 * partly random, never before the server's {@code retry_after}. A send is safe to repeat: it has an idempotency key,
 * the caller's or a random one, before the first try. What still fails is a {@link
 * io.longwire.center.client.call.BackendException}, whose subclass says what to do.
 */
public final class LongwireBackend implements AutoCloseable {
    /** Messages of one batch. */
    public static final int BATCH = 500;

    private final Calls calls;

    LongwireBackend(Calls calls) {
        this.calls = calls;
    }

    /**
     * A client of the center at {@code http://host:port} or {@code https://host:port}; it connects with its first call.
     *
     * @param key API key of the app, {@code lw_...}
     */
    public static LongwireBackend connect(String address, String key) {
        return at(List.of(address)).key(key).connect();
    }

    /** As above, with options and perhaps several centers, which take turns. */
    public static BackendOptions at(List<String> addresses) {
        return new BackendOptions(addresses);
    }

    /** Sends one message, to one endpoint or several. */
    public Answer<Sent> send(Message message) {
        Repeat repeat = message.repeatable() ? Repeat.ALWAYS : Repeat.IF_NOTHING_WAS_DONE;
        return calls.call(CenterGrpc.getSendMethod(), message.keyed(), repeat).map(Sent::of);
    }

    /**
     * Sends up to 500 different messages at once, the way to send much. Each has an outcome of its own, in order; what
     * was refused for now is tried again without the others.
     */
    public Answer<List<Outcome>> sendAll(List<Message> messages) {
        if (messages.size() > BATCH) {
            throw new IllegalArgumentException("messages: " + messages.size() + " (expected: at most " + BATCH + ")");
        }
        return BatchSend.start(calls, messages);
    }

    /** Where a message is, and why. */
    public Answer<Timeline> timeline(String messageId, String endpoint) {
        return calls.call(CenterGrpc.getGetTimelineMethod(), named(messageId, endpoint), Repeat.ALWAYS)
                .map(Timeline::of);
    }

    /** How far a message to several endpoints is. */
    public Answer<Funnel> funnel(String messageId) {
        return funnel(messageId, "");
    }

    /** The same with one endpoint's timeline; a message to one endpoint needs it. */
    public Answer<Funnel> funnel(String messageId, String endpoint) {
        return calls.call(CenterGrpc.getGetMessageMethod(), GetMessageRequest.newBuilder().setMessageId(messageId)
                .setEndpoint(endpoint).build(), Repeat.ALWAYS).map(Funnel::of);
    }

    /** Ends a message that was not delivered yet; the timeline says whether it was in time. */
    public Answer<Timeline> cancel(String messageId, String endpoint) {
        return calls.call(CenterGrpc.getCancelMessageMethod(), named(messageId, endpoint), Repeat.ALWAYS)
                .map(Timeline::of);
    }

    /** Takes a message to several endpoints back everywhere: what waits is never delivered, the rest is removed. */
    public Answer<Revoked> revoke(String messageId) {
        return revoke(messageId, "");
    }

    /** Takes a message back at one endpoint. */
    public Answer<Revoked> revoke(String messageId, String endpoint) {
        return calls.call(CenterGrpc.getRevokeMessageMethod(), RevokeRequest.newBuilder().setMessageId(messageId)
                .setEndpoint(endpoint).build(), Repeat.ALWAYS)
                .map(reply -> new Revoked(reply.getMessageId(), reply.getPending(), reply.getSent(),
                        reply.getTooLate()));
    }

    /** Sends at later times, once or by cron. */
    public Schedules schedules() {
        return new Schedules(calls);
    }

    /** One message to every endpoint of the app, or to an audience. */
    public Broadcasts broadcasts() {
        return new Broadcasts(calls);
    }

    /** Lists of endpoints to broadcast to. */
    public Lists lists() {
        return new Lists(calls);
    }

    /** Answers requests of apps. */
    public Replies replies() {
        return new Replies(calls);
    }

    /** Where what phones say is sent. */
    public Callbacks callbacks() {
        return new Callbacks(calls);
    }

    /** Endpoints: online or not, inbox, aliases, tags and attributes. */
    public Endpoints endpoints() {
        return new Endpoints(calls);
    }

    /** Who is kept out. */
    public Bans bans() {
        return new Bans(calls);
    }

    /** What became of messages, from where the store says on. */
    public Receipts receipts(CursorStore cursor) {
        return new Receipts(calls, cursor);
    }

    /** Messages that were given up because the app never acked them. */
    public DeadLetters deadLetters() {
        return new DeadLetters(calls);
    }

    /** What the app uses of its quotas. */
    public Answer<Usage> usage() {
        return calls.call(CenterGrpc.getGetUsageMethod(), GetUsageRequest.getDefaultInstance(), Repeat.ALWAYS)
                .map(Usage::of);
    }

    /** Apps, keys and the books; most of it needs the operator's key. */
    public Admin admin() {
        return new Admin(calls);
    }

    private static GetTimelineRequest named(String messageId, String endpoint) {
        return GetTimelineRequest.newBuilder().setMessageId(messageId).setEndpoint(endpoint).build();
    }

    /** Calls under way fail with the code {@code closed}. */
    @Override
    public void close() {
        calls.close();
    }
}
