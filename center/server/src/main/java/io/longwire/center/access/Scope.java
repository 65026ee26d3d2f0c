package io.longwire.center.access;

import io.longwire.center.refuse.Refused;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** What a key may do. A key without any scope may do all of them. */
public enum Scope {
    /** Send, schedule, cancel and revoke messages, and send dead letters again. */
    SEND,
    /** Ask for messages, endpoints, receipts, schedules and the like. */
    READ,
    /** Close sessions. */
    KICK,
    /** Change tags, attributes and aliases, and delete endpoints. */
    MANAGE,
    /** Consume what phones say, at the coordinators; nothing here. */
    RECEIVE;

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
        throw Refused.invalid("scopes", name, "send, read, kick, manage or receive");
    }
}
