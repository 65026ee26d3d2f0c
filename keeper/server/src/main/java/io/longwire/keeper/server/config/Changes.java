package io.longwire.keeper.server.config;

import io.longwire.keeper.config.ConfigException;
import io.longwire.keeper.config.ConfigValue;
import io.longwire.keeper.config.YamlFile;
import io.longwire.keeper.follow.Layers;
import io.longwire.rpc.keeper.ConfigKey;
import io.longwire.rpc.keeper.ConfigLayer;
import io.longwire.rpc.keeper.ConfigMark;
import io.longwire.rpc.keeper.ConfigSchema;
import io.longwire.rpc.keeper.ConfigVersion;
import io.longwire.rpc.keeper.DiffConfigReply;
import io.longwire.rpc.keeper.DiffConfigReply.Change;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** What differs between two versions: as text, and value by value with the mark of each. Static, any thread. */
final class Changes {
    private Changes() {
    }

    static DiffConfigReply of(ConfigVersion from, ConfigVersion to, ConfigSchema schema) {
        return DiffConfigReply.newBuilder().setFrom(from.getNumber()).setTo(to.getNumber()).setDiff(text(from, to))
                .addAllChanges(values(from, to, schema)).build();
    }

    /** A unified diff of each layer that differs. */
    static String text(ConfigVersion from, ConfigVersion to) {
        var diff = new StringBuilder();
        Map<String, String> before = layers(from);
        Map<String, String> after = layers(to);
        for (String layer : names(before, after)) {
            diff.append(TextDiff.of(layer, before.getOrDefault(layer, ""), after.getOrDefault(layer, "")));
        }
        return diff.toString();
    }

    /** Paths that changed and count after a drain or restart only. */
    static List<String> waiting(ConfigVersion from, ConfigVersion to, ConfigSchema schema) {
        return values(from, to, schema).stream().filter(change -> change.getMark() != ConfigMark.HOT)
                .map(Change::getPath).distinct().toList();
    }

    private static List<Change> values(ConfigVersion from, ConfigVersion to, ConfigSchema schema) {
        Map<String, ConfigMark> marks = new HashMap<>();
        for (ConfigKey key : schema.getKeysList()) {
            marks.put(key.getPath(), key.getMark());
        }
        var changes = new ArrayList<Change>();
        Map<String, String> before = layers(from);
        Map<String, String> after = layers(to);
        for (String layer : names(before, after)) {
            Map<String, String> was = flat(layer, before.getOrDefault(layer, ""));
            Map<String, String> is = flat(layer, after.getOrDefault(layer, ""));
            for (String path : names(was, is)) {
                String old = was.getOrDefault(path, "");
                String fresh = is.getOrDefault(path, "");
                if (!old.equals(fresh)) {
                    changes.add(Change.newBuilder().setLayer(layer).setPath(path).setBefore(old).setAfter(fresh)
                            .setMark(marks.getOrDefault(ConfigValue.schemaPath(path), ConfigMark.RESTART)).build());
                }
            }
        }
        return changes;
    }

    private static Map<String, String> layers(ConfigVersion version) {
        var layers = new LinkedHashMap<String, String>();
        for (ConfigLayer layer : version.getLayersList()) {
            layers.put(Layers.label(layer.getScope()), layer.getYaml());
        }
        return layers;
    }

    private static Map<String, String> flat(String layer, String yaml) {
        var values = new LinkedHashMap<String, String>();
        try {
            YamlFile.of(layer, yaml).flat().forEach(value -> values.put(value.path(), value.value()));
        } catch (ConfigException unreadable) {
            values.put("", yaml); // of an older keeper with other rules: it differs as a whole
        }
        return values;
    }

    private static Iterable<String> names(Map<String, String> a, Map<String, String> b) {
        var names = new TreeSet<>(a.keySet());
        names.addAll(b.keySet());
        return names;
    }
}
