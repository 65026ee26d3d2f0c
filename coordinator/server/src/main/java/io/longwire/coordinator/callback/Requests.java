package io.longwire.coordinator.callback;

import io.longwire.coordinator.channel.Given;
import io.longwire.keeper.clock.Clock;
import io.longwire.rpc.coordinator.Callback;
import io.longwire.rpc.coordinator.Event;
import io.longwire.rpc.coordinator.ReplyRequest;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Makes a batch a signed request and its answer a verdict, on a virtual thread for each. How many there are at once is
 * bounded by the gates.
 */
final class Requests implements Sender.Wire, AutoCloseable {
    private final Outbound outbound;
    private final Function<Given, Event> events;
    private final Replier replier;
    private final Clock clock;
    private final ExecutorService threads = Executors
            .newThreadPerTaskExecutor(Thread.ofVirtual().name("callback-", 0).factory());

    /** @param events as consumers see them */
    Requests(Outbound outbound, Function<Given, Event> events, Replier replier, Clock clock) {
        this.outbound = outbound;
        this.events = events;
        this.replier = replier;
        this.clock = clock;
    }

    @Override
    public CompletableFuture<Verdict> send(Callback callback, Batch batch) {
        return CompletableFuture.supplyAsync(() -> {
            List<Event> named = batch.events.stream().map(events).toList();
            Posted posted = post(callback, batch, named);
            if (posted instanceof Posted.Answered answer) {
                batch.pushPace = answer.pushPace();
            }
            Verdict verdict = Verdict.of(posted);
            if (verdict instanceof Verdict.Done done) {
                done.replies().forEach(reply -> bring(callback.getAppId(), named, reply));
            }
            return verdict;
        }, threads);
    }

    // To requests of this batch alone; a reply to anything else names what this backend was not asked.
    private void bring(int app, List<Event> named, Said.Reply reply) {
        for (Event event : named) {
            if (event.getEventId().equals(reply.eventId()) && !event.getReplyTo().isEmpty()) {
                replier.bring(app, ReplyRequest.newBuilder().setReplyTo(event.getReplyTo()).setBody(reply.body())
                        .setRefuse(reply.refuse()).build());
            }
        }
    }

    private Posted post(Callback callback, Batch batch, List<Event> named) {
        String ids = named.stream().map(Event::getEventId).collect(Collectors.joining(","));
        String timestamp = Long.toString(clock.wallMillis() / 1_000);
        byte[] body = BatchBody.of(named);
        var headers = new LinkedHashMap<String, String>();
        headers.put("Content-Type", "application/json");
        headers.put("Accept-Encoding", "identity");
        headers.put("User-Agent", "longwire");
        headers.put("Longwire-App", Integer.toUnsignedString(callback.getAppId()));
        headers.put("Longwire-Type", callback.getType());
        headers.put("Longwire-Partition", Integer.toString(batch.partition));
        headers.put("Longwire-Attempt", Integer.toString(batch.attempt()));
        headers.put("Longwire-Events", ids);
        headers.put("Longwire-Timestamp", timestamp);
        headers.put("Longwire-Signature", Signature.of(callback.getSecretsList(), timestamp, ids, body));
        return outbound.post(Target.of(callback.getAppId(), callback.getUrl()), headers, body,
                Duration.ofMillis(callback.getTimeoutMs()));
    }

    @Override
    public void close() {
        threads.shutdownNow();
        outbound.close();
    }
}
