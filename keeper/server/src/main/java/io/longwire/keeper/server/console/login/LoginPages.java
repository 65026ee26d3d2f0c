package io.longwire.keeper.server.console.login;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.metrics.Metrics;
import io.longwire.keeper.server.console.metric.ConsoleMetric;
import io.longwire.keeper.server.console.session.Session;
import io.longwire.keeper.server.console.session.Sessions;
import io.longwire.keeper.server.console.trail.Trail;
import io.longwire.keeper.server.console.user.Attempts;
import io.longwire.keeper.server.console.user.PasswordHash;
import io.longwire.keeper.server.console.user.Role;
import io.longwire.keeper.server.console.user.User;
import io.longwire.keeper.server.console.user.Users;
import io.longwire.keeper.server.console.web.Asked;
import io.longwire.keeper.server.console.web.Guard;
import io.longwire.keeper.server.console.web.Json;
import io.longwire.keeper.server.console.web.Refusal;
import io.longwire.keeper.server.console.web.Refusal.Why;
import io.longwire.keeper.server.console.web.Reply;
import io.longwire.keeper.server.console.web.Route;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Signing in and out, and one's own password. A wrong password costs the same time as a right one, whether there is
 * such a user or not; two are checked at once, as each takes 19 MiB. Thread-safe, blocks.
 */
public final class LoginPages {
    private static final int CHECKS = 2;
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private final Users users;
    private final Sessions sessions;
    private final Guard guard;
    private final Attempts attempts;
    private final Trail trail;
    private final Settings settings;
    private final Clock clock;
    private final Metrics metrics;
    private final Semaphore checks = new Semaphore(CHECKS);
    private final String nobody = PasswordHash.of("nobody has this one");

    /**
     * How sessions are.
     *
     * @param secure their cookie goes over https only
     */
    public record Settings(Duration life, boolean secure) {
    }

    public LoginPages(Users users, Sessions sessions, Guard guard, Trail trail, Settings settings, Clock clock,
            Metrics metrics) {
        this.users = users;
        this.guard = guard;
        this.sessions = sessions;
        this.attempts = new Attempts(clock);
        this.trail = trail;
        this.settings = settings;
        this.clock = clock;
        this.metrics = metrics;
    }

    public List<Route> routes() {
        return List.of(Route.open("POST", "/api/sign-in", this::signIn),
                Route.open("GET", "/api/session", this::look),
                Route.of("GET", "/api/me", Role.VIEWER, asked -> Reply.json(me(asked.session()))),
                Route.of("POST", "/api/sign-out", Role.VIEWER, this::signOut),
                Route.of("POST", "/api/password", Role.VIEWER, this::changePassword));
    }

    private Reply signIn(Asked asked) throws IOException, InterruptedException {
        ObjectNode body = asked.json();
        String name = Json.text(body, "name");
        String password = Json.text(body, "password");
        Optional<User> user = attempt(User.isName(name) ? name : "?", password, asked.network());
        if (user.isEmpty()) {
            outcome("wrong");
            throw Refusal.because(Why.WRONG_PASSWORD, "name or password: wrong (expected: those of a user)");
        }
        notTooOften(attempts.succeeded(name, asked.network()));
        outcome("done");
        String token = sessions.begin(user.get());
        trail.note(name + "@" + asked.address(), "console.sign_in", name, "role " + user.get().role().label());
        Session session = guard.begun(token).orElseThrow(() -> Refusal.later(Why.UNAVAILABLE,
                "session: not there yet (expected: to sign in again)", Duration.ofSeconds(1)));
        return Reply.json(me(session)).with("Set-Cookie", cookie(token, settings.life.toSeconds()));
    }

    private void notTooOften(Duration wait) {
        if (!wait.isZero()) {
            outcome("limited");
            throw Refusal.later(Why.TOO_OFTEN, "attempts: too many (expected: to wait " + (wait.toMinutes() + 1)
                    + " min)", wait);
        }
    }

    // What could not be checked, as too many are or ZooKeeper is away, is no attempt. A "?" is nobody.
    private Optional<User> attempt(String name, String password, String address) throws InterruptedException {
        notTooOften(attempts.enter(name, address));
        boolean seen = false;
        try {
            Optional<User> user = checked(name, password);
            seen = true;
            return user;
        } finally {
            if (!seen) {
                attempts.unseen(name, address);
            }
        }
    }

    private Optional<User> checked(String name, String password) throws InterruptedException {
        if (!checks.tryAcquire(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
            outcome("busy");
            throw Refusal.later(Why.BUSY, "passwords: " + CHECKS + " being checked (expected: fewer)",
                    Duration.ofSeconds(2));
        }
        try {
            Optional<User> user = users.find(name);
            boolean right = PasswordHash.isPassword(password)
                    && PasswordHash.matches(password, user.map(User::passwordHash).orElse(nobody));
            return right ? user : Optional.empty();
        } finally {
            checks.release();
        }
    }

    // Who has just opened the page is nobody, without that being an error.
    private Reply look(Asked asked) {
        return guard.find(asked).map(session -> Reply.json(me(session)))
                .orElseGet(() -> Reply.json(Json.object().put("ended", asked.cookie().isPresent())));
    }

    private Reply signOut(Asked asked) {
        sessions.end(asked.session());
        return Reply.json(Json.object()).with("Set-Cookie", cookie("", 0));
    }

    private Reply changePassword(Asked asked) throws IOException, InterruptedException {
        ObjectNode body = asked.json();
        String fresh = Json.text(body, "password");
        if (!PasswordHash.isPassword(fresh)) {
            throw Refusal.invalid("password", fresh.length() + " characters", PasswordHash.RULE);
        }
        String name = asked.session().user();
        User user = attempt(name, Json.text(body, "old"), asked.network()).orElseThrow(
                () -> Refusal.because(Why.WRONG_PASSWORD, "old: wrong (expected: the password until now)"));
        notTooOften(attempts.succeeded(name, asked.network()));
        trail.before(asked.origin(), "console.password", name, "");
        String hash = PasswordHash.of(fresh);
        User changed = users.change(name, kept -> {
            if (kept.passwordHash().equals(hash)) {
                return kept; // written, and its answer lost
            }
            if (!kept.passwordHash().equals(user.passwordHash())) {
                throw Refusal.because(Why.CONFLICT, "password: changed meanwhile (expected: the one that was checked)");
            }
            return kept.with(hash, clock.wallMillis());
        }).orElseThrow(() -> Refusal.because(Why.NOT_FOUND, "user: removed (expected: one that is there)"));
        return Reply.json(Json.object()).with("Set-Cookie",
                cookie(sessions.begin(changed), settings.life.toSeconds()));
    }

    private static ObjectNode me(Session session) {
        return Json.object().put("user", session.user()).put("role", session.role().label())
                .put("csrf", session.csrf()).put("expires_ms", session.expiresMillis());
    }

    private String cookie(String token, long seconds) {
        return Asked.COOKIE + "=" + token + "; Path=/; HttpOnly; SameSite=Strict; Max-Age=" + seconds
                + (settings.secure ? "; Secure" : "");
    }

    private void outcome(String outcome) {
        metrics.counter(ConsoleMetric.SIGN_INS, "outcome", outcome).increment();
    }
}
