package io.longwire.keeper.server.console.operate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.grpc.StatusRuntimeException;
import io.longwire.keeper.server.console.trail.Trail;
import io.longwire.keeper.server.console.user.Role;
import io.longwire.keeper.server.console.web.Asked;
import io.longwire.keeper.server.console.web.Json;
import io.longwire.keeper.server.console.web.Refusal;
import io.longwire.keeper.server.console.web.Refusal.Why;
import io.longwire.keeper.server.console.web.Reply;
import io.longwire.keeper.server.console.web.Route;
import io.longwire.rpc.operate.GetSamplingRequest;
import io.longwire.rpc.operate.HeapCommand;
import io.longwire.rpc.operate.OperateGrpc;
import io.longwire.rpc.operate.ProcessRef;
import io.longwire.rpc.operate.ProfileCommand;
import io.longwire.rpc.operate.SampleCommand;
import io.longwire.rpc.process.HeapRequest;
import io.longwire.rpc.process.ProfileChunk;
import io.longwire.rpc.process.ProfileHead;
import io.longwire.rpc.process.ProfileRequest;
import io.longwire.rpc.process.SampleRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * How a process does, its profiles, heap and threads, and the switch of sampling, by any keeper. Thread-safe; blocks as
 * long as a profile takes.
 */
public final class ProfilePages {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration PROFILE = Duration.ofMinutes(6);
    private static final Set<String> EVENTS = Set.of("cpu", "wall", "alloc", "lock");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._:%-]{0,200}"); // it goes into logs
    private static final int MOST_SECONDS = 300;
    private static final int MOST_PAST_SECONDS = 900;
    private static final int MOST_BYTES = 32 << 20;
    private static final int CLASSES = 100;

    private final Keepers keepers;
    private final Trail trail;

    public ProfilePages(Keepers keepers, Trail trail) {
        this.keepers = keepers;
        this.trail = trail;
    }

    public List<Route> routes() {
        return List.of(Route.of("POST", "/api/process/describe", Role.VIEWER, asked -> Reply.json(200, Keepers.json(
                keepers.call(OperateGrpc.getDescribeMethod(), process(asked.json()), PATIENCE))))
                .within(PATIENCE.multipliedBy(2)),
                Route.of("GET", "/api/sampling", Role.VIEWER, asked -> Reply.json(200, Keepers.json(keepers.call(
                        OperateGrpc.getGetSamplingMethod(), GetSamplingRequest.getDefaultInstance(), PATIENCE)))),
                Route.of("POST", "/api/sampling", Role.OPERATOR, this::sample).within(PATIENCE.multipliedBy(2)),
                Route.of("POST", "/api/process/profile", Role.OPERATOR, this::profile).within(PROFILE),
                Route.of("POST", "/api/process/heap", Role.OPERATOR, this::heap).within(PATIENCE.multipliedBy(2)),
                Route.of("POST", "/api/process/threads", Role.OPERATOR, asked -> Reply.json(200, Keepers.json(
                        keepers.call(OperateGrpc.getThreadsMethod(), process(asked.json()), PATIENCE))))
                        .within(PATIENCE.multipliedBy(2)));
    }

    private Reply profile(Asked asked) throws IOException, InterruptedException {
        ObjectNode body = asked.json();
        String event = Json.text(body, "event");
        int seconds = body.path("seconds").asInt(-1);
        if (!EVENTS.contains(event)) {
            throw Refusal.invalid("event", event, "cpu, wall, alloc or lock");
        }
        int most = body.path("past").asBoolean(false) ? MOST_PAST_SECONDS : MOST_SECONDS;
        if (seconds < 1 || seconds > most) {
            throw Refusal.invalid("seconds", body.path("seconds").toString(), "1 to " + most);
        }
        ProcessRef process = process(body);
        boolean past = body.path("past").asBoolean(false);
        trail.before(asked.origin(), "process.profile", process.getInstance(), event + ", "
                + (past ? "the last " : "") + seconds + " s");
        var command = ProfileCommand.newBuilder().setProcess(process)
                .setProfile(ProfileRequest.newBuilder().setEvent(event).setSeconds(seconds)
                        .setPast(past))
                .build();
        Duration patience = PATIENCE.plusSeconds(seconds);
        try (Answers<ProfileChunk> chunks = keepers.stream(OperateGrpc.getProfileMethod(), command, patience)) {
            return collected(chunks, patience);
        } catch (StatusRuntimeException failed) {
            throw Keepers.refusal(failed);
        }
    }

    // The page draws the stacks itself, as its policy lets in no script but its own; the graph is for a file.
    private static Reply collected(Answers<ProfileChunk> chunks, Duration patience) throws InterruptedException {
        var stacks = new ByteArrayOutputStream();
        var graph = new ByteArrayOutputStream();
        ProfileHead head = ProfileHead.getDefaultInstance();
        String file = "";
        while (!chunks.over()) {
            ProfileChunk chunk = chunks.next(patience).orElse(ProfileChunk.getDefaultInstance());
            head = chunk.hasHead() ? chunk.getHead() : head;
            file = chunk.getFile().isEmpty() ? file : chunk.getFile();
            var into = file.endsWith(".collapsed") ? stacks : graph;
            if (into.size() + chunk.getData().size() > MOST_BYTES) {
                throw Refusal.because(Why.TOO_LARGE, "profile: more than " + MOST_BYTES
                        + " bytes (expected: a shorter one)");
            }
            into.writeBytes(chunk.getData().toByteArray());
        }
        return Reply.json(Json.object().put("profiler", head.getProfiler()).put("event", head.getEvent())
                .put("samples", head.getSamples()).put("seconds", head.getSeconds()).put("part", head.getPart())
                .put("instance", head.getInstance()).put("stacks", stacks.toString(StandardCharsets.UTF_8))
                .put("graph", graph.toString(StandardCharsets.UTF_8)));
    }

    private Reply sample(Asked asked) throws IOException, InterruptedException {
        ObjectNode body = asked.json();
        String part = name(body, "part");
        JsonNode on = body.path("on");
        if (!on.isBoolean()) {
            throw Refusal.invalid("on", on.toString(), "true or false");
        }
        trail.before(asked.origin(), "process.sampling", part.isEmpty() ? "all parts" : part, on.asBoolean()
                ? "on"
                : "off");
        return Reply.json(200, Keepers.json(keepers.call(OperateGrpc.getSampleMethod(), SampleCommand.newBuilder()
                .setPart(part).setSample(SampleRequest.newBuilder().setOn(on.asBoolean())).build(), PATIENCE)));
    }

    private Reply heap(Asked asked) throws IOException, InterruptedException {
        ProcessRef process = process(asked.json());
        trail.before(asked.origin(), "process.heap", process.getInstance(), "a full collection");
        return Reply.json(200, Keepers.json(keepers.call(OperateGrpc.getHeapMethod(),
                HeapCommand.newBuilder().setProcess(process).setHeap(HeapRequest.newBuilder().setLimit(CLASSES))
                        .build(),
                PATIENCE)));
    }

    private static ProcessRef process(ObjectNode body) {
        return ProcessRef.newBuilder().setPart(name(body, "part")).setInstance(name(body, "instance")).build();
    }

    private static String name(ObjectNode body, String field) {
        String text = Json.text(body, field);
        if (!NAME.matcher(text).matches()) {
            throw Refusal.invalid(field, text, "up to 200 of A-Z a-z 0-9 . _ : % -");
        }
        return text;
    }
}
