package io.longwire.keeper.config;

import io.longwire.rpc.keeper.ConfigKey;
import io.longwire.rpc.keeper.ConfigMark;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a part has asked of one mapping of its configuration, key by key, with what it says about each: the schema that
 * it exports is what its own reader asked for, so the two cannot differ. Belongs to the reading thread.
 */
final class KeyBook {
    private static final Pattern LINE = Pattern.compile("(\\S+)\\s+(hot|drain|restart|local)\\s+(.+)");

    private final Map<String, ConfigKey.Builder> keys = new LinkedHashMap<>();
    private final Map<String, KeyBook> below = new LinkedHashMap<>();
    private final Map<String, ConfigKey.Builder> told = new LinkedHashMap<>();

    /** One line for each key: its name, its mark (hot, drain, restart, local), a sentence. */
    void about(String table) {
        for (String line : table.strip().split("\n", -1)) {
            Matcher words = LINE.matcher(line.strip());
            if (!words.matches()) {
                throw new IllegalArgumentException("about: " + line + " (expected: key, mark, sentence)");
            }
            told.put(words.group(1), ConfigKey.newBuilder().setSentence(words.group(3))
                    .setMark(ConfigMark.valueOf(words.group(2).toUpperCase(Locale.ROOT))));
        }
    }

    /** The specification of a key, to be filled by whoever reads it. */
    ConfigKey.Builder key(String name, ConfigKey.Type type) {
        return keys.computeIfAbsent(name, asked -> ConfigKey.newBuilder()).setType(type);
    }

    /** The keys of a mapping in this one, or of each mapping of a list in it. */
    KeyBook below(String name) {
        return below.computeIfAbsent(name, asked -> new KeyBook());
    }

    /** All keys here and below in the order they were asked for, paths beginning with the prefix. */
    List<ConfigKey> list(String prefix) {
        var list = new ArrayList<ConfigKey>();
        keys.forEach((name, spec) -> {
            var known = told.getOrDefault(name, ConfigKey.newBuilder().setMark(ConfigMark.RESTART));
            list.add(spec.clone().setPath(prefix + name).setMark(known.getMark()).setSentence(known.getSentence())
                    .build());
            KeyBook inner = below.get(name);
            if (inner != null) {
                list.addAll(inner.list(prefix + name + (spec.getType() == ConfigKey.Type.NODES ? "[]." : ".")));
            }
        });
        return list;
    }

    /** Keys that were told about and never asked for: a typing error in a table. */
    List<String> neverAsked(String prefix) {
        var names = new ArrayList<String>();
        told.keySet().stream().filter(name -> !keys.containsKey(name)).forEach(name -> names.add(prefix + name));
        below.forEach((name, book) -> names.addAll(book.neverAsked(prefix + name + ".")));
        return names;
    }
}
