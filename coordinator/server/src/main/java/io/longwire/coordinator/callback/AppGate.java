package io.longwire.coordinator.callback;

import io.longwire.coordinator.callback.Breaker.State;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.IntSupplier;

/**
 * What the callbacks of one app share here: how many requests may be under way, and the breaker. A place is reserved
 * while events are asked for, and taken when some have come. One that was reserved for nothing goes to whoever's turn
 * it is, not to who had it: a callback that only looks whether there is something would keep all others from a
 * backend that one request may try. Owned by the loop.
 */
final class AppGate {
    private final IntSupplier most;
    private final Places all;
    private final Breaker breaker;
    private final Executor loop;
    private final List<Sender> senders = new ArrayList<>();
    private int taken;
    private int reserved;
    private int returned;
    private int turn;

    /**
     * The places of the process, and the bytes of events in them: {@value #BYTES} a place on average, then nothing is
     * asked for until some have gone. What was asked for before that comes on top. Owned by the loop.
     */
    static final class Places {
        private static final long BYTES = 64 << 10;
        private final IntSupplier most;
        private int taken;
        private long bytes;

        /** @param most asked whenever somebody wants a place */
        Places(IntSupplier most) {
            this.most = most;
        }

        int taken() {
            return taken;
        }

        private boolean free() {
            int places = most.getAsInt();
            return taken < places && bytes < places * BYTES;
        }
    }

    /** @param most requests of the app at once, asked whenever one is to begin */
    AppGate(IntSupplier most, Places all, Breaker breaker, Executor loop) {
        this.most = most;
        this.all = all;
        this.breaker = breaker;
        this.loop = loop;
    }

    List<Sender> senders() {
        return senders;
    }

    Breaker breaker() {
        return breaker;
    }

    boolean free(long now) {
        State state = breaker.state(now);
        return taken + reserved < most.getAsInt() && all.free()
                && (state == State.CLOSED || (state == State.DUE && reserved == 0));
    }

    /** Events are asked for: there may have to be a place. */
    void reserve() {
        reserved++;
    }

    /** They have come, or have not: when they have taken their place, who waits for one looks. */
    void unreserve() {
        if (returned++ == 0) {
            loop.execute(() -> {
                reserved -= returned;
                returned = 0;
                refresh();
            });
        }
    }

    /** A request begins; the breaker's word for it. */
    int begin(long now) {
        taken++;
        all.taken++;
        return breaker.begin(now);
    }

    /** There are so many bytes more in its place. */
    void fill(int bytes) {
        all.bytes += bytes;
    }

    /** Its place is free again, and so many bytes: whoever of the app waits for one looks. */
    void end(int bytes) {
        taken--;
        all.taken--;
        all.bytes -= bytes;
        refresh();
    }

    /** There may be a place: the first to look is another one each time. */
    void refresh() {
        List<Sender> now = List.copyOf(senders);
        int first = turn++;
        for (int i = 0; i < now.size(); i++) {
            now.get(Math.floorMod(first + i, now.size())).refresh();
        }
    }
}
