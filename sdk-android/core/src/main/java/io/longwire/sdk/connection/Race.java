package io.longwire.sdk.connection;

import io.longwire.sdk.loop.Loop;
import io.longwire.sdk.policy.Pace;
import io.longwire.sdk.policy.RacePolicy;
import io.longwire.sdk.transport.Address;
import io.longwire.sdk.transport.Dialer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Dials several addresses, staggered, and keeps the first wire that opens. The losers are closed before anything was
 * sent on them, so no room ever sees two CONNECTs of one race. Belongs to the loop; one instance per round.
 */
public final class Race {
    /** How the race ends: exactly one of the two, unless it was cancelled. */
    public interface Listener {
        /** This one is through. {@code took} milliseconds from the start of its dial. */
        void onWinner(Address address, Dialer.OpenWire wire, long took);

        /** This one was not reached; the race goes on. Those that merely lost are not told: they may be good. */
        void onFailed(Address address);

        /** No address was reached; the reasons, in the order they came. */
        void onLost(List<String> reasons);
    }

    private final Loop loop;
    private final Dialer dialer;
    private final List<Address> candidates;
    private final RacePolicy policy;
    private final Listener listener;
    private final List<Dialer.Dial> dials = new ArrayList<>();
    private final List<String> reasons = new ArrayList<>();
    private Loop.@Nullable Timer timer;
    private boolean over;

    /** A race of these candidates, best first; the policy is made for as many. */
    public Race(Loop loop, Dialer dialer, List<Address> candidates, RacePolicy policy, Listener listener) {
        this.loop = loop;
        this.dialer = dialer;
        this.candidates = new ArrayList<>(candidates);
        this.policy = policy;
        this.listener = listener;
    }

    public void start() {
        go();
    }

    /** Ends it; the listener hears nothing any more. */
    public void cancel() {
        end();
    }

    private void go() {
        if (over) {
            return;
        }
        long now = loop.clock().elapsedMillis();
        for (int next = policy.next(now); next >= 0; next = policy.next(now)) {
            dial(next, now);
        }
        if (policy.isLost(now)) {
            end();
            listener.onLost(reasons);
            return;
        }
        Loop.Timer old = timer;
        timer = loop.await(policy.dueAt() - now, this::go);
        if (old != null) {
            old.cancel();
        }
    }

    private void dial(int candidate, long now) {
        Address address = candidates.get(candidate);
        dials.add(dialer.dial(address, Pace.DIAL_MILLIS, new Dialer.DialListener() {
            @Override
            public void onOpen(Dialer.OpenWire wire) {
                won(address, wire, loop.clock().elapsedMillis() - now);
            }

            @Override
            public void onFailed(String reason) {
                failed(candidate, reason);
            }
        }));
    }

    private void won(Address address, Dialer.OpenWire wire, long took) {
        if (over) {
            wire.close(0);
            return;
        }
        end();
        listener.onWinner(address, wire, took);
    }

    private void failed(int candidate, String reason) {
        if (!over) {
            reasons.add(reason);
            listener.onFailed(candidates.get(candidate));
            policy.failed(candidate, loop.clock().elapsedMillis());
            go();
        }
    }

    // Also cancels the winner's dial, which has no effect once its wire is open.
    private void end() {
        over = true;
        for (Dialer.Dial dial : dials) {
            dial.cancel();
        }
        Loop.Timer last = timer;
        if (last != null) {
            last.cancel();
        }
    }
}
