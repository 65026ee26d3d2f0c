package io.longwire.center.access;

import io.longwire.center.refuse.Refused;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** What a key may do. A key without any scope may do all three. */
public enum Scope {
    /** Send and cancel messages. */
    SEND,
    /** Ask for timelines and endpoints. */
    READ,
    /** Close sessions. */
    KICK;

    /** The scopes of these names. Throws {@link Refused} for an unknown one. */
    public static Set<Scope> of(List<String> names) {
        if (names.isEmpty()) {
            return EnumSet.allOf(Scope.class);
        }
        Set<Scope> scopes = EnumSet.noneOf(Scope.class);
        for (String name : names) {
            scopes.add(of(name));
        }
        return scopes;
    }

    /** The scopes a saver has kept; a name of a later version is skipped. */
    static Set<Scope> known(List<String> names) {
        if (names.isEmpty()) {
            return EnumSet.allOf(Scope.class);
        }
        Set<Scope> scopes = EnumSet.noneOf(Scope.class);
        for (Scope scope : values()) {
            if (names.contains(scope.label())) {
                scopes.add(scope);
            }
        }
        return scopes;
    }

    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    private static Scope of(String name) {
        for (Scope scope : values()) {
            if (scope.label().equals(name)) {
                return scope;
            }
        }
        throw Refused.invalid("scopes", name, "send, read or kick");
    }
}
