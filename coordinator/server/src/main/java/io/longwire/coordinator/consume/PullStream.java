package io.longwire.coordinator.consume;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.longwire.coordinator.CoordinatorMetric;
import io.longwire.coordinator.channel.ChannelName;
import io.longwire.coordinator.channel.ChannelStore.How;
import io.longwire.coordinator.channel.Channels;
import io.longwire.coordinator.channel.EventId;
import io.longwire.coordinator.channel.Given;
import io.longwire.coordinator.channel.Refusal;
import io.longwire.coordinator.channel.Taker;
import io.longwire.coordinator.reply.Replies;
import io.longwire.coordinator.reply.ReplyState;
import io.longwire.keeper.metrics.Metrics;
import io.longwire.rpc.coordinator.PullFrame;
import io.longwire.rpc.coordinator.PullProblem;
import io.longwire.rpc.coordinator.PullReply;
import io.longwire.rpc.coordinator.Replied;
import io.longwire.rpc.coordinator.ReplyRequest;
import io.longwire.rpc.coordinator.Requeue;
import io.longwire.rpc.coordinator.Subscribe;
import io.longwire.rpc.coordinator.Subscribed;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * A pull stream from its subscription to its end. What is in flight stands here, oldest first; what is still in flight
 * at the end is given back at once. Owned by the loop of the channels; about 200 bytes for each event in flight.
 */
final class PullStream implements Taker {
    private final Parts parts;
    private final ChannelName name;
    private final Duration inFlight;
    private final ServerCallStreamObserver<PullReply> replies;
    private final Map<String, Flight> flights = new LinkedHashMap<>();
    private int rdy;
    private int promised;
    private boolean attached;
    private boolean closing;
    private boolean gone;

    /** What all streams of the process share. */
    record Parts(Channels channels, Events events, Replies replies, Metrics metrics) {
    }

    private record Flight(EventId id, int attempt, long untilNanos) {
    }

    private PullStream(Parts parts, ChannelName name, Duration inFlight,
            ServerCallStreamObserver<PullReply> replies) {
        this.parts = parts;
        this.name = name;
        this.inFlight = inFlight;
        this.replies = replies;
    }

    /** Throws INVALID_ARGUMENT for a subscription that breaks a rule. */
    static PullStream of(Parts parts, int app, Subscribe subscribe, ServerCallStreamObserver<PullReply> replies) {
        return new PullStream(parts,
                new ChannelName(app, ConsumerRules.type(subscribe.getType()),
                        ConsumerRules.channel(subscribe.getChannel())),
                ConsumerRules.inFlight(subscribe.getInFlightMs(), parts.channels.config().inFlight()), replies);
    }

    /** Joins the channel and says so. On the loop. */
    void open() {
        parts.channels.attach(name, this).whenCompleteAsync((done, failure) -> {
            if (failure != null) {
                fail(Failures.status(failure));
                return;
            }
            attached = true;
            if (gone) {
                parts.channels.detach(name, this);
                return;
            }
            send(PullReply.newBuilder().setSubscribed(Subscribed.newBuilder().setInFlightMs((int) inFlight.toMillis())
                    .setMaxAttempts(parts.channels.config().maxAttempts()).setMaxRdy(ConsumerRules.MAX_RDY)).build());
        }, parts.channels.loop());
    }

    /** One frame of the consumer. On the loop. */
    void frame(PullFrame frame) {
        if (gone) {
            return;
        }
        switch (frame.getVerbCase()) {
            case RDY -> ready(frame.getRdy());
            case FIN -> fin(frame.getFin());
            case REQ -> req(frame.getReq());
            case TOUCH -> touch(frame.getTouch());
            case REPLY -> reply(frame.getReply());
            case CLOSE -> {
                closing = true;
                endIfDone();
            }
            case SUBSCRIBE -> problem("", "bad_value", "subscribe: a second one (expected: one a stream)");
            case VERB_NOT_SET -> problem("", "bad_value",
                    "verb: none (expected: rdy, fin, req, touch, reply or close)");
        }
    }

    /** The transport takes more. On the loop. */
    void writable() {
        if (attached && !gone) {
            parts.channels.refresh(name);
        }
    }

    /** The consumer is gone: what it had is given back. On the loop. */
    void left() {
        if (gone) {
            return;
        }
        gone = true;
        for (Flight flight : flights.values()) {
            parts.metrics.counter(CoordinatorMetric.REQUEUED).increment();
            parts.channels.store().settle(name, flight.id, How.REQ, 0, flight.attempt).whenCompleteAsync(
                    (done, failure) -> parts.channels.wake(name, flight.id.partition(), 0), parts.channels.loop());
        }
        flights.clear();
        if (attached) {
            parts.channels.detach(name, this);
        }
    }

    @Override
    public int credit() {
        return gone || closing || !replies.isReady() ? 0 : Math.max(0, rdy - flights.size() - promised);
    }

    @Override
    public void promise(int events) {
        promised += events;
    }

    @Override
    public void take(Given event) {
        flights.put(event.id().text(), new Flight(event.id(), event.attempt(), until()));
        send(PullReply.newBuilder().setEvent(parts.events.of(event)).build());
    }

    @Override
    public boolean gone() {
        return gone;
    }

    @Override
    public boolean poll() {
        return false;
    }

    @Override
    public Duration inFlight() {
        return inFlight;
    }

    @Override
    public void expire(long nowNanos) {
        for (Iterator<Flight> oldest = flights.values().iterator(); oldest.hasNext();) {
            Flight flight = oldest.next();
            if (flight.untilNanos - nowNanos > 0) {
                break;
            }
            oldest.remove();
            parts.metrics.counter(CoordinatorMetric.TIMED_OUT).increment();
            parts.channels.landed(name, flight.id.partition(), this);
            parts.channels.wake(name, flight.id.partition(), 0);
        }
        endIfDone();
    }

    @Override
    public void end(boolean deleted) {
        if (gone) {
            return;
        }
        if (deleted) {
            fail(Status.NOT_FOUND.withDescription("channel: " + name.channel() + " (expected: one that is there)"));
        } else {
            send(PullReply.newBuilder().setClosing(true).build());
            left();
            replies.onCompleted();
        }
    }

    private void ready(int count) {
        if (count < 0 || count > ConsumerRules.MAX_RDY) {
            problem("", "bad_value", "rdy: " + Integer.toUnsignedString(count) + " (expected: 0 to "
                    + ConsumerRules.MAX_RDY + ")");
            return;
        }
        rdy = count;
        writable();
    }

    // Good for what another stream, or another coordinator, gave to this consumer too.
    private void fin(String text) {
        EventId id = EventId.parse(text);
        if (id == null) {
            problem(text, "bad_value", "fin: not an event_id (expected: the event_id of an event)");
            return;
        }
        Flight flight = flights.remove(text);
        parts.channels.store().settle(name, id, How.FIN, 0, 0).whenCompleteAsync((done, failure) -> {
            if (failure != null) {
                problem(text, "unavailable", "fin: the store does not answer (expected: once more, or it comes again)");
            } else if (done) {
                parts.metrics.counter(CoordinatorMetric.FINISHED).increment();
            } else {
                notInFlight(text);
            }
        }, parts.channels.loop());
        if (flight != null) {
            parts.channels.landed(name, id.partition(), this);
        }
        endIfDone();
    }

    private void req(Requeue requeue) {
        String text = requeue.getEventId();
        int delay = requeue.getDelayMs();
        if (delay < 0 || delay > ConsumerRules.MAX_DELAY_MILLIS) {
            problem(text, "bad_value", "delay_ms: " + Integer.toUnsignedString(delay) + " (expected: 0 to "
                    + ConsumerRules.MAX_DELAY_MILLIS + ")");
            return;
        }
        Flight flight = flights.remove(text);
        if (flight == null) {
            notInFlight(text);
            return;
        }
        parts.metrics.counter(CoordinatorMetric.REQUEUED).increment();
        settled(text, flight, parts.channels.store().settle(name, flight.id, How.REQ, delay, flight.attempt), delay);
        parts.channels.landed(name, flight.id.partition(), this);
        endIfDone();
    }

    private void touch(String text) {
        Flight flight = flights.remove(text);
        if (flight == null) {
            notInFlight(text);
            return;
        }
        flights.put(text, new Flight(flight.id, flight.attempt, until()));
        settled(text, flight, parts.channels.store().settle(name, flight.id, How.TOUCH, inFlight.toMillis(),
                flight.attempt), inFlight.toMillis());
    }

    private void reply(ReplyRequest request) {
        CompletableFuture<ReplyState> told;
        try {
            told = parts.replies.send(name.app(), request);
        } catch (StatusRuntimeException invalid) {
            problem("", "bad_value", String.valueOf(invalid.getStatus().getDescription()));
            return;
        } catch (Refusal busy) {
            problem("", "unavailable", String.valueOf(busy.getMessage()));
            return;
        }
        told.thenAcceptAsync(state -> send(PullReply.newBuilder().setReplied(
                Replied.newBuilder().setReplyTo(request.getReplyTo()).setState(state.label())).build()),
                parts.channels.loop());
    }

    private void settled(String text, Flight flight, CompletableFuture<Boolean> settling,
            long againMillis) {
        settling.whenCompleteAsync((done, failure) -> {
            if (failure != null) {
                problem(text, "unavailable", "the store does not answer; the event comes again after its time");
            } else if (!done) {
                notInFlight(text);
            } else {
                parts.channels.wake(name, flight.id.partition(), againMillis + 1);
            }
        }, parts.channels.loop());
    }

    private long until() {
        return parts.channels.clock().nanos() + inFlight.toNanos();
    }

    private void notInFlight(String text) {
        problem(text, "not_in_flight", "event_id: " + text + " (expected: one that is in flight here)");
    }

    private void problem(String eventId, String code, String text) {
        send(PullReply.newBuilder().setProblem(
                PullProblem.newBuilder().setEventId(eventId).setCode(code).setText(text)).build());
    }

    private void endIfDone() {
        if (closing && !gone && flights.isEmpty() && promised == 0) {
            left();
            replies.onCompleted();
        }
    }

    private void send(PullReply reply) {
        if (!gone && !replies.isCancelled()) {
            replies.onNext(reply);
        }
    }

    /** Ends the call with this. On the loop. */
    void fail(Status status) {
        if (gone) {
            return;
        }
        parts.metrics.counter(CoordinatorMetric.CALLS_REFUSED, "status", status.getCode().name()).increment();
        left();
        if (!replies.isCancelled()) {
            replies.onError(status.asRuntimeException());
        }
    }
}
