package io.longwire.keeper.server.console.operate;

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
import io.longwire.rpc.operate.HeapCommand;
import io.longwire.rpc.operate.OperateGrpc;
import io.longwire.rpc.operate.ProcessRef;
import io.longwire.rpc.operate.ProfileCommand;
import io.longwire.rpc.process.HeapRequest;
import io.longwire.rpc.process.ProfileChunk;
import io.longwire.rpc.process.ProfileHead;
import io.longwire.rpc.process.ProfileRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Profiles, heap and threads of a process, by any keeper. Thread-safe; blocks as long as a profile takes. */
public final class ProfilePages {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration PROFILE = Duration.ofMinutes(6);
    private static final Set<String> EVENTS = Set.of("cpu", "wall", "alloc", "lock");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._:%-]{0,200}"); // it goes into logs
    private static final int MOST_SECONDS = 300;
    private static final int MOST_BYTES = 32 << 20;
    private static final int CLASSES = 100;

    private final Keepers keepers;
    private final Trail trail;

    public ProfilePages(Keepers keepers, Trail trail) {
        this.keepers = keepers;
        this.trail = trail;
    }

    public List<Route> routes() {
        return List.of(Route.of("POST", "/api/process/profile", Role.OPERATOR, this::profile).within(PROFILE),
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
        if (seconds < 1 || seconds > MOST_SECONDS) {
            throw Refusal.invalid("seconds", body.path("seconds").toString(), "1 to " + MOST_SECONDS);
        }
        ProcessRef process = process(body);
        trail.before(asked.origin(), "process.profile", process.getInstance(), event + ", " + seconds + " s");
        var command = ProfileCommand.newBuilder().setProcess(process)
                .setProfile(ProfileRequest.newBuilder().setEvent(event).setSeconds(seconds)).build();
        Duration patience = PATIENCE.plusSeconds(seconds);
        try (Answers<ProfileChunk> chunks = keepers.stream(OperateGrpc.getProfileMethod(), command, patience)) {
            return collected(chunks, patience);
        } catch (StatusRuntimeException failed) {
            throw Keepers.refusal(failed);
        }
    }

    // The stacks alone: the page draws them itself, as its policy lets in no script but its own.
    private static Reply collected(Answers<ProfileChunk> chunks, Duration patience) throws InterruptedException {
        var stacks = new ByteArrayOutputStream();
        ProfileHead head = ProfileHead.getDefaultInstance();
        String file = "";
        while (!chunks.over()) {
            ProfileChunk chunk = chunks.next(patience).orElse(ProfileChunk.getDefaultInstance());
            head = chunk.hasHead() ? chunk.getHead() : head;
            file = chunk.getFile().isEmpty() ? file : chunk.getFile();
            if (file.endsWith(".collapsed")) {
                if (stacks.size() + chunk.getData().size() > MOST_BYTES) {
                    throw Refusal.because(Why.TOO_LARGE, "profile: more than " + MOST_BYTES
                            + " bytes (expected: a shorter one)");
                }
                stacks.writeBytes(chunk.getData().toByteArray());
            }
        }
        return Reply.json(Json.object().put("profiler", head.getProfiler()).put("event", head.getEvent())
                .put("samples", head.getSamples()).put("seconds", head.getSeconds()).put("part", head.getPart())
                .put("instance", head.getInstance()).put("stacks", stacks.toString(StandardCharsets.UTF_8)));
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
