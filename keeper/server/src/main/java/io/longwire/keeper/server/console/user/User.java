package io.longwire.keeper.server.console.user;

import java.util.regex.Pattern;

/**
 * Somebody who may sign in.
 *
 * @param passwordHash in PHC form
 * @param changedMillis when role or password changed last; ends the sessions from before
 */
public record User(String name, Role role, String passwordHash, long changedMillis) {
    /** What a name is. */
    public static final String NAME_RULE = "1 to 32 of a-z 0-9 . _ -, a letter or digit first";
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._-]{0,31}");

    public static boolean isName(String name) {
        return NAME.matcher(name).matches();
    }

    /** The same user in another role. */
    public User in(Role another, long nowMillis) {
        return new User(name, another, passwordHash, later(nowMillis));
    }

    /** The same user with another password. */
    public User with(String anotherHash, long nowMillis) {
        return new User(name, role, anotherHash, later(nowMillis));
    }

    // Always another time than before, as it tells sessions of before from those of now.
    private long later(long nowMillis) {
        return Math.max(nowMillis, changedMillis + 1);
    }

    @Override
    public String toString() {
        return "User[" + name + ", " + role.label() + "]";
    }
}
