package io.longwire.sdk.transport;

import io.longwire.sdk.loop.Loop;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * A wire on a blocking socket. The thread that dialled reads; a second one writes, and lives only while there is
 * something to write. The reader is never more than {@link #CHUNKS} chunks ahead of the loop; at most
 * {@link #QUEUE_MAX_BYTES} wait to be written. Closing closes the TCP socket under the TLS one, because closing the
 * TLS socket itself may wait for a write that hangs.
 */
final class SocketWire implements Dialer.OpenWire {
    private static final int CHUNKS = 4;
    private static final int CHUNK_BYTES = 16 * 1024;
    private static final int QUEUE_MAX_BYTES = 256 * 1024;

    private final Loop loop;
    private final Socket raw;
    private final Socket socket;
    private final Executor threads;
    private final Semaphore ahead = new Semaphore(CHUNKS);
    private final Semaphore started = new Semaphore(0);

    private final Object queueLock = new Object();
    private final Deque<byte[]> queue = new ArrayDeque<>(); // queueLock
    private int queuedBytes; // queueLock
    private boolean writing; // queueLock
    private boolean closing; // queueLock

    private @Nullable Listener listener; // loop
    private boolean closed; // loop

    SocketWire(Loop loop, Socket raw, Socket socket, Executor threads) {
        this.loop = loop;
        this.raw = raw;
        this.socket = socket;
        this.threads = threads;
    }

    @Override
    public void start(Listener reader) {
        listener = reader;
        started.release();
    }

    @Override
    public boolean send(byte[] bytes) {
        synchronized (queueLock) {
            if (closing || queuedBytes + bytes.length > QUEUE_MAX_BYTES) {
                return false;
            }
            queue.add(bytes);
            queuedBytes += bytes.length;
            if (writing) {
                return true;
            }
            writing = true;
        }
        try {
            threads.execute(this::write);
            return true;
        } catch (RejectedExecutionException full) {
            loop.execute(() -> shut("no free thread to write"));
            return false;
        }
    }

    @Override
    public void close(long lingerMillis) {
        boolean idle;
        synchronized (queueLock) {
            closing = true;
            idle = !writing;
        }
        if (idle || lingerMillis <= 0) {
            shut("closed here");
        } else {
            loop.after(lingerMillis, () -> shut("closed here"));
        }
    }

    /** Reads until the end; on the thread that dialled. */
    void read() {
        String reason = "closed by the peer";
        try {
            started.acquire();
            InputStream in = socket.getInputStream();
            byte[] chunk = new byte[CHUNK_BYTES];
            for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
                byte[] bytes = Arrays.copyOf(chunk, n);
                ahead.acquire();
                loop.execute(() -> tellBytes(bytes));
            }
        } catch (IOException | RuntimeException end) {
            reason = String.valueOf(end.getMessage());
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            reason = "stopped";
        }
        closeQuietly(raw);
        String told = reason;
        loop.execute(() -> shut(told));
    }

    private void write() {
        try {
            OutputStream out = socket.getOutputStream();
            for (byte[] bytes = nextBytes(); bytes != null; bytes = nextBytes()) {
                out.write(bytes);
                out.flush();
            }
        } catch (IOException | RuntimeException broken) {
            String reason = String.valueOf(broken.getMessage());
            loop.execute(() -> shut(reason));
        }
    }

    // All that waits, in one piece: one TLS record and one packet for frames that were sent together.
    private byte @Nullable [] nextBytes() {
        boolean last;
        synchronized (queueLock) {
            if (!queue.isEmpty()) {
                ByteArrayOutputStream all = new ByteArrayOutputStream(queuedBytes);
                for (byte[] one : queue) {
                    all.write(one, 0, one.length);
                }
                queue.clear();
                queuedBytes = 0;
                return all.toByteArray();
            }
            writing = false;
            last = closing;
        }
        if (last) {
            loop.execute(() -> shut("closed here"));
        }
        return null;
    }

    private void tellBytes(byte[] bytes) {
        ahead.release();
        Listener to = listener;
        if (!closed && to != null) {
            to.onBytes(bytes, bytes.length);
        }
    }

    private void shut(String reason) {
        closeQuietly(raw);
        synchronized (queueLock) {
            closing = true;
        }
        if (closed) {
            return;
        }
        closed = true;
        started.release();
        Listener to = listener;
        if (to != null) {
            to.onClosed(reason);
        }
    }

    static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException alreadyBroken) {
            // Nothing is left to close; the reader's own end follows.
            return;
        }
    }
}
