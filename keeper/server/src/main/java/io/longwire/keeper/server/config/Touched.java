package io.longwire.keeper.server.config;

import io.longwire.keeper.follow.Layers;
import io.longwire.rpc.keeper.ConfigLayer;
import io.longwire.rpc.keeper.ConfigScope;
import io.longwire.rpc.keeper.ConfigVersion;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Which processes a version changes something for. A change of one host's layer does nothing on the others: their bake
 * time proves nothing, and among their figures its own are lost. Immutable.
 */
final class Touched {
    private final Set<String> changed = new HashSet<>();

    private Touched(Map<String, String> before, Map<String, String> after) {
        Stream.concat(before.keySet().stream(), after.keySet().stream())
                .filter(label -> !before.getOrDefault(label, "").equals(after.getOrDefault(label, "")))
                .forEach(changed::add);
    }

    static Touched of(ConfigVersion from, ConfigVersion to) {
        return new Touched(layers(from), layers(to));
    }

    /** The most particular of a process's layers that changes; empty = it goes on with what it has. */
    Optional<String> by(String host, String instance) {
        return Stream.of(Layers.label(ConfigScope.newBuilder().setInstance(instance).build()),
                Layers.label(ConfigScope.newBuilder().setHost(host).build()), Layers.CLUSTER).filter(changed::contains)
                .findFirst();
    }

    private static Map<String, String> layers(ConfigVersion version) {
        var layers = new HashMap<String, String>();
        for (ConfigLayer layer : version.getLayersList()) {
            layers.put(Layers.label(layer.getScope()), layer.getYaml());
        }
        return layers;
    }
}
