package io.longwire.coordinator.consume;

import io.longwire.coordinator.CoordinatorMetric;
import io.longwire.coordinator.channel.ChannelBooks;
import io.longwire.coordinator.channel.ChannelName;
import io.longwire.coordinator.channel.ChannelStore.How;
import io.longwire.coordinator.channel.Channels;
import io.longwire.coordinator.channel.DeadEvents;
import io.longwire.coordinator.channel.EventId;
import io.longwire.coordinator.channel.Refusal;
import io.longwire.keeper.metrics.Metrics;
import io.longwire.rpc.coordinator.ChannelInfo;
import io.longwire.rpc.coordinator.ChannelUpdate;
import io.longwire.rpc.coordinator.FinishReply;
import io.longwire.rpc.coordinator.FinishRequest;
import io.longwire.rpc.coordinator.ListChannelsReply;
import io.longwire.rpc.coordinator.ListDeadEventsReply;
import io.longwire.rpc.coordinator.ListDeadEventsRequest;
import io.longwire.rpc.coordinator.PollReply;
import io.longwire.rpc.coordinator.PollRequest;
import io.longwire.rpc.coordinator.PullProblem;
import io.longwire.rpc.coordinator.Requeue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;

/** What is asked of channels outside of streams. Thread-safe, never blocks; rules broken are INVALID_ARGUMENT. */
final class ChannelDesk {
    private static final int USUAL_POLL = 20;
    private static final int MAX_POLL = 100;
    private static final int MAX_FINISH = 1_000;
    private static final int USUAL_DEAD = 100;
    private static final int MAX_DEAD = 1_000;

    private final Channels channels;
    private final Events events;
    private final ChannelBooks books;
    private final DeadEvents dead;
    private final Metrics metrics;

    ChannelDesk(Channels channels, Events events, Metrics metrics) {
        this.channels = channels;
        this.events = events;
        this.books = new ChannelBooks(channels.store());
        this.dead = new DeadEvents(channels.store());
        this.metrics = metrics;
    }

    /**
     * Waits for events, and gives them into the caller's hands.
     *
     * @param gone completes if there is no caller any more
     */
    CompletableFuture<PollReply> poll(int app, PollRequest request, CompletableFuture<Void> gone) {
        Duration inFlight = ConsumerRules.inFlight(request.getInFlightMs(), channels.config().inFlight());
        int wait = ConsumerRules.between("wait_ms", request.getWaitMs(), ConsumerRules.MAX_WAIT_MILLIS);
        return new Poll(channels, events, name(app, request.getType(), request.getChannel()), inFlight,
                ConsumerRules.limit(request.getLimit(), USUAL_POLL, MAX_POLL))
                .start(Duration.ofMillis(wait), gone);
    }

    /** Settles what a poll gave; what was not in flight any more is named. */
    CompletableFuture<FinishReply> finish(int app, FinishRequest request) {
        ChannelName name = name(app, request.getType(), request.getChannel());
        if (request.getFinCount() + request.getReqCount() > MAX_FINISH) {
            throw ConsumerRules.invalid("fin", request.getFinCount() + " and " + request.getReqCount() + " of req",
                    "at most " + MAX_FINISH);
        }
        var all = new ArrayList<CompletableFuture<@Nullable PullProblem>>();
        for (String fin : request.getFinList()) {
            all.add(settle(name, fin, How.FIN, 0));
        }
        for (Requeue req : request.getReqList()) {
            all.add(settle(name, req.getEventId(), How.REQ,
                    ConsumerRules.between("delay_ms", req.getDelayMs(), ConsumerRules.MAX_DELAY_MILLIS)));
        }
        return CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).thenApply(done -> {
            var reply = FinishReply.newBuilder();
            for (CompletableFuture<@Nullable PullProblem> one : all) {
                PullProblem problem = one.join();
                if (problem != null) {
                    reply.addProblems(problem);
                }
            }
            return reply.build();
        });
    }

    /** The channels of a type, or of all types of the app. */
    CompletableFuture<ListChannelsReply> list(int app, String type) {
        CompletableFuture<List<String>> types = type.isEmpty()
                ? books.types(app)
                : CompletableFuture.completedFuture(List.of(ConsumerRules.type(type)));
        return types.thenCompose(named -> {
            CompletableFuture<ListChannelsReply.Builder> reply = CompletableFuture
                    .completedFuture(ListChannelsReply.newBuilder());
            for (String one : named) {
                reply = reply.thenCompose(some -> books.channels(app, one).thenApply(some::addAllChannels));
            }
            return reply.thenApply(ListChannelsReply.Builder::build);
        });
    }

    /** Changes a channel and answers it as it is then; of a deleted one the name alone. */
    CompletableFuture<ChannelInfo> update(ChannelName name, ChannelUpdate update) {
        double sample = update.getSamplePercent();
        if (update.hasSamplePercent() && !(sample >= 0 && sample <= 100)) {
            throw ConsumerRules.invalid("sample_percent", Double.toString(sample), "0 to 100");
        }
        return books.change(name, update).thenCompose(there -> {
            if (!there) {
                return CompletableFuture.failedFuture(new Refusal(Refusal.Why.UNKNOWN,
                        "channel: " + name.channel() + " (expected: one that is there)"));
            }
            if (update.getDelete()) {
                channels.deleted(name);
            }
            return books.channels(name.app(), name.type()).thenApply(all -> all.stream()
                    .filter(info -> info.getChannel().equals(name.channel())).findFirst()
                    .orElse(ChannelInfo.newBuilder().setType(name.type()).setChannel(name.channel()).build()));
        });
    }

    /** Some dead letters; with requeue they are put back. */
    CompletableFuture<ListDeadEventsReply> dead(ChannelName name, ListDeadEventsRequest request) {
        EventId after = request.getCursor().isEmpty() ? null : ConsumerRules.event(request.getCursor());
        return dead.list(name, after, ConsumerRules.limit(request.getLimit(), USUAL_DEAD, MAX_DEAD))
                .thenCompose(some -> {
                    var raised = new ArrayList<CompletableFuture<Boolean>>();
                    if (request.getRequeue()) {
                        some.letters().forEach(letter -> raised.add(dead.raise(name, letter)));
                    }
                    return CompletableFuture.allOf(raised.toArray(CompletableFuture[]::new)).thenApply(done -> some);
                }).thenApply(some -> {
                    EventId next = some.next();
                    var reply = ListDeadEventsReply.newBuilder().setCursor(next == null ? "" : next.text());
                    some.events().forEach(event -> reply.addEvents(events.of(event)));
                    return reply.build();
                });
    }

    private static ChannelName name(int app, String type, String channel) {
        return new ChannelName(app, ConsumerRules.type(type), ConsumerRules.channel(channel));
    }

    private CompletableFuture<@Nullable PullProblem> settle(ChannelName name, String text, How how, long millis) {
        return channels.store().settle(name, ConsumerRules.event(text), how, millis, 0).handle((done, failure) -> {
            if (failure == null && done) {
                metrics.counter(how == How.FIN ? CoordinatorMetric.FINISHED : CoordinatorMetric.REQUEUED).increment();
                return null;
            }
            return PullProblem.newBuilder().setEventId(text).setCode(failure == null ? "not_in_flight" : "unavailable")
                    .setText(failure == null
                            ? "event_id: " + text + " (expected: one that is in flight)"
                            : "the store does not answer (expected: once more)")
                    .build();
        });
    }
}
