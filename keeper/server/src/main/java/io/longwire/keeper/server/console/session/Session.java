package io.longwire.keeper.server.console.session;

import io.longwire.keeper.server.console.user.Role;

/**
 * A user who is signed in.
 *
 * @param id SHA-256 of the cookie, hex: what it is kept under; the cookie itself stands nowhere
 * @param csrf what every changing request carries beside the cookie
 */
public record Session(String id, String user, Role role, String csrf, long expiresMillis) {
    @Override
    public String toString() {
        return "Session[" + user + ", " + role.label() + "]";
    }
}
