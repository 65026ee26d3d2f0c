package io.longwire.room.uplink;

import io.longwire.device.Code;
import io.longwire.device.FrameType;
import io.longwire.device.Limits;
import io.longwire.device.MessageRules;
import io.longwire.device.ProtocolError;
import io.longwire.device.v1.Uplink;
import io.longwire.device.v1.UplinkReply;
import io.longwire.keeper.metrics.Metrics;
import io.longwire.keeper.metrics.Metrics.Counter;
import io.longwire.room.metric.CodeCounters;
import io.longwire.room.metric.RoomMetric;
import io.longwire.room.session.Connection;
import io.longwire.room.session.EndpointRate;
import io.longwire.room.session.Loop;
import io.longwire.room.session.Session;
import io.longwire.rpc.coordinator.UplinkItem;
import io.longwire.rpc.coordinator.UplinkResult;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.agrona.collections.Long2ObjectHashMap;
import org.jspecify.annotations.Nullable;

/**
 * UPLINK: checked, limited, handed to a coordinator; OK goes to the phone when it is durable there and never before. A
 * bad one is refused by its answer and costs no neighbour on the connection anything. The room keeps none: an answer
 * that finds the connection gone is dropped and counted, the phone sends the uplink again on its next one, and the
 * coordinator knows it by endpoint and seq.
 *
 * <p>Bounds: so many on a connection ({@link Limits#UPLINKS_CONNECTION}), bytes on the loop, a rate for each endpoint.
 * Uplinks are shed, BUSY, while the loop is late by more than 200 ms and for a second after: before any push, and after
 * the walks of broadcasts, which rest at 50 ms. Owner: the loop.
 */
public final class Uplinks {
    /** A tick is due every 50 ms; with so many missing the loop is late. */
    private static final int LATE_TICKS = 4;
    private static final int SHED_TICKS = Loop.TICKS_PER_SECOND;
    private static final int REMEMBERED = 64 * 1024;
    private static final int RETRY_MILLIS = 3_000;

    private final Loop loop;
    private final UplinkSink sink;
    private final UplinkLimits limits;
    private final EndpointRate rate;
    private final Long2ObjectHashMap<UnderWay> underWay = new Long2ObjectHashMap<>(); // by handle
    private final AtomicInteger waiting = new AtomicInteger(); // written by the loop, read by the gauge
    private final AtomicInteger waitingBytes = new AtomicInteger(); // as above
    private final CodeCounters answered;
    private final Counter shed;
    private final Counter unheard;
    private int bytes;
    private int lastTick;
    private int shedUntil;

    /** @param limits the share of this loop */
    public Uplinks(Loop loop, UplinkSink sink, UplinkLimits limits, Metrics metrics) {
        this.loop = loop;
        this.sink = sink;
        this.limits = limits;
        this.rate = new EndpointRate(limits.burst(), limits.step(), REMEMBERED);
        this.answered = new CodeCounters(metrics, RoomMetric.UPLINKS);
        this.shed = metrics.counter(RoomMetric.UPLINKS_SHED);
        this.unheard = metrics.counter(RoomMetric.UPLINK_REPLIES_UNHEARD);
    }

    /** Called every 50 ms. */
    public void onTick() {
        if (loop.now() - lastTick > LATE_TICKS) {
            shedUntil = loop.now() + SHED_TICKS;
        }
        lastTick = loop.now();
    }

    /** Uplinks without an answer. Any thread. */
    public int waiting() {
        return waiting.get();
    }

    /** Bytes of those. Any thread. */
    public int waitingBytes() {
        return waitingBytes.get();
    }

    /** An UPLINK frame. Throws if it names no request to answer. */
    public void onUplink(Connection connection, Uplink uplink) throws ProtocolError {
        try {
            MessageRules.check(uplink);
        } catch (ProtocolError broken) {
            if (uplink.getReqId() == 0) {
                throw broken;
            }
            refuse(connection, uplink, broken.code(), 0, String.valueOf(broken.getMessage()));
            return;
        }
        Session session = connection.find(uplink.getEndpointId());
        if (session == null) {
            refuse(connection, uplink, Code.NOT_BOUND, 0, "endpoint_id: (expected: one bound to this connection)");
            return;
        }
        UnderWay open = underWay.get(connection.handle());
        if (open != null && open.has(uplink.getReqId())) {
            return;
        }
        if (isLate() || bytes + cost(uplink) > limits.bytes()) {
            shed.increment();
            refuse(connection, uplink, Code.BUSY, retryMillis(), "room: loaded (expected: later)");
        } else if (open != null && !open.hasRoomFor(uplink.getBody().size())) {
            refuse(connection, uplink, Code.BUSY, retryMillis(), "uplinks under way: too many (expected: "
                    + Limits.UPLINKS_CONNECTION + ", and " + Limits.UPLINKS_CONNECTION_BYTES + " bytes)");
        } else {
            int wait = rate.take(session.endpointId(), loop.now());
            if (wait > 0) {
                refuse(connection, uplink, Code.RATE, wait, "uplinks: too often (expected: " + limits.burst()
                        + " at once, then " + limits.perSecond() + " a second)");
            } else {
                forward(connection, uplink, session);
            }
        }
    }

    private boolean isLate() { return loop.now() - lastTick > LATE_TICKS || loop.now() < shedUntil; }

    private void forward(Connection connection, Uplink uplink, Session session) {
        long handle = connection.handle();
        long reqId = uplink.getReqId();
        int cost = cost(uplink);
        underWay.computeIfAbsent(handle, first -> new UnderWay()).add(reqId, uplink.getBody().size());
        count(1, cost);
        UplinkItem item = UplinkItem.newBuilder().setEndpointId(session.endpointId()).setAppId(session.appId())
                .setSeq(uplink.getSeq()).setType(uplink.getTopic()).setBody(uplink.getBody())
                .setCodec(uplink.getCodecValue()).setReceivedMs(loop.clock().wallMillis())
                .setTimeoutMs(connection.marked(Connection.REPLIES) ? uplink.getTimeoutMs() : 0)
                .setConnSeq(session.connSeq()).build();
        sink.send(item).whenComplete((result, failure) -> loop.mailbox()
                .answer(() -> onResult(connection, handle, reqId, cost, failure == null ? result : null)));
    }

    /** @param result null = not known whether it was kept */
    private void onResult(Connection connection, long handle, long reqId, int cost, @Nullable UplinkResult result) {
        count(-1, -cost);
        UnderWay open = underWay.get(handle);
        if (open != null) {
            open.remove(reqId);
            if (open.isEmpty()) {
                underWay.remove(handle);
            }
        }
        if (connection.link() == null) {
            unheard.increment();
            return;
        }
        send(connection, reply(result).setReqId(reqId));
    }

    private static UplinkReply.Builder reply(@Nullable UplinkResult result) {
        UplinkReply.Builder reply = UplinkReply.newBuilder();
        if (result == null) {
            return reply.setCode(Code.BUSY).setRetryAfterMs(retryMillis())
                    .setText("coordinator: no answer (expected: a live one)");
        }
        reply.setText(result.getText());
        int asked = Math.max(0, result.getRetryAfterMs());
        return switch (result.getCode()) {
            case KEPT -> reply.setCode(Code.OK);
            case FULL, UNAVAILABLE -> reply.setCode(Code.BUSY).setRetryAfterMs(asked > 0 ? asked : retryMillis());
            case TOO_OFTEN -> reply.setCode(Code.RATE).setRetryAfterMs(asked > 0 ? asked : retryMillis());
            case REFUSED -> reply.setCode(Code.REFUSED);
            case UNRECOGNIZED -> reply.setCode(Code.INTERNAL).setRetryAfterMs(retryMillis());
        };
    }

    private void refuse(Connection connection, Uplink uplink, int code, int retryAfterMillis, String text) {
        send(connection, UplinkReply.newBuilder().setReqId(uplink.getReqId()).setCode(code)
                .setRetryAfterMs(retryAfterMillis).setText(text));
    }

    private void send(Connection connection, UplinkReply.Builder reply) {
        answered.increment(reply.getCode());
        loop.out().frame(connection, FrameType.UPLINK_REPLY, reply.build());
    }

    private void count(int uplinks, int cost) {
        waiting.lazySet(waiting.get() + uplinks);
        bytes += cost;
        waitingBytes.lazySet(bytes);
    }

    private static int cost(Uplink uplink) {
        return uplink.getBody().size() + UplinkLimits.OVERHEAD_BYTES;
    }

    private static int retryMillis() {
        return RETRY_MILLIS + ThreadLocalRandom.current().nextInt(RETRY_MILLIS);
    }
}
