package io.longwire.keeper.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;

import org.jspecify.annotations.Nullable;

/**
 * One mapping of a configuration file, read key by key with a default and a rule for each. It remembers which keys were
 * asked for, so that {@link #finish} can refuse the unknown ones and {@link #effective} can print what is in force.
 * Used
 * by the starting thread only.
 */
public final class ConfigNode {
    private final String path;
    private final Map<String, Object> values;
    private final Map<String, String> places;
    private final Map<String, Object> effective = new LinkedHashMap<>();
    private final List<ConfigNode> children = new ArrayList<>();

    /** @param places where a value stands (file:line:column) by its path, as far as known */
    ConfigNode(String path, Map<String, Object> values, Map<String, String> places) {
        this.path = path;
        this.values = values;
        this.places = places;
    }

    /** A node with these values; nested maps and lists as YAML gives them. */
    public static ConfigNode of(Map<String, ?> values) {
        return new ConfigNode("", new LinkedHashMap<>(values), Map.of());
    }

    /** A configuration in which every key has its default. */
    public static ConfigNode empty() {
        return of(Map.of());
    }

    public String text(String key, String defaultValue) {
        Object value = take(key, defaultValue);
        if (value instanceof Map || value instanceof List) {
            throw wrong(key, value, "one value");
        }
        return String.valueOf(value);
    }

    /** Text that has no default. */
    public String text(String key) {
        require(key, "a value");
        return text(key, "");
    }

    public boolean flag(String key, boolean defaultValue) {
        Object value = take(key, defaultValue);
        return switch (String.valueOf(value)) {
            case "true" -> true;
            case "false" -> false;
            default -> throw wrong(key, value, "true or false");
        };
    }

    /** A whole number within the bounds, both included. */
    public int integer(String key, int defaultValue, int min, int max) {
        return (int) whole(key, defaultValue, min, max);
    }

    /** A whole number within the bounds, both included. */
    public long whole(String key, long defaultValue, long min, long max) {
        Object value = take(key, defaultValue);
        try {
            long number = Long.parseLong(String.valueOf(value).replace("_", ""));
            if (number >= min && number <= max) {
                return number;
            }
        } catch (NumberFormatException notANumber) {
            throw wrong(key, value, "a whole number from " + min + " to " + max);
        }
        throw wrong(key, value, "a whole number from " + min + " to " + max);
    }

    /** A time with its unit: 250us, 20ms, 15s, 10m, 24h, 7d. */
    public Duration duration(String key, String defaultValue, String min, String max) {
        Object value = take(key, defaultValue);
        String rule = "a duration from " + min + " to " + max + " such as 500ms, 15s, 24h";
        Duration found = Units.duration(String.valueOf(value));
        Duration least = Units.duration(min);
        Duration most = Units.duration(max);
        if (found == null || least == null || most == null || found.compareTo(least) < 0 || found.compareTo(most) > 0) {
            throw wrong(key, value, rule);
        }
        return found;
    }

    /** A size in bytes with its unit: 512, 64KB, 8MB, 1GB (powers of 1024). */
    public long bytes(String key, String defaultValue, String min, String max) {
        Object value = take(key, defaultValue);
        long found = Units.bytes(String.valueOf(value));
        if (found < 0 || found < Units.bytes(min) || found > Units.bytes(max)) {
            throw wrong(key, value, "a size from " + min + " to " + max + " such as 512, 64KB, 8MB");
        }
        return found;
    }

    /** One of the constants, in lower case with dashes. */
    public <E extends Enum<E>> E choice(String key, E defaultValue) {
        Object value = take(key, label(defaultValue));
        var allowed = new ArrayList<String>();
        for (E constant : defaultValue.getDeclaringClass().getEnumConstants()) {
            if (label(constant).equals(String.valueOf(value))) {
                return constant;
            }
            allowed.add(label(constant));
        }
        throw wrong(key, value, "one of " + String.join(", ", allowed));
    }

    public List<String> texts(String key, List<String> defaultValue) {
        Object value = take(key, defaultValue);
        if (!(value instanceof List<?> list)) {
            throw wrong(key, value, "a list");
        }
        List<String> texts = list.stream().map(String::valueOf).toList();
        effective.put(key, new ArrayList<>(texts)); // a list of its own: YAML prints a shared one as an alias
        return texts;
    }

    /** A nested mapping; absent means that all its keys have their defaults. */
    public <T> T node(String key, ConfigReader<T> reader) {
        Object value = values.getOrDefault(key, Map.of());
        ConfigNode child = child(key, key, value);
        T read = reader.read(child);
        effective.put(key, child.effective);
        return read;
    }

    /** A list of mappings. */
    public <T> List<T> nodes(String key, ConfigReader<T> reader) {
        Object value = values.getOrDefault(key, List.of());
        if (!(value instanceof List<?> list)) {
            throw wrong(key, value, "a list");
        }
        var read = new ArrayList<T>();
        var printed = new ArrayList<Object>();
        for (int i = 0; i < list.size(); i++) {
            ConfigNode child = child(key, key + "[" + i + "]", list.get(i));
            read.add(reader.read(child));
            printed.add(child.effective);
        }
        effective.put(key, printed);
        return List.copyOf(read);
    }

    public boolean has(String key) {
        return values.containsKey(key);
    }

    /** Refuses keys that nobody asked for, here and below, naming the nearest known one. */
    public void finish() {
        for (String key : values.keySet()) {
            if (!effective.containsKey(key)) {
                throw new ConfigException(at(key) + ": unknown key (expected: one of "
                        + String.join(", ", new TreeSet<>(effective.keySet())) + ")" + nearest(key));
            }
        }
        children.forEach(ConfigNode::finish);
    }

    /** What is in force, defaults included, in the order it was read. */
    public Map<String, Object> effective() {
        return effective;
    }

    /** The error for a value that breaks a rule of the caller's own. */
    public ConfigException wrong(String key, @Nullable Object value, String rule) {
        return new ConfigException(at(key) + ": " + value + " (expected: " + rule + ")");
    }

    private String nearest(String key) {
        return Nearest.to(key, effective.keySet()).map(known -> "; did you mean " + known + "?").orElse("");
    }

    private ConfigNode child(String key, String label, @Nullable Object value) {
        if (!(value instanceof Map<?, ?> map)) {
            throw wrong(key, value, "a mapping");
        }
        var copy = new LinkedHashMap<String, Object>();
        map.forEach((k, v) -> copy.put(String.valueOf(k), v));
        ConfigNode child = new ConfigNode(below(label), copy, places);
        children.add(child);
        return child;
    }

    private Object take(String key, Object defaultValue) {
        Object value = values.getOrDefault(key, defaultValue);
        if (value == null) {
            value = defaultValue;
        }
        effective.put(key, value);
        return value;
    }

    private void require(String key, String rule) {
        if (values.get(key) == null) {
            throw new ConfigException(at(key) + ": missing (expected: " + rule + ")");
        }
    }

    // The name of a key in an error: its place if known, and its path.
    private String at(String key) {
        String full = below(key);
        String place = places.get(full);
        return place == null ? full : place + ": " + full;
    }

    private String below(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    private static String label(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
