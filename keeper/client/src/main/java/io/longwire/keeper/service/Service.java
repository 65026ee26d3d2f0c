package io.longwire.keeper.service;

import io.grpc.BindableService;
import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.cluster.Cluster;
import io.longwire.keeper.config.ConfigNode;
import io.longwire.keeper.config.ConfigReader;
import io.longwire.keeper.config.Live;
import io.longwire.keeper.metrics.Metrics;
import io.longwire.keeper.metrics.Vitals;
import io.longwire.keeper.rpc.Rpc;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What a part gets while it is wired, and its life afterwards: what is owned starts in the order written and closes in
 * reverse; draining comes before closing; the member is published after the wiring has succeeded, so nobody calls a
 * part
 * that is half there. Thread-safe once wired.
 */
public interface Service extends AutoCloseable {
    /** Closes the part, in reverse order of owning, when the service ends. */
    <T extends AutoCloseable> T own(T part);

    /** A part of the configuration that follows reloads: {@code service.live(RoomConfig::access)}. */
    <C, T> Live<T> live(Function<C, T> part);

    Clock clock();

    Metrics metrics();

    Rpc rpc();

    Cluster cluster();

    HaltPoints halts();

    /** What every part has: addresses, IDC, data directory, secrets. */
    ServiceConfig config();

    /** The keys of the deployment; follow the secrets file. Throws StartFailure while the file is missing or bad. */
    Live<Secrets> secrets();

    /** Serves a gRPC service on this part's rpc port, from the end of the wiring on. */
    void serve(BindableService service);

    /** Adds a line to health: empty = fine, else one sentence that says what is wrong. Called on the admin thread. */
    void health(String name, Supplier<Optional<String>> check);

    /** Says which of the part's metrics tell how it fares; see {@link Vitals}. Once, in the wiring. */
    default void vitals(Vitals vitals) {
        // a runtime that no keeper asks has no use for them
    }

    /** Runs when the process is told to end, before anything closes, newest first; may take up to the drain time. */
    void onDrain(Runnable drain);

    /** How long the drain that runs may take: what the configuration says, or what it was asked to take. */
    default Duration drainTime() {
        return config().drain();
    }

    /** Called once, after the rpc server is bound and the member is published. */
    void onReady(Runnable ready);

    /** Drains, then closes what is owned in reverse. Idempotent. */
    @Override
    void close();

    /**
     * The main of every part: reads the arguments ({@code --config FILE}, {@code --set key=value}, {@code
     * --check-config},
     * {@code --print-config}, {@code --halt-at POINT[:N]}, {@code --help}), runs the service until SIGTERM, and
     * exits: 0
     * after a drain, 2 for a configuration or start-up failure, told in one sentence.
     */
    static <C> void run(String part, String[] args, ConfigReader<C> reader, Wiring<C> wiring) {
        ServiceMain.run(part, args, reader, wiring);
    }

    /**
     * Starts a part inside this JVM and returns when it is ready. Throws ConfigException, or StartFailure with one
     * sentence.
     *
     * @param root the whole configuration: {@code service:} and the part's own keys
     */
    static <C> Service start(String part, ConfigNode root, ConfigReader<C> reader, Wiring<C> wiring, HaltPoints halts) {
        return RunningService.start(part, ConfigHome.settings(part, root, reader), wiring, halts);
    }
}
