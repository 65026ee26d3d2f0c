package io.longwire.e2e.platform;

import io.longwire.cli.ClientFile;
import io.longwire.cli.LongwireCli;
import io.longwire.cli.platform.PlatformOptions.Ports;
import io.longwire.testkit.process.JavaProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A one-JVM platform as a process of its own ({@code longwire up}), which can be killed, made to halt at named points
 * and started again on the same ports with its data. Its stores outlive it when it is killed, as they would on other
 * machines, and are taken over by the next start.
 */
public final class PlatformProcess implements AutoCloseable {
    /** As {@code kill -9} and {@code Runtime.halt(137)} end a process. */
    public static final int KILLED = 137;
    private static final Duration START = Duration.ofSeconds(90);
    private static final Duration STOP = Duration.ofSeconds(30);
    /** Dead members are noticed in seconds, as a test has no minute to wait. */
    private static final List<String> QUICK = List.of("all.service.session=4s", "all.service.drain=0s",
            "keeper.holdDown=500ms");

    private final Path data;
    private final Setup setup;
    private final Ports ports;
    private int starts;
    private JavaProcess process;

    /**
     * What to run.
     *
     * @param name of its directory
     * @param main {@link LongwireCli}, or one that understands the same words
     * @param words more arguments, before those of {@code up}
     */
    public record Setup(String name, Class<?> main, List<String> words, int rooms, List<String> settings) {
        /** The platform as it is. */
        public static Setup of(String name) {
            return new Setup(name, LongwireCli.class, List.of(), 1, List.of());
        }

        public Setup rooms(int count) {
            return new Setup(name, main, words, count, settings);
        }

        public Setup main(Class<?> other, String... more) {
            return new Setup(name, other, List.of(more), rooms, settings);
        }

        /** Overrides, {@code part.key=value}. */
        public Setup set(String... more) {
            return new Setup(name, main, words, rooms, List.of(more));
        }
    }

    private PlatformProcess(Setup setup, List<String> haltAt) {
        this.data = Place.fresh(setup.name());
        this.setup = setup;
        var free = Place.freePorts(2 + 2 * setup.rooms());
        // Rooms take consecutive ports, so a platform of several leaves those to chance.
        this.ports = new Ports(free.get(0), free.get(1), setup.rooms() > 1 ? 0 : free.get(2),
                setup.rooms() > 1 ? 0 : free.get(3));
        this.process = launch(haltAt);
    }

    /** Starts it with new data and returns when it serves. */
    public static PlatformProcess start(Setup setup, String... haltAt) {
        var platform = new PlatformProcess(setup, List.of(haltAt));
        platform.awaitReady();
        return platform;
    }

    /** Addresses and keys; the same after a restart, but for rooms where there are several. */
    public Product product() {
        return Product.demo(ClientFile.read(data).orElseThrow());
    }

    public boolean alive() {
        return process.alive();
    }

    public JavaProcess process() {
        return process;
    }

    /** Ends it where it stands. */
    public void kill9() {
        process.kill9();
    }

    /** Waits until it has halted at its named point. */
    public void awaitHalt(Duration limit) {
        int code = process.awaitExit(limit);
        if (code != KILLED) {
            throw new IllegalStateException("exit code: " + code + " (expected: " + KILLED + ")\n"
                    + process.output());
        }
    }

    /** Starts the dead one again in its directory; returns when it serves, or has halted before it said so. */
    public void restart(String... haltAt) {
        process = launch(List.of(haltAt));
        try {
            awaitReady();
        } catch (IllegalStateException ended) {
            // Center and rooms take what waits for them a moment before all is ready.
            if (haltAt.length == 0 || process.alive() || process.awaitExit(Duration.ofSeconds(1)) != KILLED) {
                throw ended;
            }
        }
    }

    private JavaProcess launch(List<String> haltAt) {
        var words = new ArrayList<>(setup.words());
        words.addAll(List.of("up", "--data", data.toString(), "--keep-stores", "--rooms",
                Integer.toString(setup.rooms()), "--api-port", Integer.toString(ports.api()), "--dispatcher-port",
                Integer.toString(ports.dispatcher()), "--coordinator-port", Integer.toString(ports.coordinator()),
                "--console-port", "0", "--room-port", Integer.toString(ports.room()),
                "--room-tls-port", Integer.toString(ports.roomTls())));
        QUICK.forEach(setting -> words.addAll(List.of("--set", setting)));
        setup.settings().forEach(setting -> words.addAll(List.of("--set", setting)));
        haltAt.forEach(point -> words.addAll(List.of("--halt-at", point)));
        return JavaProcess.start(JavaProcess.Options.of(setup.main(), data.resolve("up-" + ++starts + ".log"))
                .jvm("-ea", "-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
                        "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow")
                .arguments(words.toArray(String[]::new)).environment("LONGWIRE_TEST", "1"));
    }

    private void awaitReady() {
        process.awaitLine("^up: ready", START);
    }

    /** Ends it in order if it runs; a dead one is started once more, so that its stores end with it. */
    @Override
    public void close() {
        try {
            if (!process.alive()) {
                restart();
            }
            process.stop(STOP);
        } finally {
            process.close();
            Place.dropStores(data);
        }
    }
}
