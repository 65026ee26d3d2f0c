package io.longwire.keeper.profile;

import java.util.Locale;

/** What a profile samples. */
public enum Event {
    /** Who uses the processors. */
    CPU,
    /** Where threads are, running or waiting. */
    WALL,
    /** Who allocates, by bytes. */
    ALLOC,
    /** Who waits for monitors and locks, by time. */
    LOCK;

    /** As requests name it. Throws BadRequest for any other word. */
    public static Event of(String word) {
        for (Event event : values()) {
            if (event.word().equals(word)) {
                return event;
            }
        }
        throw new BadRequest("event: " + word + " (expected: cpu, wall, alloc or lock)");
    }

    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
