package io.longwire.keeper.server.console.web;

import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The console's files, from the class path: nothing in them is secret, so nobody need be signed in. Asked for again
 * they cost a 304. Thread-safe.
 */
public final class Assets {
    private static final String FOLDER = "/console/";
    private static final String START = "index.html";
    private static final Pattern NAME = Pattern.compile("[a-z0-9-]+(/[a-z0-9-]+)*\\.[a-z]{2,5}");
    private static final Map<String, String> TYPES = Map.of("html", "text/html; charset=utf-8", "css",
            "text/css; charset=utf-8", "mjs", "text/javascript; charset=utf-8", "svg", "image/svg+xml", "png",
            "image/png", "js", "text/javascript; charset=utf-8", "txt", "text/plain; charset=utf-8");

    private Assets() {
    }

    /** The route of all files; to be the last one. */
    public static Route route() {
        return Route.open("GET", "/(.*)", Assets::answer);
    }

    private static Reply answer(Asked asked) throws IOException {
        String name = asked.variable(1).isEmpty() ? START : asked.variable(1);
        String type = TYPES.get(name.substring(name.lastIndexOf('.') + 1));
        if (type == null || !NAME.matcher(name).matches()) {
            throw missing(name);
        }
        try (InputStream file = Assets.class.getResourceAsStream(FOLDER + name)) {
            if (file == null) {
                throw missing(name);
            }
            byte[] bytes = file.readAllBytes();
            String etag = "\"" + sha256(bytes) + "\"";
            return asked.header("If-None-Match").equals(etag) ? Reply.unchanged(etag) : Reply.file(type, bytes, etag);
        }
    }

    private static Refusal missing(String name) {
        return Refusal.because(Refusal.Why.NOT_FOUND, "path: /" + (name.length() > 64 ? name.substring(0, 64) : name)
                + " (expected: one of the console's)");
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes)).substring(0, 32);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }
}
