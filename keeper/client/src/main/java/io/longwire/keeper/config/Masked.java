package io.longwire.keeper.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Configuration without its passwords, for logs and eyes. Static, any thread. */
public final class Masked {
    private static final String MASK = "***";
    private static final String IN_URL = "//[^/@\\s]*@";

    private Masked() {
    }

    /** A copy of the mapping in which passwords, also those within addresses, are masked. */
    public static Map<String, Object> of(Map<?, ?> values) {
        var copy = new LinkedHashMap<String, Object>();
        values.forEach((key, value) -> copy.put(String.valueOf(key), of(String.valueOf(key), value)));
        return copy;
    }

    /** Whether a value is a secret: by the name of its key, or since it is an address with a password in it. */
    public static boolean secret(String key, String value) {
        String name = key.toLowerCase(Locale.ROOT);
        return !value.isEmpty() && ((name.contains("password") && !name.endsWith("file"))
                || !value.equals(value.replaceAll(IN_URL, "")));
    }

    private static Object of(String key, Object value) {
        if (key.toLowerCase(Locale.ROOT).contains("password")) {
            return String.valueOf(value).isEmpty() ? "" : MASK;
        }
        return switch (value) {
            case Map<?, ?> map -> of(map);
            case List<?> list -> list.stream().map(item -> of(key, item)).toList();
            case String text -> text.replaceAll(IN_URL, "//" + MASK + "@");
            default -> value;
        };
    }
}
