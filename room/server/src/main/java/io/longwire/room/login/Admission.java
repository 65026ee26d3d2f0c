package io.longwire.room.login;

import io.longwire.device.Code;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;

/** Whether the room takes logins now, and how many at once. Thread-safe. */
public final class Admission {
    private static final int RETRY_MILLIS = 1_000;
    private static final int RETRY_SPREAD_MILLIS = 9_000;

    private final IntSupplier limit;
    private final AtomicInteger underWay = new AtomicInteger();
    private volatile boolean fenced;
    private volatile boolean draining;
    private volatile boolean loading;

    /** @param limit logins under way at once in the whole room */
    public Admission(int limit) {
        this(() -> limit);
    }

    /** @param limit as above, read at each login */
    public Admission(IntSupplier limit) {
        this.limit = limit;
    }

    /** Cut off from ZooKeeper while others are not: no login is taken. */
    public void fenced(boolean cutOff) {
        fenced = cutOff;
    }

    /** It is not known yet which broadcasts a phone should get: no login is taken. */
    public void loading(boolean notYet) {
        loading = notYet;
    }

    /** The room is about to end, for good. */
    public void drain() {
        draining = true;
    }

    public boolean draining() {
        return draining;
    }

    /** OK, or the code that logins and bindings are refused with now. */
    public int verdict() {
        if (draining) {
            return Code.SHUTDOWN;
        }
        return fenced || loading ? Code.NOT_SERVING : Code.OK;
    }

    /** Takes one of the places; whoever got true gives it back by {@link #end}. */
    public boolean begin() {
        if (underWay.incrementAndGet() <= limit.getAsInt()) {
            return true;
        }
        underWay.decrementAndGet();
        return false;
    }

    public void end() {
        underWay.decrementAndGet();
    }

    public int underWay() {
        return underWay.get();
    }

    /** When a refused phone may come back: 1 to 10 s, spread. */
    public static int retryAfterMillis() {
        return RETRY_MILLIS + ThreadLocalRandom.current().nextInt(RETRY_SPREAD_MILLIS);
    }
}
