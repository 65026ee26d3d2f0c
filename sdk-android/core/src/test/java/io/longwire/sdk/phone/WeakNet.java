package io.longwire.sdk.phone;

import io.longwire.sdk.loop.VirtualLoop;
import io.longwire.sdk.transport.Address;
import io.longwire.sdk.transport.Dialer;
import io.longwire.sdk.transport.Wire;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A network in virtual time, before another one: round trips, a NAT that forgets what was silent for too long without
 * telling either side, links that go dark, addresses that answer nothing.
 */
final class WeakNet implements Dialer {
    private static final long TAIL_MILLIS = 10_000;
    private static final int DIAL_ROUND_TRIPS = 2; // TCP and TLS

    long rttMillis;
    long natMillis = Long.MAX_VALUE;
    /** What a link takes of the phone's in a second, one byte behind the other. */
    long upBytesPerSecond = Long.MAX_VALUE;
    /** What is dialled here times out. */
    final Set<String> blackHoles = new HashSet<>();
    /** Nothing gets through: dials and bytes vanish. */
    boolean dark;
    int dials;
    /** Bursts of bytes of the phone with 10 s of silence before them, which is what a radio wakes up for. */
    final List<Long> wakeUps = new ArrayList<>();
    /** When CONNECTs and other bytes went out. */
    long firstBytesAt = -1;

    private final VirtualLoop loop;
    private final Dialer inner;
    private final List<Link> links = new ArrayList<>();
    private long sentAt = -TAIL_MILLIS;

    WeakNet(VirtualLoop loop, Dialer inner) {
        this.loop = loop;
        this.inner = inner;
    }

    /** Every link that stands is forgotten by the NAT now. */
    void forgetLinks() {
        for (Link link : links) {
            link.forgotten = true;
        }
        links.clear();
    }

    @Override
    public Dial dial(Address address, long timeoutMillis, DialListener listener) {
        dials++;
        sent();
        boolean[] cancelled = new boolean[1];
        Dial[] through = new Dial[1];
        if (dark || blackHoles.contains(address.toString())) {
            loop.after(timeoutMillis, () -> {
                if (!cancelled[0]) {
                    listener.onFailed("time-out");
                }
            });
        } else {
            loop.after(DIAL_ROUND_TRIPS * rttMillis, () -> {
                if (!cancelled[0]) {
                    through[0] = inner.dial(address, timeoutMillis, opening(listener));
                }
            });
        }
        return () -> {
            cancelled[0] = true;
            if (through[0] != null) {
                through[0].cancel();
            }
        };
    }

    private DialListener opening(DialListener listener) {
        return new DialListener() {
            @Override
            public void onOpen(OpenWire wire) {
                Link link = new Link(wire);
                links.add(link);
                listener.onOpen(link);
            }

            @Override
            public void onFailed(String reason) {
                listener.onFailed(reason);
            }
        };
    }

    private void sent() {
        long now = loop.elapsedMillis();
        if (now - sentAt >= TAIL_MILLIS) {
            wakeUps.add(now);
        }
        sentAt = now;
    }

    /** One wire through it. */
    private final class Link implements OpenWire, Wire.Listener {
        private final OpenWire far;
        private @Nullable Listener near;
        private long bytesAt = loop.elapsedMillis();
        private long upAt; // the last byte is through by then
        private boolean forgotten;
        private boolean closed;

        Link(OpenWire far) {
            this.far = far;
        }

        @Override
        public void start(Listener listener) {
            near = listener;
            far.start(this);
        }

        @Override
        public boolean send(byte[] bytes) {
            sent();
            if (firstBytesAt < 0) {
                firstBytesAt = loop.elapsedMillis();
            }
            if (passes()) {
                byte[] copy = bytes.clone();
                long now = loop.elapsedMillis();
                upAt = Math.max(upAt, now) + 1_000L * bytes.length / upBytesPerSecond;
                loop.after(upAt - now + rttMillis / 2, () -> {
                    if (!forgotten) {
                        far.send(copy);
                    }
                });
            }
            return true;
        }

        @Override
        public void close(long lingerMillis) {
            links.remove(this);
            end("closed here");
            far.close(0);
        }

        @Override
        public void onBytes(byte[] bytes, int length) {
            if (passes()) {
                byte[] copy = bytes.clone();
                loop.after(rttMillis - rttMillis / 2, () -> {
                    Listener to = near;
                    if (!closed && !forgotten && to != null) {
                        to.onBytes(copy, length);
                    }
                });
            }
        }

        @Override
        public void onClosed(String reason) {
            if (!closed && passes()) {
                end(reason);
            }
        }

        private void end(String reason) {
            Listener to = near;
            if (!closed && to != null) {
                to.onClosed(reason);
            }
            closed = true;
        }

        private boolean passes() {
            long now = loop.elapsedMillis();
            forgotten |= dark || now - bytesAt > natMillis;
            bytesAt = now;
            return !forgotten;
        }
    }
}
