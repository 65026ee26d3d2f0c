package io.longwire.sdk.android;

import io.longwire.sdk.LongwireException;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.WildcardType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** What an app can reach from {@link Longwire}, by what public methods take, return and throw. */
class PublicApiTest {
    private static final Set<String> TYPES = Set.of("Longwire", "LongwireApp", "MessageListener", "Message", "Receipt",
            "ConnectionListener", "ConnectionStatus", "ProfileChange", "Uplink", "PayloadCipher");

    @Test
    void isTenTypesAndOneException() {
        Set<String> reached = reached();

        assertThat(reached).contains(LongwireException.class.getSimpleName());
        reached.remove(LongwireException.class.getSimpleName());
        assertThat(reached).containsExactlyInAnyOrderElementsOf(TYPES).hasSizeLessThanOrEqualTo(10);
    }

    @Test
    void thePageForDevelopersListsEachOfThem() throws IOException {
        String page = Files.readString(Path.of(System.getProperty("longwire.root", "../.."), "docs", "android.md"));
        String table = page.substring(page.indexOf("## What you use"), page.indexOf("## How well the phone"));
        Set<String> listed = new TreeSet<>();
        Matcher names = Pattern.compile("`([A-Z][A-Za-z]+)`").matcher(firstColumn(table));
        while (names.find()) {
            listed.add(names.group(1));
        }
        assertThat(listed).containsExactlyInAnyOrderElementsOf(TYPES);
        assertThat(table).contains("Ten types", "`LongwireException`");
    }

    private static String firstColumn(String table) {
        StringBuilder column = new StringBuilder();
        for (String line : table.split("\n", -1)) {
            column.append(line.startsWith("|") ? line.split("\\|", -1)[1] : "").append('\n');
        }
        return column.toString();
    }

    private static Set<String> reached() {
        Set<String> names = new TreeSet<>();
        Set<Class<?>> seen = new HashSet<>();
        Deque<Class<?>> open = new ArrayDeque<>();
        open.add(Longwire.class);
        open.add(LongwireException.class); // unchecked, so that no signature needs to name it
        while (!open.isEmpty()) {
            Class<?> type = open.remove();
            if (!type.getName().startsWith("io.longwire.") || !seen.add(type)) {
                continue;
            }
            names.add(outermost(type).getSimpleName());
            open.add(outermost(type));
            for (Class<?> nested : type.getClasses()) {
                open.add(nested);
            }
            for (Field field : type.getFields()) {
                add(field.getGenericType(), open);
            }
            for (Method method : type.getMethods()) {
                add(method.getGenericReturnType(), open);
                signature(method, open);
            }
            for (Constructor<?> one : type.getConstructors()) {
                signature(one, open);
            }
        }
        return names;
    }

    private static void signature(Executable one, Deque<Class<?>> open) {
        if (Modifier.isPublic(one.getModifiers())) {
            for (Type type : one.getGenericParameterTypes()) {
                add(type, open);
            }
            for (Class<?> thrown : one.getExceptionTypes()) {
                open.add(thrown);
            }
        }
    }

    private static void add(Type type, Deque<Class<?>> open) {
        if (type instanceof Class<?> plain) {
            open.add(plain.isArray() ? plain.getComponentType() : plain);
        } else if (type instanceof ParameterizedType of) {
            add(of.getRawType(), open);
            for (Type one : of.getActualTypeArguments()) {
                add(one, open);
            }
        } else if (type instanceof WildcardType wild) {
            for (Type one : wild.getUpperBounds()) {
                add(one, open);
            }
        }
    }

    private static Class<?> outermost(Class<?> type) {
        Class<?> outer = type.getEnclosingClass();
        return outer == null ? type : outermost(outer);
    }
}
