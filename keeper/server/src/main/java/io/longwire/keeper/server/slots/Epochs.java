package io.longwire.keeper.server.slots;

import io.longwire.keeper.cluster.Cluster;
import io.longwire.keeper.cluster.Member;
import java.util.List;

/** Which epoch of the slot map each process uses, as it tells. Static, any thread. */
final class Epochs {
    /** The parts whose processes use the map. */
    static final List<String> PARTS = List.of("register", "saver", "room", "center", "dispatcher", "coordinator",
            "keeper");

    private Epochs() {
    }

    /**
     * The highest epoch that this keeper has known or a live process uses: a map with a lower one is taken by none that
     * has it, whatever stands in ZooKeeper, which may have been emptied.
     */
    static long highest(Cluster cluster) {
        long highest = cluster.registerMap().epoch();
        for (String part : PARTS) {
            for (Member member : cluster.members(part).list()) {
                highest = Math.max(highest, used(member));
            }
        }
        return highest;
    }

    /** 0 = none, which is what a process has that never loaded one. */
    static long used(Member member) {
        try {
            return Long.parseLong(member.attributes().getOrDefault("map", "0"));
        } catch (NumberFormatException ofAnotherBuild) {
            return 0;
        }
    }
}
