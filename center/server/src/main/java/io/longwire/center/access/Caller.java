package io.longwire.center.access;

import io.longwire.center.refuse.Refused;
import io.longwire.center.refuse.Why;
import java.util.Set;

/**
 * Whose key it is. Everything a caller names is read within its own app.
 *
 * @param appId 0 for the operator
 */
public record Caller(int appId, Set<Scope> scopes, boolean admin) {
    static final Caller ADMIN = new Caller(0, Set.of(), true);

    public Caller {
        scopes = Set.copyOf(scopes);
    }

    /** The app, if the key may do this. */
    public int app(Scope scope) {
        if (admin) {
            throw Refused.because(Why.FORBIDDEN, "key: the admin key (expected: a key of an app)");
        }
        if (!scopes.contains(scope)) {
            throw Refused.because(Why.FORBIDDEN, "key: without scope " + scope.label() + " (expected: a key with it)");
        }
        return appId;
    }

    /** The app that a call names: the operator's may be any, 0 too; a key's is its own, whether it is named or not. */
    public int appOrAny(Scope scope, int named) {
        if (admin) {
            return named;
        }
        int own = app(scope);
        if (named != 0 && named != own) {
            throw Refused.because(Why.FORBIDDEN, "app_id: " + Integer.toUnsignedString(named) + " (expected: " + own
                    + ", the key's own)");
        }
        return own;
    }

    /** Throws {@link Refused} unless it is the operator. */
    public void mustBeAdmin() {
        if (!admin) {
            throw Refused.because(Why.FORBIDDEN, "key: of app " + appId + " (expected: the admin key)");
        }
    }
}
