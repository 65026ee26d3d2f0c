package io.longwire.keeper.server.config;

import io.longwire.keeper.config.ConfigValue;
import io.longwire.keeper.config.YamlFile;
import io.longwire.keeper.follow.Layers;
import io.longwire.rpc.keeper.ConfigKey;
import io.longwire.rpc.keeper.ConfigMark;
import io.longwire.rpc.keeper.ConfigSchema;
import io.longwire.rpc.keeper.ConfigScope;
import io.longwire.rpc.keeper.ConfigVersion;
import io.longwire.rpc.keeper.EffectiveValue;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What holds for a scope by the stored layers over the schema's defaults, without what is in the processes' own files.
 */
final class Effective {
    private Effective() {
    }

    /** @param host that of an instance, if it is known */
    static List<EffectiveValue> of(ConfigSchema schema, ConfigVersion version, ConfigScope scope, String host) {
        Map<String, EffectiveValue> values = new LinkedHashMap<>();
        Map<String, ConfigMark> marks = new HashMap<>();
        for (ConfigKey key : schema.getKeysList()) {
            marks.put(key.getPath(), key.getMark());
            if (key.getType() != ConfigKey.Type.NODE && !key.getPath().contains("[]")) {
                values.put(key.getPath(), EffectiveValue.newBuilder().setPath(key.getPath())
                        .setValue(key.getType() == ConfigKey.Type.NODES ? "[]" : key.getDefaultValue())
                        .setSource("default").setMark(key.getMark()).build());
            }
        }
        for (YamlFile layer : Layers.of(version.getLayersList(), host, scope.getInstance())) {
            List<ConfigValue> given = layer.flat().stream().filter(ConfigValue::given).toList();
            given.forEach(value -> values.keySet().removeIf(path -> replaced(path, value.path())));
            given.forEach(value -> values.put(value.path(), EffectiveValue.newBuilder().setPath(value.path())
                    .setValue(value.value()).setSource(Layers.source(value.place(), value.given()))
                    .setPlace(value.place()).setMark(marks.getOrDefault(value.schemaPath(), ConfigMark.RESTART))
                    .build()));
        }
        return List.copyOf(values.values());
    }

    // A list is replaced as a whole; the same path keeps its place in the order.
    private static boolean replaced(String path, String by) {
        int list = by.indexOf('[');
        if (list < 0) {
            return path.startsWith(by + "[");
        }
        String name = by.substring(0, list);
        return path.equals(name) || path.startsWith(name + "[");
    }
}
