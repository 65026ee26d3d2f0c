package io.longwire.keeper.server.console.web;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.server.console.session.Session;
import io.longwire.keeper.server.console.session.SessionWatch;
import io.longwire.keeper.server.console.session.SessionWatch.End;
import io.longwire.keeper.server.console.session.SessionWatch.Watched;
import io.longwire.keeper.server.console.session.Sessions;
import io.longwire.keeper.server.console.user.Role;
import io.longwire.keeper.server.console.user.Windows;
import io.longwire.keeper.server.console.web.Refusal.Why;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
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

    private static final int STRANGE = 120;
    private static final int REMEMBERED = 10_000;
    private static final Duration STRETCH = Duration.ofMinutes(1);

    private final Sessions sessions;
    private final SessionWatch watch;
    private final Windows strange;
    private final Cache<String, Boolean> seen = Caffeine.newBuilder().maximumSize(REMEMBERED).build();

    public Guard(Sessions sessions, SessionWatch watch, Clock clock) {
        this.sessions = sessions;
        this.watch = watch;
        this.strange = new Windows(clock, STRETCH);
    }

    /**
     * The session of the request's cookie, if it has one. Cookies that were none yet are looked up {@value #STRANGE}
     * times a minute for an address, so that made-up ones are no load on ZooKeeper; throws {@link Refusal} TOO_OFTEN
     * for more.
     */
    public Optional<Session> find(Asked asked) {
        Optional<String> cookie = asked.cookie();
        if (cookie.isEmpty()) {
            return Optional.empty();
        }
        String id = Sessions.id(cookie.get());
        boolean known = seen.getIfPresent(id) != null;
        Duration wait = known ? Duration.ZERO : strange.count(asked.network(), STRANGE);
        if (!wait.isZero()) {
            throw Refusal.later(Why.TOO_OFTEN, "cookies: too many that are no session (expected: to wait)", wait);
        }
        Optional<Session> session = sessions.find(cookie.get());
        if (session.isEmpty()) {
            seen.invalidate(id);
        } else if (!known) {
            seen.put(id, true);
            strange.back(asked.network());
        }
        return session;
    }

    /** The session that has just begun with this cookie; it is known from now on. */
    public Optional<Session> begun(String token) {
        Optional<Session> session = sessions.find(token);
        session.ifPresent(one -> seen.put(one.id(), true));
        return session;
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

    /** Watches the session of a request that goes on. */
    Watched watch(Asked asked, Consumer<End> told) {
        return watch.watch(asked.cookie().orElse(""), asked.session(), told);
    }

    private Session session(Asked asked) {
        return find(asked).orElseThrow(() -> asked.cookie().isEmpty()
                ? Refusal.because(Why.NOT_SIGNED_IN, "cookie: missing (expected: a session)")
                : Refusal.because(Why.SESSION_ENDED, "session: over (expected: to sign in again)"));
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
