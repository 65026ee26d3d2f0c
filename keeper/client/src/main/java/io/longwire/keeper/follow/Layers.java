package io.longwire.keeper.follow;

import io.longwire.keeper.config.YamlFile;
import io.longwire.rpc.keeper.ConfigLayer;
import io.longwire.rpc.keeper.ConfigScope;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Which layers of a part's configuration count for a process, and what errors call them. Static, any thread. */
public final class Layers {
    public static final String CLUSTER = "cluster";
    public static final String HOST = "host";
    public static final String INSTANCE = "instance";

    private Layers() {
    }

    /** "cluster", "host a", "instance room-0". */
    public static String label(ConfigScope scope) {
        if (!scope.getInstance().isEmpty()) {
            return INSTANCE + " " + scope.getInstance();
        }
        return scope.getHost().isEmpty() ? CLUSTER : HOST + " " + scope.getHost();
    }

    /** The layers of one process, the last on top. Throws ConfigException for one that is no YAML. */
    public static List<YamlFile> of(List<ConfigLayer> layers, String host, String instance) {
        var mine = new ArrayList<ConfigLayer>();
        for (ConfigLayer layer : layers) {
            ConfigScope scope = layer.getScope();
            boolean counts = scope.getInstance().isEmpty()
                    ? scope.getHost().isEmpty() || scope.getHost().equals(host)
                    : scope.getInstance().equals(instance);
            if (counts) {
                mine.add(layer);
            }
        }
        mine.sort(Comparator.comparingInt(layer -> rank(layer.getScope())));
        return mine.stream().map(layer -> YamlFile.of(label(layer.getScope()), layer.getYaml())).toList();
    }

    /** 0 cluster, 1 host, 2 instance. */
    public static int rank(ConfigScope scope) {
        return !scope.getInstance().isEmpty() ? 2 : scope.getHost().isEmpty() ? 0 : 1;
    }

    /** What of the layers a value comes from, by its place: default, file, cluster, host, instance, --set. */
    public static String source(String place, boolean given) {
        if (!given) {
            return "default";
        }
        if (place.equals("--set")) {
            return place;
        }
        String name = place.replaceAll(":\\d+:\\d+$", "");
        if (name.equals(CLUSTER)) {
            return CLUSTER;
        }
        return name.startsWith(HOST + " ") ? HOST : name.startsWith(INSTANCE + " ") ? INSTANCE : "file";
    }
}
