package io.longwire.bench.endpoint;

/** One install of the bench app, with what it shows a room. */
public record BenchEndpoint(String text, long id, int appId, byte[] credential) {
}
