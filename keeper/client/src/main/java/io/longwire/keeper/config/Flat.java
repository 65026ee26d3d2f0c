package io.longwire.keeper.config;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A configuration tree as a list of its values. Static, any thread. */
final class Flat {
    private Flat() {
    }

    /** @param given what the layers gave, beside what is in force */
    static void add(Map<?, ?> inForce, @Nullable Object given, String path, Map<String, String> places,
            List<ConfigValue> list) {
        inForce.forEach((key, value) -> {
            String full = path.isEmpty() ? String.valueOf(key) : path + "." + key;
            Object gave = given instanceof Map<?, ?> map ? map.get(key) : null;
            add(value, gave, full, places, list);
        });
    }

    private static void add(@Nullable Object value, @Nullable Object gave, String path, Map<String, String> places,
            List<ConfigValue> list) {
        if (value instanceof Map<?, ?> map) {
            add(map, gave, path, places, list);
        } else if (value instanceof List<?> items && items.stream().anyMatch(Map.class::isInstance)) {
            for (int i = 0; i < items.size(); i++) {
                Object one = gave instanceof List<?> all && i < all.size() ? all.get(i) : null;
                add(items.get(i), one, path + "[" + i + "]", places, list);
            }
        } else {
            list.add(new ConfigValue(path, text(value), gave == null ? "" : places.getOrDefault(path, ""),
                    gave != null));
        }
    }

    /** A value as YAML on one line. */
    static String text(@Nullable Object value) {
        if (value instanceof List<?> list) {
            return list.stream().map(Flat::text).collect(Collectors.joining(", ", "[", "]"));
        }
        return String.valueOf(value);
    }
}
