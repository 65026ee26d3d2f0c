package io.longwire.bench.backend;

/** How a backend answers. */
public enum Mood {
    /** 204 at once. */
    WELL,
    /** 204 after a second. */
    SLOW,
    /** 500. */
    FAILS,
    /** Never. */
    HANGS,
    /** 307, to itself. */
    REDIRECTS,
    /** With something that is no HTTP. */
    GARBAGE,
    /** By closing the connection. */
    CUTS;

    /** Whether it has the events after that. */
    public boolean takes() {
        return this == WELL || this == SLOW;
    }
}
