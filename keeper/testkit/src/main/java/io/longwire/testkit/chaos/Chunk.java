package io.longwire.testkit.chaos;

/** What one read brought: the bytes (none = the end of the stream), when, and its draw for the jitter in [0, 1). */
record Chunk(byte[] bytes, long readAtNanos, double luck) {
    boolean end() {
        return bytes.length == 0;
    }
}
