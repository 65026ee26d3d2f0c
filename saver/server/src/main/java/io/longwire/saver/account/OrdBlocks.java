package io.longwire.saver.account;

import java.sql.SQLException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Dense ordinals of endpoints, per app, taken from the app's row in blocks of {@value #BLOCK}. What is left of a
 * block when the process ends is never handed out: a gap of less than a block. Methods block.
 */
final class OrdBlocks {
    static final int BLOCK = 64;

    private static final class Block {
        final ReentrantLock lock = new ReentrantLock();
        long next;
        long end;
    }

    private final Apps apps;
    private final ConcurrentHashMap<Integer, Block> blocks = new ConcurrentHashMap<>();

    OrdBlocks(Apps apps) {
        this.apps = apps;
    }

    /** The next ordinal of the app. Throws IllegalArgumentException for no such app. */
    int next(int app) throws SQLException {
        Block block = blocks.computeIfAbsent(app, any -> new Block());
        block.lock.lock();
        try {
            if (block.next == block.end) {
                block.next = apps.takeOrds(app, BLOCK);
                block.end = block.next + BLOCK;
            }
            if (block.next > 0xffff_ffffL) {
                throw new IllegalArgumentException("app_id: " + app + " (expected: fewer than 2^32 endpoints)");
            }
            return (int) block.next++;
        } finally {
            block.lock.unlock();
        }
    }
}
