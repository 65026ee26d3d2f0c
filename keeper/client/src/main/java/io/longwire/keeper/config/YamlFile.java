package io.longwire.keeper.config;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * A configuration file: plain YAML (mappings, lists, scalars; no tags) that remembers where each value stands.
 * Key by key overrides may be laid over it. Not thread-safe.
 */
public final class YamlFile {
    private static final int MAX_DEPTH = 20;
    private static final int MAX_NODES = 20_000;

    private final String name;
    private final Map<String, String> places = new HashMap<>();
    private final Map<String, @Nullable Object> values;
    private int nodes;

    private YamlFile(String name, String text) {
        this.name = name;
        this.values = parse(text);
    }

    /** Throws ConfigException if it cannot be read, with line and column if its text is wrong. */
    public static YamlFile read(Path file) {
        try {
            return of(file.toString(), Files.readString(file, StandardCharsets.UTF_8));
        } catch (IOException unreadable) {
            throw new ConfigException(file + ": cannot be read (" + unreadable.getClass().getSimpleName()
                    + "; expected: a readable YAML file)");
        }
    }

    /** @param name what errors call it */
    public static YamlFile of(String name, String text) {
        return new YamlFile(name, text);
    }

    /** Lays one {@code key.path=value} over the file; the value is YAML. */
    public YamlFile set(String assignment) {
        int equals = assignment.indexOf('=');
        if (equals <= 0) {
            throw new ConfigException("--set: " + assignment + " (expected: key.path=value)");
        }
        String path = assignment.substring(0, equals);
        Map<String, @Nullable Object> at = values;
        String[] keys = path.split("\\.", -1);
        for (int i = 0; i < keys.length - 1; i++) {
            at = below(at, keys[i], path);
        }
        Object value = of("--set " + path, "value: " + assignment.substring(equals + 1)).values.get("value");
        at.put(keys[keys.length - 1], value == null ? "" : value);
        places.put(path, "--set");
        return this;
    }

    /** The root, to be read once. */
    public ConfigNode root() {
        return new ConfigNode("", values, places, new KeyBook());
    }

    /** Its values: mappings, lists, texts, whole numbers and flags. */
    public Map<String, @Nullable Object> values() {
        return values;
    }

    /** Where a value stands, by its path: name:line:column. */
    public Map<String, String> places() {
        return places;
    }

    /** Its values one by one, in their order. */
    public List<ConfigValue> flat() {
        var list = new ArrayList<ConfigValue>();
        Flat.add(values, values, "", places, list);
        return list;
    }

    /** A mapping as YAML, block style. */
    public static String print(Map<String, Object> values) {
        var options = new DumperOptions();
        options.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
        options.setWidth(120);
        return new Yaml(options).dump(values);
    }

    @SuppressWarnings("unchecked") // every nested mapping here is one made by map()
    private static Map<String, @Nullable Object> below(Map<String, @Nullable Object> at, String key, String path) {
        Object next = at.computeIfAbsent(key, absent -> new LinkedHashMap<String, @Nullable Object>());
        if (!(next instanceof Map)) {
            throw new ConfigException("--set: " + path + " (expected: " + key + " to be a mapping)");
        }
        return (Map<String, @Nullable Object>) next;
    }

    private Map<String, @Nullable Object> parse(String text) {
        try {
            Node root = new Yaml(new LoaderOptions()).compose(new StringReader(text));
            if (root == null) {
                return new LinkedHashMap<>();
            }
            if (root instanceof MappingNode mapping) {
                return map(mapping, "", 0);
            }
            throw new ConfigException(place(root) + ": a file (expected: a mapping of keys to values)");
        } catch (MarkedYAMLException wrong) {
            Mark mark = wrong.getProblemMark();
            throw new ConfigException((mark == null ? name : place(mark)) + ": " + wrong.getProblem()
                    + " (expected: YAML)");
        } catch (YAMLException wrong) {
            throw new ConfigException(name + ": " + wrong.getMessage() + " (expected: YAML)");
        }
    }

    private Map<String, @Nullable Object> map(MappingNode mapping, String path, int depth) {
        var map = new LinkedHashMap<String, @Nullable Object>();
        for (NodeTuple entry : mapping.getValue()) {
            if (!(entry.getKeyNode() instanceof ScalarNode keyNode)) {
                throw new ConfigException(place(entry.getKeyNode()) + ": a key (expected: a word)");
            }
            String key = keyNode.getValue();
            String full = path.isEmpty() ? key : path + "." + key;
            if (map.containsKey(key)) {
                throw new ConfigException(place(keyNode) + ": " + full + " (expected: each key once)");
            }
            places.put(full, place(keyNode));
            map.put(key, value(entry.getValueNode(), full, depth + 1));
        }
        return map;
    }

    private @Nullable Object value(Node node, String path, int depth) {
        if (depth > MAX_DEPTH || ++nodes > MAX_NODES) {
            throw new ConfigException(place(node) + ": " + path + " (expected: at most " + MAX_DEPTH + " levels and "
                    + MAX_NODES + " values)");
        }
        return switch (node) {
            case MappingNode mapping -> map(mapping, path, depth);
            case SequenceNode sequence -> {
                var list = new ArrayList<@Nullable Object>();
                List<Node> items = sequence.getValue();
                for (int i = 0; i < items.size(); i++) {
                    String full = path + "[" + i + "]";
                    places.put(full, place(items.get(i)));
                    list.add(value(items.get(i), full, depth + 1));
                }
                yield list;
            }
            case ScalarNode scalar -> scalar(scalar);
            default -> throw new ConfigException(place(node) + ": " + path + " (expected: no anchors)");
        };
    }

    // Numbers stay as they are written unless they are plain; the reader of the key knows what it wants.
    private static @Nullable Object scalar(ScalarNode scalar) {
        String text = scalar.getValue();
        if (scalar.getTag().equals(Tag.NULL)) {
            return null;
        }
        if (scalar.getTag().equals(Tag.INT) && text.matches("-?(0|[1-9]\\d{0,17})")) {
            return Long.valueOf(text);
        }
        if (scalar.getTag().equals(Tag.BOOL) && (text.equals("true") || text.equals("false"))) {
            return Boolean.valueOf(text);
        }
        return text;
    }

    private String place(Node node) {
        return place(node.getStartMark());
    }

    private String place(Mark mark) {
        return name + ":" + (mark.getLine() + 1) + ":" + (mark.getColumn() + 1);
    }
}
