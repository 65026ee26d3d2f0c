package io.longwire.keeper.server.config;

import io.longwire.keeper.cluster.Member;
import io.longwire.rpc.keeper.ConfigHistoryReply;
import io.longwire.rpc.keeper.ConfigHistoryRequest;
import io.longwire.rpc.keeper.ConfigSchema;
import io.longwire.rpc.keeper.ConfigScope;
import io.longwire.rpc.keeper.ConfigState;
import io.longwire.rpc.keeper.ConfigVersion;
import io.longwire.rpc.keeper.DiffConfigReply;
import io.longwire.rpc.keeper.DiffConfigRequest;
import io.longwire.rpc.keeper.EffectiveConfig;
import io.longwire.rpc.keeper.GetConfigVersionRequest;
import io.longwire.rpc.keeper.GetEffectiveRequest;
import io.longwire.rpc.keeper.ListConfigPartsReply;
import io.longwire.rpc.keeper.ListConfigProcessesReply;
import io.longwire.rpc.keeper.ListConfigProcessesRequest;
import io.longwire.rpc.keeper.ProcessState;
import io.longwire.rpc.keeper.PutConfigReply;
import io.longwire.rpc.keeper.PutConfigRequest;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Everything an operator can ask of the configuration store, for gRPC and for the console in the same process. Each
 * method may wait for ZooKeeper and for processes, and throws {@link ConfigRefused}. Thread-safe.
 */
public final class ConfigDesk {
    private static final int USUAL_PAGE = 50;
    private static final int MOST_PAGE = 200;

    private final ConfigStore store;
    private final Drafts drafts;
    private final Processes processes;
    private final Rollouts rollouts;

    ConfigDesk(ConfigStore store, Drafts drafts, Processes processes, Rollouts rollouts) {
        this.store = store;
        this.drafts = drafts;
        this.processes = processes;
        this.rollouts = rollouts;
    }

    Rollouts rollouts() {
        return rollouts;
    }

    public ListConfigPartsReply parts() {
        var reply = ListConfigPartsReply.newBuilder();
        for (String part : store.parts()) {
            ConfigState state = store.state(part);
            List<Long> numbers = store.numbers(part);
            var one = ListConfigPartsReply.Part.newBuilder().setPart(part).setInForce(state.getInForce())
                    .setNewest(numbers.isEmpty() ? 0 : numbers.getLast()).setProcesses(processes.live(part).size())
                    .setHasSchema(store.newestSchema(part).isPresent());
            if (state.hasRollout()) {
                one.setRollout(state.getRollout());
            }
            reply.addParts(one);
        }
        return reply.build();
    }

    public ConfigSchema schema(String part) {
        return drafts.schema(part);
    }

    public ConfigVersion version(GetConfigVersionRequest request) {
        return store.version(request.getPart(), request.getNumber() == 0
                ? store.state(request.getPart()).getInForce()
                : request.getNumber());
    }

    public PutConfigReply put(PutConfigRequest request) {
        return drafts.put(request);
    }

    public ConfigHistoryReply history(ConfigHistoryRequest request) {
        int limit = request.getLimit() == 0 ? USUAL_PAGE : Math.clamp(request.getLimit(), 1, MOST_PAGE);
        List<Long> numbers = store.numbers(request.getPart()).reversed().stream()
                .filter(number -> request.getBefore() == 0 || number < request.getBefore()).toList();
        var reply = ConfigHistoryReply.newBuilder().setInForce(store.state(request.getPart()).getInForce())
                .setMore(numbers.size() > limit);
        numbers.stream().limit(limit).forEach(number -> reply.addVersions(store.version(request.getPart(), number)
                .toBuilder().clearLayers()));
        return reply.build();
    }

    public DiffConfigReply diff(DiffConfigRequest request) {
        String part = request.getPart();
        ConfigState state = store.state(part);
        long to = request.getTo() == 0 ? state.getHead() : request.getTo();
        long from = request.getFrom() == 0 ? state.getInForce() : request.getFrom();
        return Changes.of(store.version(part, from), store.version(part, to), drafts.schema(part));
    }

    public ListConfigProcessesReply processes(ListConfigProcessesRequest request) {
        drafts.schema(request.getPart()); // refuses what is no part: each name asked for is watched for ever
        List<Member> live = processes.live(request.getPart());
        Map<String, ProcessState> states = processes.states(live, false);
        var reply = ListConfigProcessesReply.newBuilder();
        for (Member member : live) {
            ProcessState state = states.get(member.instance());
            reply.addProcesses(state == null ? silent(member) : state);
        }
        return reply.build();
    }

    public EffectiveConfig effective(GetEffectiveRequest request) {
        String part = request.getPart();
        ConfigScope scope = Drafts.scope(request.getScope());
        ConfigSchema schema = drafts.schema(part);
        long number = request.getVersion() == 0 ? store.state(part).getInForce() : request.getVersion();
        Optional<Member> process = scope.getInstance().isEmpty()
                ? Optional.empty()
                : processes.live(part).stream().filter(one -> Processes.name(one).equals(scope.getInstance()))
                        .findFirst();
        String host = process.map(Member::host).orElse(scope.getHost());
        var reply = EffectiveConfig.newBuilder().setVersion(number)
                .addAllValues(Effective.of(schema, store.version(part, number), scope, host));
        process.flatMap(one -> processes.state(one, true)).ifPresent(reply::setRunning);
        return reply.build();
    }

    private static ProcessState silent(Member member) {
        return ProcessState.newBuilder().setPart(member.part()).setInstance(Processes.name(member))
                .setMember(member.instance()).setHost(member.host()).setStartedMs(member.startedMillis())
                .setRefused("it does not answer").build();
    }
}
