package io.longwire.keeper.server.config;

import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.cluster.Member;
import io.longwire.keeper.follow.Layers;
import io.longwire.keeper.follow.Mistakes;
import io.longwire.keeper.metrics.Metrics;
import io.longwire.rpc.keeper.ConfigCode;
import io.longwire.rpc.keeper.ConfigLayer;
import io.longwire.rpc.keeper.ConfigMistake;
import io.longwire.rpc.keeper.ConfigSchema;
import io.longwire.rpc.keeper.ConfigScope;
import io.longwire.rpc.keeper.ConfigVersion;
import io.longwire.rpc.keeper.PutConfigReply;
import io.longwire.rpc.keeper.PutConfigRequest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What becomes of a draft: checked against the schema, then by a live process, then a version. Thread-safe; waits for
 * ZooKeeper and for the process.
 */
final class Drafts {
    private static final int MAX_LAYERS = 500;
    /** With the difference to the version before it, it fits into a ZooKeeper node (1 MB). */
    private static final int MAX_VERSION_BYTES = 256 << 10;
    private static final int MAX_WORDS = 500;

    private final ConfigStore store;
    private final Processes processes;
    private final Clock clock;
    private final Metrics.Counter versions;
    private final Metrics.Counter refused;

    Drafts(ConfigStore store, Processes processes, Clock clock, Metrics.Counter versions, Metrics.Counter refused) {
        this.store = store;
        this.processes = processes;
        this.clock = clock;
        this.versions = versions;
        this.refused = refused;
    }

    /** The schema of the part's newest process, or, if none runs, the one told last. Throws UNKNOWN_PART. */
    ConfigSchema schema(String part) {
        ConfigSchema newest = store.newestSchema(part)
                .orElseThrow(() -> new ConfigRefused(ConfigCode.UNKNOWN_PART, "part: " + part + " (expected: one of "
                        + String.join(", ", store.parts()) + " that has run once)"));
        return processes.live(part).stream().filter(member -> member.attributes().containsKey("schema"))
                .max(Comparator.comparingLong(Member::startedMillis))
                .flatMap(youngest -> store.schema(part, youngest.attributes().getOrDefault("schema", "")))
                .orElse(newest);
    }

    /** Mistakes, or the version that was made. */
    PutConfigReply put(PutConfigRequest request) {
        ConfigScope scope = scope(request.getScope());
        ConfigSchema schema = schema(request.getPart());
        long head = store.state(request.getPart()).getHead();
        if (request.hasMadeFrom() && request.getMadeFrom() != head) {
            throw new ConfigRefused(ConfigCode.CHANGED_MEANWHILE, "made_from: " + request.getMadeFrom()
                    + " (expected: " + head + ", which drafts are made from now)");
        }
        ConfigVersion base = store.version(request.getPart(), head);
        ConfigVersion draft = draft(base, scope, request);
        List<ConfigMistake> mistakes = SchemaCheck.of(schema, draft.getLayersList());
        boolean unproven = false;
        if (mistakes.isEmpty()) {
            Optional<List<ConfigMistake>> proof = processes.prove(request.getPart(), draft.getLayersList());
            if (proof.isEmpty() && !request.getUnproven() && !request.getCheckOnly()) {
                throw nobody(request.getPart());
            }
            unproven = proof.isEmpty();
            mistakes = proof.orElse(List.of());
        }
        var reply = PutConfigReply.newBuilder().addAllMistakes(mistakes).setDiff(Changes.text(base, draft));
        if (!mistakes.isEmpty()) {
            refused.increment();
            return reply.build();
        }
        reply.addAllWaitingKeys(Changes.waiting(base, draft, schema));
        return request.getCheckOnly() ? reply.build() : reply.setVersion(keep(draft, unproven, reply, head)).build();
    }

    /** Throws INVALID_CONFIG for a version that the part would not take as it is now. */
    void stillGood(ConfigVersion version, boolean prove) {
        List<ConfigMistake> mistakes = SchemaCheck.of(schema(version.getPart()), version.getLayersList());
        if (mistakes.isEmpty() && prove) {
            mistakes = processes.prove(version.getPart(), version.getLayersList())
                    .orElseThrow(() -> nobody(version.getPart()));
        }
        if (!mistakes.isEmpty()) {
            throw new ConfigRefused(ConfigCode.INVALID_CONFIG, "version: " + version.getNumber() + " (expected: one "
                    + "that the part takes): " + Mistakes.text(mistakes.getFirst()));
        }
    }

    private ConfigVersion keep(ConfigVersion draft, boolean unproven, PutConfigReply.Builder reply, long head) {
        if (reply.getDiff().isEmpty()) {
            throw new ConfigRefused(ConfigCode.BAD_REQUEST, "yaml: as it is in version " + head + " (expected: a "
                    + "change)");
        }
        ConfigVersion version = store.create(draft.toBuilder().setUnproven(unproven).setDiff(reply.getDiff()));
        store.change(version.getPart(), state -> {
            if (state.getHead() == version.getNumber()) {
                return state; // written before, and its answer was lost
            }
            if (state.getHead() != head) {
                throw new ConfigRefused(ConfigCode.CHANGED_MEANWHILE, "version: " + version.getNumber()
                        + " is kept, and made from " + head + " (expected: from " + state.getHead()
                        + ", which another put meanwhile)");
            }
            return state.toBuilder().setHead(version.getNumber()).build();
        });
        versions.increment();
        return version;
    }

    private ConfigVersion draft(ConfigVersion base, ConfigScope scope, PutConfigRequest request) {
        var layers = new ArrayList<ConfigLayer>();
        base.getLayersList().stream().filter(layer -> !layer.getScope().equals(scope)).forEach(layers::add);
        if (!request.getYaml().isBlank()) {
            layers.add(ConfigLayer.newBuilder().setScope(scope).setYaml(request.getYaml()).build());
        }
        layers.sort(Comparator.comparingInt((ConfigLayer layer) -> Layers.rank(layer.getScope()))
                .thenComparing(layer -> Layers.label(layer.getScope())));
        int bytes = layers.stream().mapToInt(ConfigLayer::getSerializedSize).sum();
        if (layers.size() > MAX_LAYERS || bytes > MAX_VERSION_BYTES) {
            throw new ConfigRefused(ConfigCode.BAD_REQUEST, "layers: " + layers.size() + " with " + bytes
                    + " bytes (expected: at most " + MAX_LAYERS + " with " + MAX_VERSION_BYTES + ")");
        }
        return ConfigVersion.newBuilder().setPart(request.getPart()).setMadeFrom(base.getNumber())
                .setAuthor(author(request.getAuthor())).setCreatedMs(clock.wallMillis())
                .setComment(words("comment", request.getComment())).addAllLayers(layers).build();
    }

    /** Who did it, as the caller says; the key that was shown is the operator's. */
    static String author(String given) {
        return given.isBlank() ? "operator" : words("author", given);
    }

    static String words(String name, String given) {
        if (given.length() > MAX_WORDS) {
            throw new ConfigRefused(ConfigCode.BAD_REQUEST, name + ": " + given.length() + " letters (expected: at "
                    + "most " + MAX_WORDS + ")");
        }
        return given;
    }

    static ConfigScope scope(ConfigScope given) {
        if (!given.getHost().isEmpty() && !given.getInstance().isEmpty()) {
            throw new ConfigRefused(ConfigCode.BAD_REQUEST, "scope: host " + given.getHost() + " and instance "
                    + given.getInstance() + " (expected: one of them, or neither)");
        }
        if (!(given.getHost() + given.getInstance()).matches("[\\w.:\\[\\]-]{0,200}")) {
            throw new ConfigRefused(ConfigCode.BAD_REQUEST, "scope: " + given.getHost() + given.getInstance()
                    + " (expected: a host or the service.name of a process)");
        }
        return given;
    }

    private static ConfigRefused nobody(String part) {
        return new ConfigRefused(ConfigCode.NO_LIVE_PROCESS, "part: " + part + " has no process that answers (expected:"
                + " one that proves it; or put it unproven)");
    }
}
