package io.longwire.e2e.order;

import java.util.Set;

/**
 * Something that may happen next: a request arriving, an answer arriving, a process dying.
 *
 * @param name the same in every run that comes to it the same way
 * @param touches what it reads or changes; steps that touch nothing in common may change places without effect
 */
record Step(String name, Set<Spot> touches, Runnable happen) {
    /** The places of the small world. */
    enum Spot {
        INBOX, OWNER_1, OWNER_2, ROOM, CENTER
    }

    boolean independentOf(Step other) {
        return touches.stream().noneMatch(other.touches::contains);
    }
}
