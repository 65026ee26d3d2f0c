package io.longwire.coordinator.callback;

import java.util.Locale;

/** Why a request did not bring its events to the backend; a closed set, for metrics and logs. */
enum Reason {
    /** The name has no address, or the address may not be called. */
    ADDRESS(true),
    /** Too many names are being looked up, of this app or of all. */
    NAMES_BUSY(false),
    /** No connection, or none that TLS can trust. */
    CONNECT(true),
    /** No whole answer in time. */
    TIMEOUT(true),
    /** The connection ended before the answer did. */
    CUT_OFF(true),
    /** What came is no HTTP. */
    NOT_HTTP(true),
    /** More than 8 KB. */
    TOO_LARGE(true),
    /** 2xx with JSON that says nothing we know how to read. */
    BAD_ANSWER(true),
    /** 3xx: redirects are not followed. */
    REDIRECT(true),
    /** 408, 425, 429: later. */
    LATER(true),
    /** 4xx: the backend lives and does not want these. */
    REJECTED(false),
    /** 5xx. */
    SERVER_ERROR(true),
    /** A fault of ours, logged. */
    BUG(false);

    private final boolean breaks;

    Reason(boolean breaks) {
        this.breaks = breaks;
    }

    /** Whether it says that the backend is not well. */
    boolean breaks() {
        return breaks;
    }

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
