package io.longwire.keeper.server.console.web;

import java.util.HashMap;
import java.util.Map;

/** Places of which there are so many, and so many for each who takes them. Thread-safe, does not wait. */
final class Shares {
    private final int most;
    private final int mostOfOne;
    private final Map<String, Integer> taken = new HashMap<>();
    private int all;

    Shares(int most, int mostOfOne) {
        this.most = most;
        this.mostOfOne = mostOfOne;
    }

    /** Takes a place, to be given back; false if there is none. */
    synchronized boolean take(String who) {
        int own = taken.getOrDefault(who, 0);
        if (all >= most || own >= mostOfOne) {
            return false;
        }
        all++;
        taken.put(who, own + 1);
        return true;
    }

    synchronized void give(String who) {
        all--;
        taken.computeIfPresent(who, (_, own) -> own == 1 ? null : own - 1);
    }

    synchronized int taken() {
        return all;
    }
}
