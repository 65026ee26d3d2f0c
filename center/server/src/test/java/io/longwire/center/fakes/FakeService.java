package io.longwire.center.fakes;

import io.grpc.BindableService;
import io.longwire.center.access.KeyText;
import io.longwire.device.id.EndpointId;
import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.cluster.Cluster;
import io.longwire.keeper.config.Live;
import io.longwire.keeper.metrics.Metrics;
import io.longwire.keeper.rpc.Rpc;
import io.longwire.keeper.service.HaltPoints;
import io.longwire.keeper.service.Secrets;
import io.longwire.keeper.service.Service;
import io.longwire.keeper.service.ServiceConfig;
import io.longwire.testkit.cluster.FakeCluster;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** As much of the runtime as the API needs, with the machine's clock. */
public final class FakeService implements Service {
    /** The operator's key here. */
    public static final String ADMIN_KEY = "operator";
    private static final int TAG_KEY_BYTES = 32;

    public final FakeMetrics metrics = new FakeMetrics();
    public final FakeCluster cluster = FakeCluster.of("center");

    public FakeService() {
        cluster.show("room", FakeCluster.member("room", 7));
    }

    /** The texts of endpoint ids here. */
    public static EndpointId endpointIds() {
        return new EndpointId(new byte[TAG_KEY_BYTES]);
    }

    @Override
    public Clock clock() {
        return Clock.system();
    }

    @Override
    public Metrics metrics() {
        return metrics;
    }

    @Override
    public Cluster cluster() {
        return cluster;
    }

    @Override
    public HaltPoints halts() {
        return HaltPoints.none();
    }

    @Override
    public Live<Secrets> secrets() {
        return Live.fixed(new Secrets(Map.of(), 0, new byte[TAG_KEY_BYTES], KeyText.hash(ADMIN_KEY).toByteArray()));
    }

    @Override
    public <T extends AutoCloseable> T own(T part) {
        throw new UnsupportedOperationException();
    }

    @Override
    public <C, T> Live<T> live(Function<C, T> part) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Rpc rpc() {
        throw new UnsupportedOperationException();
    }

    @Override
    public ServiceConfig config() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void serve(BindableService service) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void health(String name, Supplier<Optional<String>> check) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void onDrain(Runnable drain) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void onReady(Runnable ready) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {
        // nothing is open
    }
}
