package io.longwire.keeper.server.config;

import io.longwire.keeper.config.ConfigException;
import io.longwire.keeper.config.ConfigValue;
import io.longwire.keeper.config.Masked;
import io.longwire.keeper.config.Nearest;
import io.longwire.keeper.config.Units;
import io.longwire.keeper.config.YamlFile;
import io.longwire.keeper.follow.Layers;
import io.longwire.keeper.follow.Mistakes;
import io.longwire.rpc.keeper.ConfigKey;
import io.longwire.rpc.keeper.ConfigLayer;
import io.longwire.rpc.keeper.ConfigMark;
import io.longwire.rpc.keeper.ConfigMistake;
import io.longwire.rpc.keeper.ConfigSchema;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Checks a layer against the schema that a part has told, so also one of a newer build than this keeper: every mistake
 * with its line and column. Rules between keys are the part's own; a live process knows them. One thread, one layer.
 */
final class SchemaCheck {
    /** A layer fits into a ZooKeeper node together with the others. */
    private static final int MAX_LETTERS = 64 << 10;
    private static final int MAX_MISTAKES = 50;

    private final Map<String, ConfigKey> keys = new LinkedHashMap<>();
    private final List<ConfigMistake> mistakes = new ArrayList<>();
    private final String layer;
    private Map<String, String> places = Map.of();

    private SchemaCheck(ConfigSchema schema, String layer) {
        schema.getKeysList().forEach(key -> keys.put(key.getPath(), key));
        this.layer = layer;
    }

    /** What is wrong with these layers; empty = nothing. */
    static List<ConfigMistake> of(ConfigSchema schema, List<ConfigLayer> layers) {
        return layers.stream().flatMap(layer -> new SchemaCheck(schema, Layers.label(layer.getScope()))
                .check(layer.getYaml()).stream()).limit(MAX_MISTAKES).toList();
    }

    private List<ConfigMistake> check(String yaml) {
        if (yaml.length() > MAX_LETTERS) {
            return List.of(ConfigMistake.newBuilder().setLayer(layer).setMessage(yaml.length() + " letters (expected: "
                    + "at most " + MAX_LETTERS + ")").build());
        }
        try {
            YamlFile file = YamlFile.of(layer, yaml);
            places = file.places();
            mapping(file.values(), "", false);
        } catch (ConfigException wrong) {
            mistakes.add(Mistakes.of(wrong, ""));
        }
        return List.copyOf(mistakes);
    }

    /** @param whole all required keys must be there: it is a mapping of a list, which no other layer completes */
    private void mapping(Map<?, ?> values, String path, boolean whole) {
        Set<String> known = below(ConfigValue.schemaPath(path));
        values.forEach((key, value) -> {
            String name = String.valueOf(key);
            ConfigKey spec = keys.get(ConfigValue.schemaPath(path) + name);
            if (spec == null) {
                String near = Nearest.to(name, known).map(meant -> "; did you mean " + meant + "?").orElse("");
                wrong(path + name, "unknown key (expected: one of " + String.join(", ", known) + ")" + near);
            } else if (spec.getMark() == ConfigMark.LOCAL || (value == null && holdsLocal(spec))) {
                wrong(path + name, "not here (expected: in the process's own file, it is a secret or of that process "
                        + "alone)"); // also without a value: that would take away what the file says
            } else if (value != null) {
                value(spec, path + name, value);
            }
        });
        for (String name : whole ? known : Set.<String>of()) {
            ConfigKey spec = keys.get(ConfigValue.schemaPath(path) + name);
            if (spec != null && spec.getRequired() && values.get(name) == null) {
                wrong(path + name, "missing (expected: a value)", path.substring(0, path.length() - 1));
            }
        }
    }

    private void value(ConfigKey spec, String path, Object value) {
        switch (spec.getType()) {
            case NODE -> {
                if (value instanceof Map<?, ?> map) {
                    mapping(map, path + ".", false);
                } else {
                    wrong(path, value + " (expected: a mapping)");
                }
            }
            case NODES -> nodes(spec, path, value);
            case TEXTS -> {
                if (!(value instanceof List<?> list) || list.stream().anyMatch(SchemaCheck::nested)) {
                    wrong(path, value + " (expected: a list of values)");
                }
            }
            default -> scalar(spec, path, value);
        }
        if (Masked.secret(path.substring(path.lastIndexOf('.') + 1), String.valueOf(value))
                && !(value instanceof Map<?, ?>)) {
            wrong(path, "*** (expected: no passwords here, but a file that holds them)");
        }
    }

    private void nodes(ConfigKey spec, String path, Object value) {
        if (!(value instanceof List<?> list)) {
            wrong(path, value + " (expected: a list of mappings)");
            return;
        }
        if (holdsLocal(spec)) {
            wrong(path, "not here (expected: in the process's own file, its items hold what is of that process alone)");
            return;
        }
        for (int i = 0; i < list.size(); i++) {
            String item = path + "[" + i + "]";
            if (list.get(i) instanceof Map<?, ?> map) {
                mapping(map, item + ".", true);
            } else {
                wrong(item, list.get(i) + " (expected: a mapping)");
            }
        }
    }

    private boolean holdsLocal(ConfigKey spec) {
        return switch (spec.getType()) {
            case NODE -> anyLocal(spec.getPath() + ".");
            case NODES -> anyLocal(spec.getPath() + "[].");
            default -> false;
        };
    }

    private boolean anyLocal(String below) {
        return keys.values().stream().anyMatch(key -> key.getMark() == ConfigMark.LOCAL
                && key.getPath().startsWith(below));
    }

    private void scalar(ConfigKey spec, String path, Object value) {
        String text = String.valueOf(value);
        String rule = nested(value) ? "one value" : switch (spec.getType()) {
            case FLAG -> text.equals("true") || text.equals("false") ? "" : "true or false";
            case WHOLE -> whole(spec, text) ? "" : "a whole number from " + spec.getMin() + " to " + spec.getMax();
            case DURATION -> duration(spec, text)
                    ? ""
                    : "a duration from " + spec.getMin() + " to " + spec.getMax() + " such as " + spec.getUnit();
            case BYTES -> bytes(spec, text)
                    ? ""
                    : "a size from " + spec.getMin() + " to " + spec.getMax() + " such as " + spec.getUnit();
            case CHOICE -> spec.getChoicesList().contains(text)
                    ? ""
                    : "one of " + String.join(", ", spec.getChoicesList());
            default -> "";
        };
        if (!rule.isEmpty()) {
            wrong(path, value + " (expected: " + rule + ")");
        }
    }

    private static boolean whole(ConfigKey spec, String text) {
        try {
            long number = Long.parseLong(text.replace("_", ""));
            return number >= Long.parseLong(spec.getMin()) && number <= Long.parseLong(spec.getMax());
        } catch (NumberFormatException none) {
            return false;
        }
    }

    private static boolean duration(ConfigKey spec, String text) {
        Duration found = Units.duration(text);
        Duration least = Units.duration(spec.getMin());
        Duration most = Units.duration(spec.getMax());
        return found != null && (least == null || found.compareTo(least) >= 0)
                && (most == null || found.compareTo(most) <= 0);
    }

    private static boolean bytes(ConfigKey spec, String text) {
        long found = Units.bytes(text);
        return found >= 0 && found >= Units.bytes(spec.getMin()) && found <= Units.bytes(spec.getMax());
    }

    private static boolean nested(@Nullable Object value) {
        return value instanceof Map<?, ?> || value instanceof List<?>;
    }

    // The names of the keys of one mapping; its path ends with a dot, or is empty.
    private Set<String> below(String schemaPath) {
        var names = new TreeSet<String>();
        for (String path : keys.keySet()) {
            String rest = path.startsWith(schemaPath) ? path.substring(schemaPath.length()) : ".";
            if (rest.indexOf('.') < 0) {
                names.add(rest);
            }
        }
        return names;
    }

    private void wrong(String path, String message) {
        wrong(path, message, path);
    }

    private void wrong(String path, String message, String placeOf) {
        var mistake = ConfigMistake.newBuilder().setLayer(layer).setPath(path).setMessage(path + ": " + message);
        String[] place = places.getOrDefault(placeOf, "").split(":", -1);
        if (place.length >= 3) {
            mistake.setLine(Integer.parseInt(place[place.length - 2]))
                    .setColumn(Integer.parseInt(place[place.length - 1]));
        }
        mistakes.add(mistake.build());
    }
}
