package io.longwire.keeper.agent.order;

import io.longwire.keeper.agent.version.Refusal;
import java.util.Arrays;
import java.util.Locale;

/** All that an agent can be told to do to a process. */
enum Verb {
    START, STOP, RESTART, DRAIN, LOGS, PROFILE;

    /** Throws {@link Refusal} for any other word. */
    static Verb of(String word) {
        for (Verb verb : values()) {
            if (verb.word().equals(word)) {
                return verb;
            }
        }
        throw Refusal.wrong("verb: " + Known.shown(word) + " (expected: one of "
                + Arrays.stream(values()).map(Verb::word).toList() + ", or deploy by its own call)");
    }

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
