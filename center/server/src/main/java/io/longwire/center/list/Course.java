package io.longwire.center.list;

import com.google.protobuf.InvalidProtocolBufferException;
import io.longwire.center.access.Quota;
import io.longwire.center.access.Quotas;
import io.longwire.device.v1.Push;
import io.longwire.keeper.clock.Clock;
import io.longwire.rpc.saver.AppRecord;
import io.longwire.rpc.saver.Broadcast;
import io.longwire.rpc.saver.BroadcastProgress;
import java.util.concurrent.CompletableFuture;

/** One broadcast to a list as this center knows it: what it says, whether it goes on, and how fast. Thread-safe. */
final class Course {
    /** A tenth of the app's sends a second is left to what is not a list. */
    private static final int LEFT_TO_OTHERS = 10;
    private static final double SLICE_SECONDS = 60;
    private static final int SLICE = 1_000;
    private static final double NOT_KNOWN = -1;

    private final Quotas quotas;
    private final Push push;
    private final Pacer pacer;
    private final Clock clock;
    private volatile Broadcast broadcast;
    private volatile long pausedNanos; // since then its state is what it is, as this center knows
    private volatile long sendsPerSecond; // 0 = not known yet
    private volatile double rate = NOT_KNOWN;

    Course(Broadcast broadcast, Quotas quotas, Clock clock) {
        this.broadcast = broadcast;
        this.quotas = quotas;
        this.push = push(broadcast);
        this.clock = clock;
        this.pausedNanos = clock.nanos();
        this.pacer = new Pacer(clock, this::take);
        pacer.goes(goes());
    }

    private static Push push(Broadcast broadcast) {
        try {
            return Push.parseFrom(broadcast.getEnvelope());
        } catch (InvalidProtocolBufferException broken) {
            throw new IllegalStateException("broadcast " + broadcast.getBroadcastId() + ": unreadable envelope",
                    broken);
        }
    }

    Broadcast broadcast() {
        return broadcast;
    }

    Push push() {
        return push;
    }

    boolean goes() {
        return broadcast.getState() == Broadcast.State.RUNNING;
    }

    /** Whether it is paused for so long that nothing of it is under way at any center. */
    boolean rests() {
        return broadcast.getState() == Broadcast.State.PAUSED
                && clock.nanos() - pausedNanos >= RevokeRange.SETTLED.toNanos();
    }

    /** As it has become. Answers whether its pace is another one: its share is to be told anew. */
    boolean update(Broadcast now) {
        boolean paced;
        synchronized (this) {
            Broadcast before = broadcast;
            if (Integer.compareUnsigned(now.getVersion(), before.getVersion()) >= 0) {
                broadcast = now;
            }
            paced = !broadcast.getPace().equals(before.getPace());
            if (broadcast.getState() != before.getState()) {
                pausedNanos = clock.nanos();
            }
        }
        pacer.goes(goes());
        return paced;
    }

    /** The app as it is now. */
    void app(AppRecord app) {
        sendsPerSecond = app.getSendsPerSecond();
    }

    /** No pace but the app's. */
    void unlimited() {
        rate = Pacer.UNLIMITED;
        pacer.rate(rate);
    }

    /**
     * Its share of the pace: that of the endpoints that are left here.
     *
     * @param left endpoints of the ranges that are walked here and have not been through
     * @param backend may make it less
     */
    void share(BroadcastProgress progress, long left, BackendPace backend) {
        var pace = broadcast.getPace();
        double asked = pace.getDurationS() > 0
                ? (double) progress.getTotal() / pace.getDurationS()
                : pace.getRatePerSecond();
        double whole = backend.bound(broadcast, asked, progress.getTotal());
        if (whole == 0 && pace.getDurationS() == 0 && pace.getRatePerSecond() == 0) {
            unlimited(); // as its backend has it by now
            return;
        }
        long all = Math.max(1, progress.getTotal() - progress.getVisited());
        rate = Math.max(0.01, whole * Math.min(1, (double) left / all));
        pacer.rate(rate);
    }

    /** True = one may be sent now; false = it does not go on. */
    CompletableFuture<Boolean> permit() {
        return pacer.permit();
    }

    /** Sends wait for the app's quota. */
    boolean starved() {
        return pacer.starved();
    }

    /** Endpoints of a message, so that they are through long before its id is too old. */
    int slice(int openRanges) {
        double paced = rate == NOT_KNOWN ? wanted() : rate;
        double most = sendsPerSecond == 0 ? Double.MAX_VALUE : sendsPerSecond;
        double perSecond = paced == Pacer.UNLIMITED ? most : Math.min(paced, most);
        return (int) Math.clamp(SLICE_SECONDS * perSecond / Math.max(1, openRanges), 1, SLICE);
    }

    private double wanted() {
        var pace = broadcast.getPace();
        return pace.getDurationS() > 0
                ? Math.max(1, (double) broadcast.getEstimated() / pace.getDurationS())
                : pace.getRatePerSecond();
    }

    private int take(int wanted) {
        long limit = sendsPerSecond;
        if (limit == 0) {
            return 0;
        }
        int app = broadcast.getAppId();
        Quota now = quotas.take(app, limit, 0);
        long free = now.remaining() - now.limit() / LEFT_TO_OTHERS;
        return free <= 0 ? 0 : quotas.take(app, limit, (int) Math.min(wanted, free)).granted();
    }
}
