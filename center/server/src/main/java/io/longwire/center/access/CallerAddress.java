package io.longwire.center.access;

import java.net.InetAddress;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * Where a call comes from: the peer of its connection; if that is one of the configured balancers, the last address in
 * {@code X-Forwarded-For} that is not a balancer's. What a caller writes there itself stands further to the left and is
 * never believed. Thread-safe.
 */
public final class CallerAddress {
    private final Supplier<Networks> balancers;

    /** @param balancers asked for each call */
    public CallerAddress(Supplier<Networks> balancers) {
        this.balancers = balancers;
    }

    /** @param forwardedFor the header, all of its lines joined with commas; null = none */
    public InetAddress of(InetAddress peer, @Nullable String forwardedFor) {
        Networks believed = balancers.get();
        InetAddress from = peer;
        String rest = forwardedFor == null ? "" : forwardedFor;
        while (!rest.isEmpty() && believed.has(from)) {
            int comma = rest.lastIndexOf(',');
            InetAddress before = Networks.address(rest.substring(comma + 1).strip());
            if (before == null) {
                return from;
            }
            from = before;
            rest = comma < 0 ? "" : rest.substring(0, comma);
        }
        return from;
    }
}
