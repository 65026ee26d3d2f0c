package io.longwire.room.resume;

import com.google.protobuf.ByteString;
import io.longwire.device.Limits;
import java.nio.ByteBuffer;
import java.security.SecureRandom;

/**
 * The 16 bytes a phone shows to go on: a random secret (8), and the home handle hidden by a mask of this process and
 * that secret (8), so that no table of tokens is needed. A token opens nothing by itself: each binding proves its
 * endpoint anew. Thread-safe.
 */
public final class ResumeTokens {
    private final long processKey = new SecureRandom().nextLong();
    private final SecureRandom seeds = new SecureRandom();

    /** New secrets for one thread, drawn from the system 128 at a time: a call each would cost three times as much. */
    public static final class Secrets {
        private final SecureRandom seeds;
        private final byte[] drawn = new byte[128 * Long.BYTES];
        private final ByteBuffer left = ByteBuffer.wrap(drawn).position(drawn.length);

        private Secrets(SecureRandom seeds) {
            this.seeds = seeds;
        }

        /** Never 0, never the same again but by chance. */
        public long next() {
            if (!left.hasRemaining()) {
                seeds.nextBytes(drawn);
                left.rewind();
            }
            long secret = left.getLong();
            return secret == 0 ? 1 : secret;
        }
    }

    /** A source for the thread that calls it. */
    public Secrets secrets() {
        return new Secrets(seeds);
    }

    public ByteString token(long home, long secret) {
        return ByteString.copyFrom(ByteBuffer.allocate(Limits.RESUME_TOKEN_BYTES).putLong(secret)
                .putLong(home ^ mask(secret)).flip());
    }

    public static long secret(ByteString token) {
        return token.asReadOnlyByteBuffer().getLong(0);
    }

    /** The handle in the token; that of a token of another process names nothing, or nothing with this secret. */
    public long home(ByteString token) {
        return token.asReadOnlyByteBuffer().getLong(Long.BYTES) ^ mask(secret(token));
    }

    // The finaliser of SplitMix64.
    private long mask(long secret) {
        long z = (secret ^ processKey) + 0x9e3779b97f4a7c15L;
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
