package io.longwire.keeper.server.console.login;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.server.console.trail.Trail;
import io.longwire.keeper.server.console.user.PasswordHash;
import io.longwire.keeper.server.console.user.Role;
import io.longwire.keeper.server.console.user.User;
import io.longwire.keeper.server.console.user.Users;
import io.longwire.keeper.server.console.web.Asked;
import io.longwire.keeper.server.console.web.Json;
import io.longwire.keeper.server.console.web.Refusal;
import io.longwire.keeper.server.console.web.Refusal.Why;
import io.longwire.keeper.server.console.web.Reply;
import io.longwire.keeper.server.console.web.Route;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The users, for owners. Nobody changes or removes himself here, so that no owner locks himself out. Thread-safe,
 * blocks.
 */
public final class UserPages {
    private static final String ONE = "/api/users/([a-z0-9._-]{1,32})";

    private final Users users;
    private final Trail trail;
    private final Clock clock;

    public UserPages(Users users, Trail trail, Clock clock) {
        this.users = users;
        this.trail = trail;
        this.clock = clock;
    }

    public List<Route> routes() {
        return List.of(Route.of("GET", "/api/users", Role.OWNER, _ -> list()),
                Route.of("POST", "/api/users", Role.OWNER, this::add),
                Route.of("POST", ONE, Role.OWNER, this::change),
                Route.of("DELETE", ONE, Role.OWNER, this::remove));
    }

    private Reply list() {
        ObjectNode answer = Json.object();
        var list = answer.putArray("users");
        users.all().forEach(user -> list.addObject().put("name", user.name()).put("role", user.role().label())
                .put("changed_ms", user.changedMillis()));
        return Reply.json(answer);
    }

    private Reply add(Asked asked) throws IOException, InterruptedException {
        ObjectNode body = asked.json();
        String name = Json.text(body, "name");
        if (!User.isName(name)) {
            throw Refusal.invalid("name", name, User.NAME_RULE);
        }
        var user = new User(name, role(body), hash(Json.text(body, "password")), clock.wallMillis());
        trail.before(asked.origin(), "console.user_add", name, "role " + user.role().label());
        if (!users.add(user)) {
            throw Refusal.because(Why.CONFLICT, "name: " + name + " (expected: one that is not taken)");
        }
        return Reply.json(Json.object());
    }

    private Reply change(Asked asked) throws IOException, InterruptedException {
        User user = other(asked);
        ObjectNode body = asked.json();
        Optional<Role> role = body.has("role") ? Optional.of(role(body)) : Optional.empty();
        Optional<String> hash = body.has("password")
                ? Optional.of(hash(Json.text(body, "password")))
                : Optional.empty();
        trail.before(asked.origin(), "console.user_change", user.name(),
                Stream.concat(role.stream().map(one -> "role " + one.label()),
                        hash.stream().map(_ -> "another password")).collect(Collectors.joining(", ")));
        Optional<User> result = users.change(user.name(), kept -> {
            User changed = kept;
            if (role.isPresent() && kept.role() != role.get()) {
                changed = changed.in(role.get(), clock.wallMillis());
            }
            return hash.isPresent() && !kept.passwordHash().equals(hash.get())
                    ? changed.with(hash.get(), clock.wallMillis())
                    : changed;
        });
        if (result.isEmpty()) {
            throw unknown(user.name());
        }
        return Reply.json(Json.object());
    }

    private Reply remove(Asked asked) throws InterruptedException {
        User user = other(asked);
        trail.before(asked.origin(), "console.user_remove", user.name(), "");
        if (!users.remove(user.name())) {
            throw unknown(user.name());
        }
        return Reply.json(Json.object());
    }

    private User other(Asked asked) {
        String name = asked.variable(1);
        if (name.equals(asked.session().user())) {
            throw Refusal.because(Why.CONFLICT, "user: " + name + " (expected: another one than yourself)");
        }
        return users.find(name).orElseThrow(() -> unknown(name));
    }

    private static Refusal unknown(String name) {
        return Refusal.because(Why.NOT_FOUND, "user: " + name + " (expected: one of the console's users)");
    }

    private static Role role(ObjectNode body) {
        String label = Json.text(body, "role");
        return Role.of(label).orElseThrow(() -> Refusal.invalid("role", label, "viewer, operator or owner"));
    }

    private static String hash(String password) {
        if (!PasswordHash.isPassword(password)) {
            throw Refusal.invalid("password", password.length() + " characters", PasswordHash.RULE);
        }
        return PasswordHash.of(password);
    }
}
