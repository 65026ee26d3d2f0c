package io.longwire.sdk.share;

import io.longwire.sdk.loop.Loop;
import io.longwire.sdk.transport.Address;
import io.longwire.sdk.transport.Dialer;
import org.jspecify.annotations.Nullable;

/**
 * Where this app's connection goes: to a room by itself, or through the app that hosts. Dials as it was told last; a
 * host that does not take the app costs nothing but the way to a room by itself. Belongs to the loop.
 */
public final class Lodging implements Dialer {
    /** A line whose end begins so ends because another app hosts from now on; its package follows. */
    public static final String MOVED = "moved to ";
    /** A pipe that ends sooner has served nobody. */
    static final long SHORT_MILLIS = 10_000;
    /** So many of these in a row, and the app goes to a room by itself. */
    static final int SHORT_MAX = 3;

    private final Loop loop;
    private final Dialer rooms;
    private @Nullable Host host;
    private @Nullable Owner owner;
    private Sealing sealing = () -> false;
    private boolean passedOver; // the host, at the last dial: it may not read, and nothing can be sealed
    private @Nullable HostWire answered; // the latest pipe that the host has said something on
    private boolean through;
    private int shortOnes;

    /** An app that holds a connection, as its guest sees it. */
    public interface Host {
        /** The endpoint that owns the connection. */
        long endpoint();

        /** Whether it must not read what goes through it: it is signed by somebody else. */
        default boolean isSealedOnly() {
            return false;
        }

        /**
         * Opens a pipe to it.
         *
         * @param back what comes, and the end; on any thread, once there is a pipe
         * @return null = it does not take us
         */
        @Nullable
        Pipe open(Back back);
    }

    /** Tells whether all that goes through a host that must not read would be sealed; on the loop. */
    public interface Sealing {
        boolean isReady();
    }

    /** Told what becomes of the host; on the loop. */
    public interface Owner {
        /** The connection goes through the host now, or no longer: a phone need not be woken for one that does. */
        void onThrough(boolean is);

        /**
         * A pipe to the host has ended, or there was none.
         *
         * @param givenUp the host is not tried any more until it is told anew
         */
        void onEnd(boolean givenUp);

        /** The host has said, by a line's end, that this package hosts from now on; {@link #onEnd} came before. */
        default void onMoved(String to) {
        }
    }

    /** What a host says. Any thread. */
    public interface Back {
        void onBytes(byte[] bytes);

        /** It is gone, or has closed the pipe; at most once. {@link #MOVED} in front is understood. */
        void onEnd(String reason);
    }

    public Lodging(Loop loop, Dialer rooms) {
        this.loop = loop;
        this.rooms = rooms;
    }

    /** Tells this one from now on. */
    public void tells(Owner hears) {
        owner = hears;
    }

    /** Without it no host is taken that must not read. */
    public void asks(Sealing answers) {
        sealing = answers;
    }

    /** Goes through this host from the next dial on; null = to a room by itself. */
    public void at(@Nullable Host takes) {
        host = takes;
        passedOver = false;
        shortOnes = 0;
        tell();
    }

    /** Whether the next dial goes through a host. */
    public boolean isGuest() { return host != null; }

    @Override
    public Dial dial(Address address, long timeoutMillis, DialListener listener) {
        Host takes = host;
        passedOver = takes != null && takes.isSealedOnly() && !sealing.isReady();
        if (takes == null || passedOver) {
            return rooms.dial(address, timeoutMillis, listener);
        }
        HostWire wire = new HostWire(loop, takes, this);
        Pipe pipe = takes.open(wire);
        if (pipe == null) {
            ended(wire, true);
            return rooms.dial(address, timeoutMillis, listener);
        }
        wire.through(pipe);
        Attempt attempt = new Attempt(wire);
        loop.execute(() -> attempt.opened(listener));
        return attempt;
    }

    @Override
    public boolean passesOver() {
        return passedOver && host != null;
    }

    /** The host has said something on this pipe. */
    void answered(HostWire wire) {
        answered = wire;
        tell();
    }

    // A host that refuses, or lives a moment each time, is none.
    void ended(HostWire wire, long livedMillis, String reason) {
        shortOnes = livedMillis < SHORT_MILLIS ? shortOnes + 1 : 0;
        ended(wire, shortOnes >= SHORT_MAX);
        Owner hears = owner;
        if (hears != null && reason.startsWith(MOVED)) {
            hears.onMoved(reason.substring(MOVED.length()));
        }
    }

    private void ended(HostWire wire, boolean givesUp) {
        boolean givenUp = givesUp && host != null;
        host = givesUp ? null : host;
        answered = answered == wire ? null : answered;
        tell();
        if (owner != null) {
            owner.onEnd(givenUp);
        }
    }

    private void tell() {
        boolean is = answered != null && host != null;
        if (is != through) {
            through = is;
            if (owner != null) {
                owner.onThrough(is);
            }
        }
    }

    private static final class Attempt implements Dial {
        private final HostWire wire;
        private boolean over;

        Attempt(HostWire wire) {
            this.wire = wire;
        }

        void opened(DialListener listener) {
            if (!over) {
                over = true;
                listener.onOpen(wire);
            }
        }

        @Override
        public void cancel() {
            if (!over) {
                over = true;
                wire.close(0);
            }
        }
    }
}
