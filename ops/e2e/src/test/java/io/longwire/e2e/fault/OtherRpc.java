package io.longwire.e2e.fault;

import io.grpc.BindableService;
import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.cluster.Cluster;
import io.longwire.keeper.config.Live;
import io.longwire.keeper.metrics.Metrics;
import io.longwire.keeper.rpc.Rpc;
import io.longwire.keeper.service.HaltPoints;
import io.longwire.keeper.service.Secrets;
import io.longwire.keeper.service.Service;
import io.longwire.keeper.service.ServiceConfig;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** A part's runtime with other connections to the rest of the world. */
final class OtherRpc implements Service {
    private final Service real;
    private final Rpc rpc;

    OtherRpc(Service real, Rpc rpc) {
        this.real = real;
        this.rpc = rpc;
    }

    @Override
    public Rpc rpc() {
        return rpc;
    }

    @Override
    public <T extends AutoCloseable> T own(T part) {
        return real.own(part);
    }

    @Override
    public <C, T> Live<T> live(Function<C, T> part) {
        return real.live(part);
    }

    @Override
    public Clock clock() {
        return real.clock();
    }

    @Override
    public Metrics metrics() {
        return real.metrics();
    }

    @Override
    public Cluster cluster() {
        return real.cluster();
    }

    @Override
    public HaltPoints halts() {
        return real.halts();
    }

    @Override
    public ServiceConfig config() {
        return real.config();
    }

    @Override
    public Live<Secrets> secrets() {
        return real.secrets();
    }

    @Override
    public void serve(BindableService service) {
        real.serve(service);
    }

    @Override
    public void health(String name, Supplier<Optional<String>> check) {
        real.health(name, check);
    }

    @Override
    public void onDrain(Runnable drain) {
        real.onDrain(drain);
    }

    @Override
    public Duration drainTime() {
        return real.drainTime();
    }

    @Override
    public void onReady(Runnable ready) {
        real.onReady(ready);
    }

    @Override
    public void close() {
        real.close();
    }
}
