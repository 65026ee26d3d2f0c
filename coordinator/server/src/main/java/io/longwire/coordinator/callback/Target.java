package io.longwire.coordinator.callback;

import java.net.URI;

/**
 * Where a callback goes.
 *
 * @param app each has connections of its own
 * @param path with the query, as it stands in the URL
 */
record Target(int app, boolean encrypted, String host, int port, String path) {
    private static final int HTTP = 80;
    private static final int HTTPS = 443;

    /** Throws IllegalArgumentException for what {@link CallbackRules} would have refused. */
    static Target of(int app, String url) {
        URI uri = URI.create(url);
        boolean encrypted = "https".equalsIgnoreCase(uri.getScheme());
        String host = uri.getHost();
        if (host == null) {
            throw new IllegalArgumentException("url: " + url + " (expected: with a host)");
        }
        String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        return new Target(app, encrypted, host.startsWith("[") ? host.substring(1, host.length() - 1) : host,
                uri.getPort() >= 0 ? uri.getPort() : encrypted ? HTTPS : HTTP,
                uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery());
    }

    /** As it stands in the Host header. */
    String authority() {
        String name = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
        return port == (encrypted ? HTTPS : HTTP) ? name : name + ":" + port;
    }

    /** The same host, whatever the path: they share connections. */
    Target connection() {
        return new Target(app, encrypted, host, port, "");
    }
}
