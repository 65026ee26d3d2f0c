package io.longwire.keeper.agent.order;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.longwire.keeper.agent.version.Refusal;
import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.trust.Purpose;
import io.longwire.keeper.trust.TrustedKeys;
import io.longwire.rpc.agent.Order;
import io.longwire.rpc.agent.SignedOrder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.LinkedHashMap;

/**
 * Tells a true order from any other: a trusted key signed it, it is for this host, it is fresh, and it was not seen
 * before. Nonces are remembered for as long as their orders could be fresh, 10,000 of them. What is no longer
 * remembered is told by its time: of an earlier run by the newest order that it obeyed, which is kept on disk, since
 * keepers' clocks may be ahead of this one; of this run by the newest that was forgotten. Thread-safe.
 */
final class Known {
    private static final long FRESH_MILLIS = 60_000;
    private static final int MOST_NONCES = 10_000;
    private static final int NONCE_BYTES = 16;
    private static final int SHOWN = 80;

    private final String host;
    private final TrustedKeys trusted;
    private final Clock clock;
    private final long startedMillis;
    private final LinkedHashMap<ByteString, Long> nonces = new LinkedHashMap<>(); // to at_ms; guarded by itself
    private final NewestOrder newest; // guarded by nonces
    private long forgotten; // guarded by nonces

    /** @param newest where the time of the newest order is kept */
    Known(String host, TrustedKeys trusted, Path newest, Clock clock) {
        this.host = host;
        this.trusted = trusted;
        this.clock = clock;
        this.startedMillis = clock.wallMillis();
        this.newest = new NewestOrder(newest, startedMillis + FRESH_MILLIS);
        this.forgotten = this.newest.atMillis();
    }

    /** The order. Throws {@link Refusal}. */
    Order check(SignedOrder signed) {
        byte[] content = signed.getOrder().toByteArray();
        if (!trusted.signed(signed.getKeyId(), Purpose.ORDER, content, signed.getSignature().toByteArray())) {
            throw Refusal.untrusted("signature: " + (trusted.knows(signed.getKeyId())
                    ? "wrong"
                    : "of an unknown key " + shown(signed.getKeyId()))
                    + " (expected: of a trusted key, over this order)");
        }
        Order order;
        try {
            order = Order.parseFrom(content);
        } catch (InvalidProtocolBufferException broken) {
            throw Refusal.wrong("order: unreadable (expected: an Order)");
        }
        if (!order.getHost().equals(host)) {
            throw Refusal.untrusted("host: " + shown(order.getHost()) + " (expected: " + host + ")");
        }
        fresh(order);
        return order;
    }

    private void fresh(Order order) {
        long now = clock.wallMillis();
        long at = order.getAtMs();
        if (Math.abs(now - at) > FRESH_MILLIS) {
            throw Refusal.untrusted("at_ms: " + (now - at) + " ms ago (expected: within " + FRESH_MILLIS
                    + " of this host's clock)");
        }
        if (at < startedMillis) {
            throw Refusal.untrusted("at_ms: before this agent began (expected: a new order)");
        }
        if (order.getNonce().size() != NONCE_BYTES) {
            throw Refusal.wrong("nonce: " + order.getNonce().size() + " bytes (expected: " + NONCE_BYTES + ")");
        }
        synchronized (nonces) {
            forget(now);
            if (nonces.containsKey(order.getNonce())) {
                throw Refusal.untrusted("nonce: seen before (expected: a new order)");
            }
            if (at <= forgotten) {
                throw Refusal
                        .untrusted("at_ms: not after " + forgotten + ", an order that was obeyed before (expected: "
                                + "a new order)");
            }
            if (nonces.size() >= MOST_NONCES) {
                throw Refusal.full("orders: " + MOST_NONCES + " in two minutes (expected: fewer)");
            }
            try {
                newest.keep(at); // before it is obeyed: a crash must not make it good again
            } catch (IOException full) {
                throw Refusal.failed("orders: the time of this one cannot be kept: " + full + " (expected: it can)");
            }
            nonces.put(order.getNonce(), at);
        }
    }

    // A clock that jumps ahead and back must not make what it made us forget good again.
    private void forget(long now) {
        for (Iterator<Long> all = nonces.values().iterator(); all.hasNext();) {
            long at = all.next();
            if (now - at > 2 * FRESH_MILLIS) {
                forgotten = Math.max(forgotten, at);
                all.remove();
            }
        }
    }

    /** Somebody's text, as far as an error shows it. */
    static String shown(String text) {
        String line = text.replaceAll("\\p{Cntrl}", "?");
        return line.length() <= SHOWN ? line : line.substring(0, SHOWN) + "...";
    }
}
