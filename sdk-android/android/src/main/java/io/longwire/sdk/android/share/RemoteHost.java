package io.longwire.sdk.android.share;

import android.os.Bundle;
import android.os.RemoteException;
import io.longwire.sdk.share.Lodging;
import io.longwire.sdk.share.Pipe;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Another app that hosts, as its guest sees it. Opening is a call that may hang with the other app, so it is made on a
 * thread that may; what is sent before its answer waits. Any thread.
 */
final class RemoteHost implements Lodging.Host {
    private static final int EARLY_MAX = 16;

    private final PushHost host;
    private final int uid;
    private final long endpoint;
    private final boolean sealedOnly;
    private final Executor calls;
    private final CallingUid calling;

    /**
     * @param uid whose calls back are taken
     * @param endpoint that the delegation is written for
     * @param sealedOnly whether it must not read what goes through it
     * @param calls runs calls that may hang
     */
    RemoteHost(PushHost host, int uid, long endpoint, boolean sealedOnly, Executor calls, CallingUid calling) {
        this.host = host;
        this.uid = uid;
        this.endpoint = endpoint;
        this.sealedOnly = sealedOnly;
        this.calls = calls;
        this.calling = calling;
    }

    @Override
    public long endpoint() {
        return endpoint;
    }

    @Override
    public boolean isSealedOnly() { return sealedOnly; }

    @Override
    public @Nullable Pipe open(Lodging.Back back) {
        Way way = new Way(back);
        try {
            calls.execute(() -> way.open(host, new FromHost(uid, back, calling)));
            return way;
        } catch (RejectedExecutionException busy) {
            return null;
        }
    }

    /** What the host says; from nobody else. */
    private static final class FromHost extends PushGuest.Stub {
        private final int uid;
        private final Lodging.Back back;
        private final CallingUid calling;

        FromHost(int uid, Lodging.Back back, CallingUid calling) {
            this.uid = uid;
            this.back = back;
            this.calling = calling;
        }

        @Override
        public void receive(byte @Nullable [] bytes) {
            if (calling.now() == uid && bytes != null) {
                back.onBytes(bytes);
            }
        }

        @Override
        public void end(@Nullable String reason) {
            if (calling.now() == uid) {
                back.onEnd(String.valueOf(reason));
            }
        }
    }

    /** The way to the host. */
    private static final class Way implements Pipe {
        private final Lodging.Back back;
        private final Object lock = new Object();
        private final Deque<byte[]> early = new ArrayDeque<>(); // lock
        private @Nullable PushLine line; // lock
        private boolean closed; // lock

        Way(Lodging.Back back) {
            this.back = back;
        }

        void open(PushHost host, PushGuest.Stub guest) {
            try {
                PushLine opened = host.open(guest, new Bundle());
                if (opened == null) {
                    back.onEnd("the host does not take us");
                    return;
                }
                opened.asBinder().linkToDeath(() -> back.onEnd("the host has died"), 0);
                opened(opened);
            } catch (RemoteException | RuntimeException gone) {
                back.onEnd("the host has gone: " + gone.getMessage());
            }
        }

        private void opened(PushLine opened) throws RemoteException {
            synchronized (lock) {
                for (byte[] bytes = early.poll(); bytes != null; bytes = early.poll()) {
                    opened.send(bytes);
                }
                if (closed) {
                    opened.close();
                } else {
                    line = opened;
                }
            }
        }

        // Both calls are one-way, so holding the lock keeps the order and waits for nobody.
        @Override
        public boolean send(byte[] bytes) {
            synchronized (lock) {
                PushLine to = line;
                if (closed || (to == null && early.size() >= EARLY_MAX)) {
                    return false;
                }
                if (to == null) {
                    early.add(bytes);
                    return true;
                }
                try {
                    to.send(bytes);
                    return true;
                } catch (RemoteException gone) {
                    return false;
                }
            }
        }

        @Override
        public void close() {
            synchronized (lock) {
                PushLine to = line;
                closed = true;
                line = null;
                try {
                    if (to != null) {
                        to.close();
                    }
                } catch (RemoteException gone) {
                    // Closed already, by its end.
                    return;
                }
            }
        }
    }
}
