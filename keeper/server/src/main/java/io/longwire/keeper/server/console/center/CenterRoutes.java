package io.longwire.keeper.server.console.center;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.longwire.keeper.server.console.user.Role;
import io.longwire.keeper.server.console.web.Asked;
import io.longwire.keeper.server.console.web.Json;
import io.longwire.keeper.server.console.web.Refusal;
import io.longwire.keeper.server.console.web.Reply;
import io.longwire.keeper.server.console.web.Route;
import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * The calls of center that the console's pages make, {@code /api/v1/...} for {@code /v1/...}, each with the least
 * role that may. What is not listed cannot be asked through the console. A call within an app names it as {@code app}
 * in its query. Center records what changes in its audit log, by the person's name. Thread-safe, blocks.
 */
public final class CenterRoutes {
    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final Duration CALM = Duration.ofSeconds(5);
    private static final int COUNTED = 20;
    private static final Set<String> GOING_OUT = Set.of("running", "paused");
    private static final Set<String> GONE_OUT = Set.of("walked", "cancelled", "ended");
    private static final Pattern APP = Pattern.compile("[0-9]{1,10}");
    private static final String ID = "[0-9A-Za-z]{1,32}";
    private static final String NUMBER = "[0-9]{1,20}";
    private static final String ENDPOINT = "ep_[0-9A-Za-z_-]{1,64}";
    private static final String ALIAS = "(?!\\.{1,2}$)[^/]{1,512}";

    private final CenterDoor door;

    public CenterRoutes(CenterDoor door) {
        this.door = door;
    }

    /** Who may ask for what. */
    public List<Route> routes() {
        var routes = new ArrayList<Route>();
        // @formatter:off
        of(routes, Role.VIEWER, "GET", "apps");
        of(routes, Role.VIEWER, "GET", "apps/" + NUMBER);
        of(routes, Role.VIEWER, "GET", "apps/" + NUMBER + "/keys");
        of(routes, Role.VIEWER, "GET", "apps/" + NUMBER + "/callbacks");
        of(routes, Role.VIEWER, "GET", "usage");
        of(routes, Role.VIEWER, "GET", "audit");
        of(routes, Role.VIEWER, "GET", "conservation");
        of(routes, Role.VIEWER, "GET", "broadcasts");
        of(routes, Role.VIEWER, "GET", "broadcasts/" + ID);
        of(routes, Role.VIEWER, "GET", "bans");
        of(routes, Role.OPERATOR, "POST", "bans");
        of(routes, Role.OPERATOR, "DELETE", "bans/" + NUMBER);
        of(routes, Role.OPERATOR, "POST", "broadcasts/" + ID + ":(pause|resume|cancel|pace|advance)");
        of(routes, Role.OWNER, "POST", "broadcasts/" + ID + ":(approve|revoke)");
        of(routes, Role.OWNER, "POST", "apps");
        of(routes, Role.OWNER, "POST", "apps/" + NUMBER + ":update");
        of(routes, Role.OWNER, "POST", "apps/" + NUMBER + "/keys");
        of(routes, Role.OWNER, "DELETE", "apps/" + NUMBER + "/keys/" + ID);
        // within an app
        of(routes, Role.VIEWER, "GET", "messages/" + ID);
        of(routes, Role.VIEWER, "GET", "messages/" + ID + "/endpoints/" + ENDPOINT);
        of(routes, Role.VIEWER, "GET", "endpoints/" + ENDPOINT + "(/inbox|/history|/profile)?");
        of(routes, Role.VIEWER, "GET", "aliases/" + ALIAS);
        of(routes, Role.VIEWER, "GET", "dead-letters");
        of(routes, Role.OPERATOR, "DELETE", "messages/" + ID + "/endpoints/" + ENDPOINT);
        of(routes, Role.OPERATOR, "POST", "messages/" + ID + ":revoke");
        of(routes, Role.OPERATOR, "POST", "endpoints/" + ENDPOINT + ":kick");
        of(routes, Role.OPERATOR, "POST", "dead-letters/" + ID + "/endpoints/" + ENDPOINT + ":resend");
        // @formatter:on
        routes.add(Route.of("GET", "/api/live/broadcasts", Role.VIEWER, this::watch));
        return List.copyOf(routes);
    }

    private void of(List<Route> routes, Role least, String method, String path) {
        routes.add(Route.of(method, "/api/v1/" + path, least, this::pass));
    }

    private Reply pass(Asked asked) throws IOException, InterruptedException {
        String app = asked.query().getOrDefault("app", "");
        if (!app.isEmpty() && !APP.matcher(app).matches()) {
            throw Refusal.invalid("app", app, "the number of an app");
        }
        var query = new StringBuilder();
        asked.query().forEach((name, value) -> {
            if (!name.equals("app")) {
                query.append(query.isEmpty() ? '?' : '&').append(encoded(name)).append('=').append(encoded(value));
            }
        });
        String path = asked.rawPath().substring("/api".length()) + query;
        HttpResponse<byte[]> answer = door.call(
                new CenterDoor.Call(asked.method(), path, asked.body(), asked.origin(), app));
        Reply.Whole reply = Reply.json(answer.statusCode(), answer.body());
        return answer.headers().firstValue("Retry-After").map(after -> reply.with("Retry-After", after))
                .orElse(reply);
    }

    // Every second while one is under way, so that its bar moves; else now and then.
    private Reply watch(Asked asked) {
        var look = new CenterDoor.Call("GET", "/v1/broadcasts?limit=50", new byte[0], asked.origin(), "");
        return new Reply.Events(out -> {
            while (true) {
                Duration pause = CALM;
                try {
                    HttpResponse<byte[]> answer = door.call(look);
                    boolean known = answer.statusCode() == 200;
                    out.send(known ? "broadcasts" : "trouble", known
                            ? Json.bytes(counted(Json.read(answer.body()), asked.origin()))
                            : answer.body());
                    pause = known && moving(answer.body()) ? LOOK : CALM;
                } catch (Refusal away) {
                    out.send("trouble", Reply.problem(away).body());
                }
                rest(pause);
                out.beat(); // center may take its time for the next one
            }
        });
    }

    // The list has no counts: the newest that go out are asked about one by one, then the newest that did.
    private ObjectNode counted(ObjectNode list, String origin) throws IOException, InterruptedException {
        int left = COUNTED;
        if (list.path("broadcasts") instanceof ArrayNode broadcasts) {
            for (Set<String> states : List.of(GOING_OUT, GONE_OUT)) {
                for (int i = 0; i < broadcasts.size() && left > 0; i++) {
                    JsonNode one = broadcasts.path(i);
                    if (states.contains(one.path("state").asText())) {
                        left--;
                        HttpResponse<byte[]> answer = door.call(new CenterDoor.Call("GET",
                                "/v1/broadcasts/" + one.path("broadcast_id").asText(), new byte[0], origin, ""));
                        if (answer.statusCode() == 200) {
                            broadcasts.set(i, Json.read(answer.body()));
                        }
                    }
                }
            }
        }
        return list;
    }

    private static boolean moving(byte[] list) {
        return new String(list, StandardCharsets.UTF_8).contains("\"state\":\"running\"");
    }

    private static void rest(Duration pause) throws InterruptedException {
        if (new CountDownLatch(1).await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new IllegalStateException("nobody counts down");
        }
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
