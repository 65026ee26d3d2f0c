package io.longwire.keeper.profile;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;

/** The parts that are sampled all the time, as they stand in ZooKeeper: their names with blanks between. Static. */
public final class SampledParts {
    private SampledParts() {
    }

    /** In the order of their names. */
    public static Set<String> parse(byte[] node) {
        var parts = new TreeSet<String>();
        for (String word : new String(node, StandardCharsets.UTF_8).split("\\s+", -1)) {
            if (!word.isEmpty()) {
                parts.add(word);
            }
        }
        return parts;
    }

    public static byte[] bytes(Collection<String> parts) {
        return String.join(" ", new TreeSet<>(parts)).getBytes(StandardCharsets.UTF_8);
    }
}
