package io.longwire.coordinator.callback;

import io.longwire.coordinator.callback.Breaker.State;
import java.util.ArrayList;
import java.util.List;

/**
 * What the callbacks of one app share here: how many requests may be under way, and the breaker. A place is reserved
 * while events are asked for, and taken when some have come. Owned by the loop.
 */
final class AppGate {
    private final int most;
    private final Places all;
    private final Breaker breaker;
    private final List<Sender> senders = new ArrayList<>();
    private int taken;
    private int reserved;

    /** The places of the process. Owned by the loop. */
    static final class Places {
        private final int most;
        private int taken;

        Places(int most) {
            this.most = most;
        }

        int taken() {
            return taken;
        }
    }

    AppGate(int most, Places all, Breaker breaker) {
        this.most = most;
        this.all = all;
        this.breaker = breaker;
    }

    List<Sender> senders() {
        return senders;
    }

    Breaker breaker() {
        return breaker;
    }

    boolean free(long now) {
        State state = breaker.state(now);
        return taken + reserved < most && all.taken < all.most
                && (state == State.CLOSED || (state == State.DUE && reserved == 0));
    }

    void reserve(int places) {
        reserved += places;
    }

    /** A request begins; the breaker's word for it. */
    int begin() {
        taken++;
        all.taken++;
        return breaker.begin();
    }

    /** Its place is free again: whoever of the app waits for one looks. */
    void end() {
        taken--;
        all.taken--;
        refresh();
    }

    /** There may be a place. */
    void refresh() {
        List.copyOf(senders).forEach(Sender::refresh);
    }
}
