package io.longwire.keeper.server.console.operate;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.longwire.keeper.server.console.trail.Trail;
import io.longwire.keeper.server.console.user.Role;
import io.longwire.keeper.server.console.web.Asked;
import io.longwire.keeper.server.console.web.Refusal;
import io.longwire.keeper.server.console.web.Reply;
import io.longwire.keeper.server.console.web.Route;
import io.longwire.rpc.keeper.ConfigHistoryRequest;
import io.longwire.rpc.keeper.ConfigServiceGrpc;
import io.longwire.rpc.keeper.DiffConfigRequest;
import io.longwire.rpc.keeper.GetConfigVersionRequest;
import io.longwire.rpc.keeper.GetEffectiveRequest;
import io.longwire.rpc.keeper.GetSchemaRequest;
import io.longwire.rpc.keeper.HaltRolloutRequest;
import io.longwire.rpc.keeper.ListConfigPartsRequest;
import io.longwire.rpc.keeper.ListConfigProcessesRequest;
import io.longwire.rpc.keeper.PutConfigRequest;
import io.longwire.rpc.keeper.ResumeRolloutRequest;
import io.longwire.rpc.keeper.RollbackRequest;
import io.longwire.rpc.keeper.Rollout;
import io.longwire.rpc.keeper.StartRolloutRequest;
import io.longwire.rpc.keeper.WatchRolloutRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The calls of keeper's ConfigService as {@code POST /api/config/<call>}, request and answer as JSON, each with the
 * least role that may. The author of a change is who is signed in, whatever the request says, and what changes is
 * recorded before. Thread-safe, blocks.
 */
public final class KeeperRoutes {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration WATCH = Duration.ofMinutes(9);
    private static final Duration BEAT = Duration.ofSeconds(10);

    private final Keepers keepers;
    private final Trail trail;

    public KeeperRoutes(Keepers keepers, Trail trail) {
        this.keepers = keepers;
        this.trail = trail;
    }

    public List<Route> routes() {
        var routes = new ArrayList<Route>();
        // @formatter:off
        read(routes, ConfigServiceGrpc.getListPartsMethod(), ListConfigPartsRequest.getDefaultInstance());
        read(routes, ConfigServiceGrpc.getGetSchemaMethod(), GetSchemaRequest.getDefaultInstance());
        read(routes, ConfigServiceGrpc.getGetVersionMethod(), GetConfigVersionRequest.getDefaultInstance());
        read(routes, ConfigServiceGrpc.getGetEffectiveMethod(), GetEffectiveRequest.getDefaultInstance());
        read(routes, ConfigServiceGrpc.getHistoryMethod(), ConfigHistoryRequest.getDefaultInstance());
        read(routes, ConfigServiceGrpc.getDiffMethod(), DiffConfigRequest.getDefaultInstance());
        read(routes, ConfigServiceGrpc.getListProcessesMethod(), ListConfigProcessesRequest.getDefaultInstance());
        change(routes, ConfigServiceGrpc.getPutMethod(), PutConfigRequest.getDefaultInstance());
        change(routes, ConfigServiceGrpc.getStartRolloutMethod(), StartRolloutRequest.getDefaultInstance());
        change(routes, ConfigServiceGrpc.getHaltRolloutMethod(), HaltRolloutRequest.getDefaultInstance());
        change(routes, ConfigServiceGrpc.getResumeRolloutMethod(), ResumeRolloutRequest.getDefaultInstance());
        change(routes, ConfigServiceGrpc.getRollbackMethod(), RollbackRequest.getDefaultInstance());
        // @formatter:on
        routes.add(Route.of("GET", "/api/live/rollout", Role.VIEWER, this::watch));
        return List.copyOf(routes);
    }

    private <Q extends Message, A extends Message> void read(List<Route> routes, MethodDescriptor<Q, A> method,
            Q empty) {
        routes.add(Route.of("POST", path(method), Role.VIEWER,
                asked -> Reply.json(200, Keepers.json(keepers.call(method, request(asked, empty), PATIENCE)))));
    }

    private <Q extends Message, A extends Message> void change(List<Route> routes, MethodDescriptor<Q, A> method,
            Q empty) {
        routes.add(Route.of("POST", path(method), Role.OPERATOR, asked -> {
            Q request = request(asked, empty);
            boolean keepsNothing = request instanceof PutConfigRequest put && put.getCheckOnly();
            if (!keepsNothing) {
                trail.before(asked.origin(), "config." + name(method), text(request, "part"), detail(request));
            }
            return Reply.json(200, Keepers.json(keepers.call(method, request, PATIENCE)));
        }));
    }

    @SuppressWarnings("unchecked") // a builder builds what its default instance is of
    private static <Q extends Message> Q request(Asked asked, Q empty) throws IOException {
        Message.Builder builder = empty.newBuilderForType();
        Keepers.merge(asked.body(), builder);
        FieldDescriptor author = builder.getDescriptorForType().findFieldByName("author");
        if (author != null) {
            builder.setField(author, asked.session().user());
        }
        return (Q) builder.build();
    }

    private static String detail(Message request) {
        var detail = new StringBuilder();
        for (String name : List.of("version", "scope", "comment", "reason")) {
            String value = text(request, name);
            if (!value.isEmpty() && !value.equals("0")) {
                detail.append(detail.isEmpty() ? "" : "; ").append(name).append(' ').append(value);
            }
        }
        return detail.length() > 400 ? detail.substring(0, 400) : detail.toString();
    }

    private static String text(Message request, String name) {
        FieldDescriptor field = request.getDescriptorForType().findFieldByName(name);
        return field == null ? "" : String.valueOf(request.getField(field)).strip().replaceAll("\\s+", " ");
    }

    private Reply watch(Asked asked) {
        var request = WatchRolloutRequest.newBuilder().setPart(asked.query().getOrDefault("part", "")).build();
        return new Reply.Events(out -> {
            try (Answers<Rollout> states = keepers.stream(ConfigServiceGrpc.getWatchRolloutMethod(), request, WATCH)) {
                while (!states.over()) {
                    Optional<Rollout> state = states.next(BEAT);
                    if (state.isPresent()) {
                        out.send("rollout", Keepers.json(state.get()));
                    } else {
                        out.beat(); // finds out that the browser has gone, however long nothing changes
                    }
                }
                out.send("over", "{}".getBytes(StandardCharsets.UTF_8));
            } catch (StatusRuntimeException failed) {
                if (failed.getStatus().getCode() != Status.Code.DEADLINE_EXCEEDED) { // else the page asks again
                    out.send("trouble", Reply.problem(Keepers.refusal(failed)).body());
                }
            } catch (Refusal none) {
                out.send("trouble", Reply.problem(none).body());
            }
        });
    }

    private static String path(MethodDescriptor<?, ?> method) {
        return "/api/config/" + name(method);
    }

    // "StartRollout" -> "start-rollout"
    private static String name(MethodDescriptor<?, ?> method) {
        return String.valueOf(method.getBareMethodName()).replaceAll("(?<=[a-z])(?=[A-Z])", "-")
                .toLowerCase(java.util.Locale.ROOT);
    }
}
