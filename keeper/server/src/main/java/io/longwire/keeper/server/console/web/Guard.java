package io.longwire.keeper.server.console.web;

import io.longwire.keeper.server.console.session.Session;
import io.longwire.keeper.server.console.session.Sessions;
import io.longwire.keeper.server.console.user.Role;
import io.longwire.keeper.server.console.web.Refusal.Why;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The door in front of every route: who is signed in, what the role covers, and that a changing request was made by
 * the console's own pages. Against requests forged by other sites stand, each alone enough: the cookie is
 * SameSite=Strict; the browser's own word ({@code Sec-Fetch-Site}, {@code Origin}) must be this site; the session's
 * token must come in {@value #CSRF}, which no form can set. Thread-safe, blocks.
 */
public final class Guard {
    /** Carries the session's token in each changing request. */
    public static final String CSRF = "X-Longwire-Csrf";

    private final Sessions sessions;

    public Guard(Sessions sessions) {
        this.sessions = sessions;
    }

    void enter(Asked asked, @Nullable Role least) {
        boolean changes = !asked.method().equals("GET");
        if (changes) {
            sameSite(asked);
        }
        if (least == null) {
            return;
        }
        Session session = session(asked);
        if (!session.role().covers(least)) {
            throw Refusal.because(Why.FORBIDDEN, "role: " + session.role().label() + " (expected: " + least.label()
                    + ")");
        }
        if (changes && !equal(asked.header(CSRF), session.csrf())) {
            throw Refusal.because(Why.CROSS_SITE, CSRF + ": missing or wrong (expected: the session's token)");
        }
        asked.signedIn(session);
    }

    /** Whether the session of a long request still is one of this role. */
    public boolean stillIn(Asked asked, Role least) {
        return asked.cookie().flatMap(sessions::find).filter(session -> session.role().covers(least)).isPresent();
    }

    private Session session(Asked asked) {
        String cookie = asked.cookie().orElseThrow(() -> Refusal.because(Why.NOT_SIGNED_IN,
                "cookie: missing (expected: a session)"));
        return sessions.find(cookie).orElseThrow(() -> Refusal.because(Why.SESSION_ENDED,
                "session: over (expected: to sign in again)"));
    }

    private static void sameSite(Asked asked) {
        String site = asked.header("Sec-Fetch-Site");
        String origin = asked.header("Origin");
        boolean foreign = !(site.isEmpty() || site.equals("same-origin") || site.equals("none"));
        if (foreign || !(origin.isEmpty() || sameHost(origin, asked.header("Host")))) {
            throw Refusal.because(Why.CROSS_SITE, "origin: " + (foreign ? site : "another site")
                    + " (expected: the console's own pages)");
        }
        String type = asked.header("Content-Type").toLowerCase(Locale.ROOT);
        if (!type.startsWith("application/json")) {
            throw Refusal.because(Why.CROSS_SITE, "Content-Type: another one (expected: application/json)");
        }
    }

    private static boolean sameHost(String origin, String host) {
        try {
            return host.equals(URI.create(origin).getAuthority());
        } catch (IllegalArgumentException none) {
            return false;
        }
    }

    private static boolean equal(String a, String b) {
        return MessageDigest.isEqual(a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));
    }
}
