package io.longwire.keeper.server.console.cluster;

import io.grpc.StatusRuntimeException;
import io.longwire.keeper.cluster.Cluster;
import io.longwire.keeper.cluster.Member;
import io.longwire.keeper.rpc.Rpc;
import io.longwire.keeper.server.console.trail.Trail;
import io.longwire.keeper.server.console.user.Role;
import io.longwire.keeper.server.console.web.Asked;
import io.longwire.keeper.server.console.web.Json;
import io.longwire.keeper.server.console.web.Refusal;
import io.longwire.keeper.server.console.web.Refusal.Why;
import io.longwire.keeper.server.console.web.Reply;
import io.longwire.keeper.server.console.web.Route;
import io.longwire.rpc.process.DrainRequest;
import io.longwire.rpc.process.DrainState;
import io.longwire.rpc.process.ProcessGrpc;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The cluster map, live, and rooms to be drained. Thread-safe, blocks. */
public final class ClusterPages {
    private static final Duration BEAT = Duration.ofSeconds(10);
    private static final Duration FIRST = Duration.ofSeconds(4);
    private static final int MOST_SECONDS = 1_800;
    private static final int DEADLINE_SECONDS = 5;

    private final Lookout lookout;
    private final Cluster cluster;
    private final Rpc rpc;
    private final Trail trail;

    public ClusterPages(Lookout lookout, Cluster cluster, Rpc rpc, Trail trail) {
        this.lookout = lookout;
        this.cluster = cluster;
        this.rpc = rpc;
        this.trail = trail;
    }

    public List<Route> routes() {
        return List.of(
                Route.of("GET", "/api/cluster", Role.VIEWER, _ -> Reply.json(200, lookout.after(0, FIRST).json())),
                Route.of("GET", "/api/cluster/history", Role.VIEWER,
                        _ -> Reply.json(200, lookout.after(0, FIRST).history())),
                Route.of("GET", "/api/live/cluster", Role.VIEWER, _ -> live()),
                Route.of("POST", "/api/rooms/([A-Za-z0-9._:%-]{1,200})/drain", Role.OPERATOR, this::drain));
    }

    private Reply live() {
        return new Reply.Events(out -> {
            long seen = 0;
            while (true) {
                Picture picture = lookout.after(seen, BEAT);
                if (picture.number() > seen) {
                    out.send("cluster", picture.json());
                    seen = picture.number();
                } else {
                    out.beat();
                }
            }
        });
    }

    private Reply drain(Asked asked) throws IOException, InterruptedException {
        int seconds = asked.json().path("within_seconds").asInt(-1);
        if (seconds < 1 || seconds > MOST_SECONDS) {
            throw Refusal.invalid("within_seconds", asked.json().path("within_seconds").toString(),
                    "1 to " + MOST_SECONDS);
        }
        String instance = URLDecoder.decode(asked.variable(1), StandardCharsets.UTF_8);
        Member room = cluster.members("room").list().stream().filter(one -> one.instance().equals(instance))
                .findFirst().orElseThrow(() -> Refusal.because(Why.NOT_FOUND,
                        "room: " + instance + " (expected: one that runs)"));
        if (room.draining()) {
            throw Refusal.because(Why.CONFLICT, "room: " + instance + " (expected: one that does not drain yet)");
        }
        trail.before(asked.origin(), "room.drain", instance, "within " + seconds + " s");
        try {
            DrainState state = ProcessGrpc.newBlockingStub(rpc.channel(room.rpcAddress()))
                    .withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS)
                    .drain(DrainRequest.newBuilder().setWithinMs(seconds * 1000).build());
            return Reply.json(Json.object().put("began_ms", state.getBeganMs()).put("over", state.getOver()));
        } catch (StatusRuntimeException failed) {
            throw Refusal.later(Why.UNAVAILABLE,
                    "room: " + instance + " did not answer (" + failed.getStatus().getCode()
                            + ")",
                    Duration.ofSeconds(2));
        }
    }
}
