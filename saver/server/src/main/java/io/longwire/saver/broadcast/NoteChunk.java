package io.longwire.saver.broadcast;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import org.roaringbitmap.RoaringBitmap;

/**
 * Notes of one kind about 65,536 neighbouring ordinals of a broadcast, on their way to the ledger. Takes further bits
 * until it is sealed, which the first attempt to write it does. Thread-safe.
 */
final class NoteChunk {
    /** Which row they belong to. */
    record Key(long broadcast, int kind, int chunk) implements Comparable<Key> {
        @Override
        public int compareTo(Key other) {
            int byBroadcast = Long.compare(broadcast, other.broadcast);
            int byKind = byBroadcast != 0 ? byBroadcast : Integer.compare(kind, other.kind);
            return byKind != 0 ? byKind : Integer.compare(chunk, other.chunk);
        }
    }

    private final Key key;
    private final int app;
    private final RoaringBitmap bits;
    private final ReentrantLock lock = new ReentrantLock(); // guards bits until sealed
    private boolean sealed;
    /** Completes when all its bits are committed; false = there is no such broadcast. Set before it is shared. */
    CompletableFuture<Boolean> committed = new CompletableFuture<>();

    NoteChunk(Key key, int app, RoaringBitmap bits) {
        this.key = key;
        this.app = app;
        this.bits = bits;
    }

    Key key() {
        return key;
    }

    int app() {
        return app;
    }

    /** False = it is being written, or another app's: begin another one. */
    boolean merge(int given, RoaringBitmap more) {
        lock.lock();
        try {
            if (!sealed && given == app) {
                bits.or(more);
                return true;
            }
            return false;
        } finally {
            lock.unlock();
        }
    }

    /** All bits; no more come. May be called again. */
    RoaringBitmap seal() {
        lock.lock();
        try {
            sealed = true;
            return bits;
        } finally {
            lock.unlock();
        }
    }

    int bytes() {
        lock.lock();
        try {
            return bits.serializedSizeInBytes();
        } finally {
            lock.unlock();
        }
    }
}
