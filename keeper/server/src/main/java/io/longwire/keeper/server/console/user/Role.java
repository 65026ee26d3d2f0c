package io.longwire.keeper.server.console.user;

import java.util.Locale;
import java.util.Optional;

/** What a user may do; each may also do what those before it may. */
public enum Role {
    /** Look at everything. */
    VIEWER,
    /** Kick, ban, drain, steer broadcasts, send dead letters again, roll configurations out. */
    OPERATOR,
    /** Make and change products, keys and users, approve broadcasts. */
    OWNER;

    public boolean covers(Role asked) {
        return compareTo(asked) >= 0;
    }

    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The role of this label; empty if it is none. */
    public static Optional<Role> of(String label) {
        for (Role role : values()) {
            if (role.label().equals(label)) {
                return Optional.of(role);
            }
        }
        return Optional.empty();
    }
}
