package io.longwire.cli.product;

import io.longwire.center.client.BroadcastState;

/**
 * What a watch writes for each answer: on a terminal one line that replaces itself, else a line for each answer that
 * says something new. One thread.
 */
final class ProgressLines {
    private static final String ANEW = "\r\u001b[K";

    private final boolean redraws;
    private String last = "";

    /** @param redraws it is a terminal */
    ProgressLines(boolean redraws) {
        this.redraws = redraws;
    }

    /** The characters to write now; empty = none. */
    String next(BroadcastState state) {
        return next(redraws ? BroadcastText.bar(state) : BroadcastText.line(state));
    }

    /** The characters to write now for this line. */
    String next(String line) {
        if (line.equals(last)) {
            return "";
        }
        last = line;
        return redraws ? ANEW + line : line + System.lineSeparator();
    }

    /** What ends it. */
    String end() {
        return redraws && !last.isEmpty() ? System.lineSeparator() : "";
    }
}
