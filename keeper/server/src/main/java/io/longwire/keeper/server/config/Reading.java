package io.longwire.keeper.server.config;

import io.longwire.keeper.cluster.Member;
import io.longwire.rpc.keeper.ConfigLayer;
import io.longwire.rpc.keeper.ConfigScope;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Whose configuration is read to prove a version: layers add up differently for each host and each named process, and
 * a rule between keys may hold for one and not for another.
 *
 * @param host empty = of a host that has no layer
 * @param instance empty = of a process that has none
 */
record Reading(String host, String instance) {
    /** That of everybody without a layer of its own, and one for each host and process that has one. */
    static Set<Reading> of(List<ConfigLayer> layers, List<Member> live) {
        var readings = new LinkedHashSet<Reading>();
        readings.add(new Reading("", ""));
        for (ConfigLayer layer : layers) {
            ConfigScope scope = layer.getScope();
            if (!scope.getInstance().isEmpty()) {
                readings.add(new Reading(host(scope.getInstance(), live), scope.getInstance()));
            } else if (!scope.getHost().isEmpty()) {
                readings.add(new Reading(scope.getHost(), ""));
            }
        }
        return readings;
    }

    /** Who shall do it, the best first: the process itself, which knows its own file, one of the host, any. */
    List<Member> best(List<Member> able) {
        return able.stream().sorted(Comparator.comparing((Member member) -> member.draining())
                .thenComparing(member -> !Processes.name(member).equals(instance))
                .thenComparing(member -> !member.host().equals(host))).toList();
    }

    private static String host(String instance, List<Member> live) {
        return live.stream().filter(member -> Processes.name(member).equals(instance)).map(Member::host).findFirst()
                .orElse("");
    }
}
