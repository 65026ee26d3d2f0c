package io.longwire.sdk.share;

import io.longwire.sdk.loop.Loop;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** Both roles of an app that shares: host of {@link Guests}, or guest by its {@link Lodging}. Any thread. */
public final class Sharing {
    private final Loop loop;
    private final Guests guests;
    private final Lodging lodging;
    private final Runnable move;

    /**
     * @param move has the phone dial anew, and leave the present connection for what comes of it; run by the loop
     */
    public Sharing(Loop loop, Guests guests, Lodging lodging, Runnable move) {
        this.loop = loop;
        this.guests = guests;
        this.lodging = lodging;
        this.move = move;
    }

    /** The loop that both roles belong to. */
    public Loop loop() {
        return loop;
    }

    /** The endpoint that guests delegate to; 0 = this app holds no connection now. */
    public long hostEndpoint() {
        return guests.hostEndpoint();
    }

    /**
     * Takes a guest in; whoever calls has seen who it is.
     *
     * @param appId the app that its package stands for
     * @param back the way to it; closed when there is no place
     * @return takes what the guest sends; closed when its process is gone
     */
    public Pipe takeIn(int appId, Pipe back) {
        Entrance entrance = new Entrance(loop);
        loop.execute(() -> {
            GuestLine line = guests.admit(appId, back);
            if (line == null) {
                back.close();
            } else {
                entrance.opened(line);
            }
        });
        return entrance;
    }

    /** The app was removed from the phone, or from the group. */
    public void expel(int appId) {
        loop.execute(() -> guests.expel(appId));
    }

    /** Ends the pipes of all guests, and has them told that this package hosts from now on. */
    public void dismissAll(String to) {
        loop.execute(() -> guests.closeAll(Lodging.MOVED + to));
    }

    /** Has this one told, by the loop, what becomes of the host that {@link #lodgeAt} named. */
    public void tells(Lodging.Owner owner) {
        loop.execute(() -> lodging.tells(owner));
    }

    /** Goes through this host from now on, once a connection through it stands; null = to a room by itself. */
    public void lodgeAt(Lodging.@Nullable Host host) {
        loop.execute(() -> {
            lodging.at(host);
            move.run();
        });
    }

    /** What a guest sends, on its way to the loop: in order, and no more of it than a guest may have in hand. */
    private static final class Entrance implements Pipe {
        private static final int BYTES_MAX = 256 * 1024;

        private final Loop loop;
        private final Object lock = new Object();
        private final Deque<byte[]> waiting = new ArrayDeque<>(); // lock
        private int bytes; // lock
        private boolean closed; // lock
        private @Nullable GuestLine line; // loop

        Entrance(Loop loop) {
            this.loop = loop;
        }

        void opened(GuestLine admitted) {
            line = admitted;
            drain();
            synchronized (lock) {
                if (!closed) {
                    return;
                }
            }
            admitted.onGone();
        }

        @Override
        public boolean send(byte[] more) {
            synchronized (lock) {
                if (closed || bytes + more.length > BYTES_MAX) {
                    return false;
                }
                waiting.add(more);
                bytes += more.length;
            }
            loop.execute(this::drain);
            return true;
        }

        @Override
        public void close() {
            synchronized (lock) {
                closed = true;
            }
            loop.execute(() -> {
                GuestLine known = line;
                if (known != null) {
                    known.onGone();
                }
            });
        }

        private void drain() {
            GuestLine known = line;
            if (known == null) {
                return;
            }
            for (byte[] one = next(); one != null; one = next()) {
                known.onBytes(one);
            }
        }

        private byte @Nullable [] next() {
            synchronized (lock) {
                byte[] one = waiting.poll();
                bytes -= one == null ? 0 : one.length;
                return one;
            }
        }
    }
}
