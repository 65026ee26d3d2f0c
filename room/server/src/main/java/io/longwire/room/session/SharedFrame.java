package io.longwire.room.session;

import java.nio.ByteBuffer;

/**
 * A whole frame that many connections get, encoded once. Its bytes stand in memory that a socket can write from, so a
 * {@link Link} that has nothing before it need not copy them. Immutable, for any thread; the memory lives as long as
 * this object or a buffer of it.
 */
public final class SharedFrame {
    private final byte[] bytes;
    private final ByteBuffer direct;

    /** @param bytes of the frame; must never change */
    public SharedFrame(byte[] bytes) {
        this.bytes = bytes;
        this.direct = ByteBuffer.allocateDirect(bytes.length).put(bytes).flip().asReadOnlyBuffer();
    }

    /** For who copies them; not to be changed. */
    public byte[] bytes() {
        return bytes;
    }

    /** The same bytes, direct and read-only; position and limit are not to be moved. */
    public ByteBuffer direct() {
        return direct;
    }
}
