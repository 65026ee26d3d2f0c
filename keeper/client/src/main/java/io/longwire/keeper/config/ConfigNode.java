package io.longwire.keeper.config;

import io.longwire.rpc.keeper.ConfigKey;
import io.longwire.rpc.keeper.ConfigMark;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
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
    private final Map<String, @Nullable Object> values;
    private final Map<String, String> places;
    private final Map<String, Object> effective = new LinkedHashMap<>();
    private final List<ConfigNode> children = new ArrayList<>();
    private final KeyBook book;
    private final boolean probing; // nothing is given: only what is asked for counts

    /**
     * @param places where a value stands (file:line:column) by its path, as far as known
     * @param book takes what is asked for
     */
    ConfigNode(String path, Map<String, @Nullable Object> values, Map<String, String> places, KeyBook book) {
        this(path, values, places, book, false);
    }

    private ConfigNode(String path, Map<String, @Nullable Object> values, Map<String, String> places, KeyBook book,
            boolean probing) {
        this.path = path;
        this.values = values;
        this.places = places;
        this.book = book;
        this.probing = probing;
    }

    /** A node with these values; nested maps and lists as YAML gives them. */
    public static ConfigNode of(Map<String, ?> values) {
        return new ConfigNode("", new LinkedHashMap<>(values), Map.of(), new KeyBook());
    }

    /** A configuration in which every key has its default. */
    public static ConfigNode empty() {
        return of(Map.of());
    }

    /**
     * Says what the keys of this mapping are for, a line each: name, mark, sentence. The mark is {@code hot} (a running
     * process takes a change over), {@code drain} or {@code restart} (it counts from the next start on; drain first, or
     * not), {@code local} (only in the process's own file).
     */
    public void about(String table) {
        book.about(table);
    }

    public String text(String key, String defaultValue) {
        Object value = take(key, defaultValue, ConfigKey.Type.TEXT);
        if (value instanceof Map || value instanceof List) {
            throw wrong(key, value, "one value");
        }
        return String.valueOf(value);
    }

    /** Text that has no default. */
    public String text(String key) {
        book.key(key, ConfigKey.Type.TEXT).setRequired(true);
        require(key, "a value");
        return text(key, "");
    }

    public boolean flag(String key, boolean defaultValue) {
        Object value = take(key, defaultValue, ConfigKey.Type.FLAG);
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
        Object value = take(key, defaultValue, ConfigKey.Type.WHOLE);
        book.key(key, ConfigKey.Type.WHOLE).setMin(Long.toString(min)).setMax(Long.toString(max));
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
        Object value = take(key, defaultValue, ConfigKey.Type.DURATION);
        book.key(key, ConfigKey.Type.DURATION).setMin(min).setMax(max).setUnit("500ms, 15s, 24h");
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
        Object value = take(key, defaultValue, ConfigKey.Type.BYTES);
        book.key(key, ConfigKey.Type.BYTES).setMin(min).setMax(max).setUnit("512, 64KB, 8MB");
        long found = Units.bytes(String.valueOf(value));
        if (found < 0 || found < Units.bytes(min) || found > Units.bytes(max)) {
            throw wrong(key, value, "a size from " + min + " to " + max + " such as 512, 64KB, 8MB");
        }
        return found;
    }

    /** One of the constants, in lower case with dashes. */
    public <E extends Enum<E>> E choice(String key, E defaultValue) {
        Object value = take(key, label(defaultValue), ConfigKey.Type.CHOICE);
        List<E> constants = List.of(defaultValue.getDeclaringClass().getEnumConstants());
        List<String> allowed = constants.stream().map(ConfigNode::label).toList();
        book.key(key, ConfigKey.Type.CHOICE).clearChoices().addAllChoices(allowed);
        for (E constant : constants) {
            if (label(constant).equals(String.valueOf(value))) {
                return constant;
            }
        }
        throw wrong(key, value, "one of " + String.join(", ", allowed));
    }

    public List<String> texts(String key, List<String> defaultValue) {
        Object value = take(key, defaultValue, ConfigKey.Type.TEXTS);
        if (!(value instanceof List<?> list)) {
            throw wrong(key, value, "a list");
        }
        List<String> texts = list.stream().map(String::valueOf).toList();
        effective.put(key, new ArrayList<>(texts)); // a list of its own: YAML prints a shared one as an alias
        return texts;
    }

    /** A nested mapping; absent means that all its keys have their defaults. */
    public <T> T node(String key, ConfigReader<T> reader) {
        book.key(key, ConfigKey.Type.NODE);
        Object value = values.get(key);
        ConfigNode child = child(key, key, value == null ? Map.of() : value);
        T read = reader.read(child);
        effective.put(key, child.effective);
        return read;
    }

    /** A list of mappings. */
    public <T> List<T> nodes(String key, ConfigReader<T> reader) {
        book.key(key, ConfigKey.Type.NODES);
        Object value = Objects.requireNonNullElse(values.get(key), List.of());
        if (!(value instanceof List<?> list)) {
            throw wrong(key, value, "a list");
        }
        if (list.isEmpty()) {
            probe(key, reader);
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

    /** What is in force, value by value, with where each came from; passwords masked. Of the root. */
    public List<ConfigValue> inForce() {
        var list = new ArrayList<ConfigValue>();
        Flat.add(Masked.of(effective), values, "", places, list);
        return list;
    }

    /** The keys this configuration was asked for, in that order. Of the root, after reading. */
    public List<ConfigKey> schema() {
        return book.list("");
    }

    /** Keys that {@link #about} tells of and nobody reads. */
    public List<String> neverAsked() {
        return book.neverAsked("");
    }

    /**
     * A fresh node, to be read once, with these layers laid over this one's values, the last on top of all but what
     * {@code --set} gave. Of the root.
     */
    public ConfigNode under(List<YamlFile> layers) {
        var overlay = new Overlay(values, places);
        layers.forEach(overlay::lay);
        return overlay.pin(values, places).node();
    }

    /**
     * Refuses what layers have changed of a process's own: keys marked {@code local} must be as in its file, also those
     * that a layer gave no value, or took away with the mapping or the list that they stand in. Whoever wrote the layer
     * may not have known the mark. Of the root, after reading; throws ConfigException.
     */
    public void keepsLocal(ConfigNode file) {
        for (ConfigKey key : schema()) {
            String whole = key.getPath().split("\\[]", -1)[0];
            if (key.getMark() == ConfigMark.LOCAL && !Objects.equals(given(whole), file.given(whole))) {
                throw new ConfigException(places.getOrDefault(whole, "layers") + ": " + key.getPath() + ": not here "
                        + "(expected: in the process's own file alone)");
            }
        }
    }

    /** The error for a value that breaks a rule of the caller's own. */
    public ConfigException wrong(String key, @Nullable Object value, String rule) {
        return new ConfigException(at(key) + ": " + value + " (expected: " + rule + ")");
    }

    private @Nullable Object given(String full) {
        Object at = values;
        for (String key : full.split("\\.", -1)) {
            at = at instanceof Map<?, ?> map ? map.get(key) : null;
        }
        return at;
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
        ConfigNode child = new ConfigNode(below(label), copy, places, book.below(key), probing);
        children.add(child);
        return child;
    }

    // What a mapping of an empty list would be asked for. False if a rule of the reader's own has ended it early.
    private <T> boolean probe(String key, ConfigReader<T> reader) {
        try {
            reader.read(new ConfigNode(below(key), Map.of(), Map.of(), book.below(key), true));
            return true;
        } catch (ConfigException incomplete) {
            return false;
        }
    }

    private Object take(String key, Object defaultValue, ConfigKey.Type type) {
        ConfigKey.Builder spec = book.key(key, type);
        if (!spec.getRequired()) {
            spec.setDefaultValue(Flat.text(defaultValue));
        }
        Object value = Objects.requireNonNullElse(values.get(key), defaultValue);
        effective.put(key, value);
        return value;
    }

    private void require(String key, String rule) {
        if (!probing && values.get(key) == null) {
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
