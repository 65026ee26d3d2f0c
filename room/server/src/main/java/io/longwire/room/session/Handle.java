package io.longwire.room.session;

/**
 * What other threads and other processes hold in place of a connection: loop (8 bits), place in its table (24), and
 * the generation of that place (32), so that a late handle finds nothing instead of a stranger.
 */
public final class Handle {
    public static final int LOOPS = 256;
    public static final int PLACES = 1 << 24;

    private Handle() {
    }

    public static long of(int loop, int place, int generation) {
        return (long) loop << 56 | (long) place << 32 | (generation & 0xFFFFFFFFL);
    }

    public static int loop(long handle) {
        return (int) (handle >>> 56);
    }

    public static int place(long handle) {
        return (int) (handle >>> 32) & (PLACES - 1);
    }

    public static int generation(long handle) {
        return (int) handle;
    }
}
