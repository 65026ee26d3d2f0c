package io.longwire.keeper.service;

import io.grpc.stub.StreamObserver;
import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.cluster.Member;
import io.longwire.keeper.config.ConfigException;
import io.longwire.keeper.config.ConfigValue;
import io.longwire.keeper.follow.ConfigFollower;
import io.longwire.keeper.follow.Layers;
import io.longwire.keeper.follow.Mistakes;
import io.longwire.keeper.metrics.PrometheusMetrics;
import io.longwire.keeper.metrics.Vitals;
import io.longwire.rpc.keeper.ConfigKey;
import io.longwire.rpc.keeper.ConfigMark;
import io.longwire.rpc.keeper.EffectiveValue;
import io.longwire.rpc.keeper.ProcessConfigGrpc;
import io.longwire.rpc.keeper.ProcessState;
import io.longwire.rpc.keeper.ProcessStateRequest;
import io.longwire.rpc.keeper.Signals;
import io.longwire.rpc.keeper.ValidateConfigReply;
import io.longwire.rpc.keeper.ValidateConfigRequest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * What a keeper asks of every process about its configuration: would it take this one, with what does it run, how does
 * it fare. Unary, on virtual threads; changes nothing.
 */
final class ProcessConfigRpc extends ProcessConfigGrpc.ProcessConfigImplBase {
    private final ConfigHome<?> home;
    private final Settings<?> settings;
    private final Supplier<Vitals> vitals;
    private final PrometheusMetrics metrics;
    private final Member self;
    private final Clock clock;
    private final long begunMillis;

    ProcessConfigRpc(ConfigHome<?> home, Settings<?> settings, Supplier<Vitals> vitals, PrometheusMetrics metrics,
            Member self, Clock clock) {
        this.home = home;
        this.settings = settings;
        this.vitals = vitals;
        this.metrics = metrics;
        this.self = self;
        this.clock = clock;
        this.begunMillis = clock.millis();
    }

    @Override
    public void validate(ValidateConfigRequest request, StreamObserver<ValidateConfigReply> answer) {
        var reply = ValidateConfigReply.newBuilder();
        try {
            String host = request.getExact() ? request.getHost() : or(request.getHost(), self.host());
            String instance = request.getExact() ? request.getInstance() : or(request.getInstance(), home.name());
            settings.check(Layers.of(request.getLayersList(), host, instance));
        } catch (ConfigException wrong) {
            reply.addMistakes(Mistakes.of(wrong, home.name()));
        }
        answer.onNext(reply.build());
        answer.onCompleted();
    }

    @Override
    public void getState(ProcessStateRequest request, StreamObserver<ProcessState> answer) {
        ConfigFollower.Standing standing = home.standing();
        var state = ProcessState.newBuilder().setPart(self.part()).setInstance(home.name()).setMember(self.instance())
                .setHost(self.host()).setVersion(standing.version()).setWanted(standing.wanted())
                .setRefused(standing.refused()).addAllWaitingKeys(settings.waiting())
                .setSchema(home.schema().getHash()).setStartedMs(self.startedMillis()).setSignals(signals())
                .setFrom(standing.from());
        if (request.getValues()) {
            values(state);
        }
        answer.onNext(state.build());
        answer.onCompleted();
    }

    private void values(ProcessState.Builder state) {
        Map<String, ConfigMark> marks = new HashMap<>();
        for (ConfigKey key : home.schema().getKeysList()) {
            marks.put(key.getPath(), key.getMark());
        }
        for (ConfigValue value : settings.inForce()) {
            state.addValues(EffectiveValue.newBuilder().setPath(value.path()).setValue(value.value())
                    .setSource(Layers.source(value.place(), value.given())).setPlace(value.place())
                    .setMark(marks.getOrDefault(value.schemaPath(), ConfigMark.RESTART)));
        }
    }

    private Signals signals() {
        Vitals told = vitals.get();
        var signals = Signals.newBuilder().setUptimeMs(1 + clock.millis() - begunMillis).setWork(sum(told.work()))
                .setFailures(sum(told.failures()))
                .setDisconnects(sum(told.disconnects()));
        told.open().ifPresent(gauge -> signals.setOpen(Math.max(0, metrics.value(gauge))));
        told.time().ifPresent(timer -> {
            PrometheusMetrics.Histogram times = metrics.histogram(timer);
            signals.addAllBoundsSeconds(times.bounds()).addAllCounts(times.counts());
        });
        return signals.build();
    }

    private long sum(List<Vitals.Counted> counters) {
        return counters.stream().mapToLong(metrics::sum).sum();
    }

    private static String or(String given, String otherwise) {
        return given.isEmpty() ? otherwise : given;
    }
}
