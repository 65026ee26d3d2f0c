package io.longwire.keeper.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Lays mappings over each other: mappings are merged key by key (an empty one changes nothing), lists and scalars
 * replaced as a whole, and the place of each value goes with it. One thread.
 */
final class Overlay {
    private static final String PINNED = "--set";

    private final Map<String, @Nullable Object> values;
    private final Map<String, String> places;

    Overlay(Map<String, ? extends @Nullable Object> base, Map<String, String> places) {
        this.values = copy(base);
        this.places = new HashMap<>(places);
    }

    Overlay lay(YamlFile layer) {
        merge(values, layer.values(), "", layer.places());
        return this;
    }

    /** Puts back what the command line gave: it stands above all layers. */
    Overlay pin(Map<String, ? extends @Nullable Object> base, Map<String, String> basePlaces) {
        basePlaces.forEach((path, place) -> {
            if (place.equals(PINNED)) {
                pin(path, base);
            }
        });
        return this;
    }

    ConfigNode node() {
        return new ConfigNode("", values, places, new KeyBook());
    }

    private void merge(Map<String, @Nullable Object> into, Map<String, ?> from, String path,
            Map<String, String> fromPlaces) {
        from.forEach((key, value) -> {
            String full = path.isEmpty() ? key : path + "." + key;
            if (value instanceof Map<?, ?> map && into.get(key) instanceof Map<?, ?> below) {
                var inner = copy(below);
                into.put(key, inner);
                merge(inner, copy(map), full, fromPlaces);
            } else if (value == null && into.get(key) instanceof Map<?, ?>) {
                return; // a mapping with nothing in it, "access:" say, takes nothing away from the one below
            } else {
                forget(full);
                into.put(key, copyOf(value));
                fromPlaces.forEach((at, place) -> {
                    if (within(at, full)) {
                        places.put(at, place);
                    }
                });
            }
        });
    }

    private void pin(String path, Map<String, ? extends @Nullable Object> base) {
        String[] keys = path.split("\\.", -1);
        Map<String, ? extends @Nullable Object> from = base;
        Map<String, @Nullable Object> into = values;
        for (int i = 0; i < keys.length - 1; i++) {
            from = copy(from.get(keys[i]));
            Map<String, @Nullable Object> inner = copy(into.get(keys[i]));
            into.put(keys[i], inner);
            into = inner;
        }
        String last = keys[keys.length - 1];
        forget(path);
        into.put(last, copyOf(from.get(last)));
        places.put(path, PINNED);
    }

    private void forget(String path) {
        places.keySet().removeIf(at -> within(at, path));
    }

    private static boolean within(String at, String path) {
        return at.equals(path) || at.startsWith(path + ".") || at.startsWith(path + "[");
    }

    private static Map<String, @Nullable Object> copy(@Nullable Object mapping) {
        var copy = new LinkedHashMap<String, @Nullable Object>();
        if (mapping instanceof Map<?, ?> map) {
            map.forEach((key, value) -> copy.put(String.valueOf(key), copyOf(value)));
        }
        return copy;
    }

    private static @Nullable Object copyOf(@Nullable Object value) {
        if (value instanceof Map<?, ?> map) {
            return copy(map);
        }
        if (value instanceof List<?> list) {
            var items = new ArrayList<@Nullable Object>();
            list.forEach(item -> items.add(copyOf(item)));
            return items;
        }
        return value;
    }
}
