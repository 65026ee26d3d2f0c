package io.longwire.keeper.service;

import io.longwire.keeper.config.ConfigException;
import io.longwire.keeper.config.ConfigNode;
import io.longwire.keeper.config.ConfigReader;
import io.longwire.keeper.config.YamlFile;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;

import org.jspecify.annotations.Nullable;

/** The command line of every part. */
final class ServiceMain {
    private static final int GOOD = 0;
    private static final int WRONG = 2;
    private static final String HELP = """
            longwire PART
              --config FILE        configuration, YAML; watched: parts that are live follow its changes
              --set KEY.PATH=VALUE overrides one value; may be repeated
              --check-config       reads the configuration, says what is wrong with it, and ends
              --print-config       prints the configuration in force, defaults included, and ends
              --halt-at POINT[:N]  test flag: dies at the Nth passage of the point; needs LONGWIRE_TEST=1
              --help               this text
            """;

    private final String part;
    private final List<String> assignments = new ArrayList<>();
    private final List<String> halts = new ArrayList<>();
    private @Nullable Path file;
    private Mode mode = Mode.RUN;

    /** What the arguments ask for. */
    private enum Mode {
        RUN, CHECK, PRINT, HELP
    }

    private ServiceMain(String part) {
        this.part = part;
    }

    /** Does not return: ends the process. */
    static <C> void run(String part, String[] args, ConfigReader<C> reader, Wiring<C> wiring) {
        PrintStream out = System.out; // allowed: the command line prints
        PrintStream err = System.err; // allowed: the command line prints
        System.exit(new ServiceMain(part).execute(args, reader, wiring, out, err));
    }

    /** As run, for everything that ends by itself; the exit code. Public to tests of the package. */
    static <C> int execute(String part, String[] args, ConfigReader<C> reader, Wiring<C> wiring, PrintStream out,
            PrintStream err) {
        return new ServiceMain(part).execute(args, reader, wiring, out, err);
    }

    private <C> int execute(String[] args, ConfigReader<C> reader, Wiring<C> wiring, PrintStream out,
            PrintStream err) {
        try {
            parse(args);
            if (mode == Mode.HELP) {
                out.print(HELP.replace("PART", part));
                return GOOD;
            }
            switch (mode) {
                case CHECK -> {
                    new Settings<>(load(), reader).service();
                    out.println("the configuration is right");
                }
                case PRINT -> out.print(new Settings<>(load(), reader).print());
                default -> serve(ConfigHome.settings(part, load(), reader), wiring);
            }
            return GOOD;
        } catch (ConfigException | StartFailure told) {
            err.println(told.getMessage());
            return WRONG;
        }
    }

    private void parse(String[] args) {
        for (int i = 0; i < args.length; i++) {
            switch (args[i]) {
                case "--config" -> file = Path.of(value(args, ++i));
                case "--set" -> assignments.add(value(args, ++i));
                case "--halt-at" -> halts.add(value(args, ++i));
                case "--check-config" -> mode = Mode.CHECK;
                case "--print-config" -> mode = Mode.PRINT;
                case "--help", "-h" -> mode = Mode.HELP;
                default -> throw new ConfigException(args[i] + ": unknown argument (expected: see --help)");
            }
        }
    }

    private static String value(String[] args, int i) {
        if (i >= args.length) {
            throw new ConfigException(args[i - 1] + ": nothing (expected: a value behind it)");
        }
        return args[i];
    }

    private ConfigNode load() {
        Path from = file;
        YamlFile yaml = from == null ? YamlFile.of("defaults", "") : YamlFile.read(from);
        assignments.forEach(yaml::set);
        return yaml.root();
    }

    // Until SIGTERM. The hook ends the process itself, with 0, once everything is closed.
    private <C> void serve(Settings<C> settings, Wiring<C> wiring) {
        var running = new AtomicReference<@Nullable RunningService<C>>();
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().name("shutdown").unstarted(() -> {
            RunningService<C> service = running.get();
            if (service != null) {
                service.close();
                Runtime.getRuntime().halt(GOOD);
            }
        }));
        RunningService<C> service = RunningService.start(part, settings, wiring, HaltPoints.armed(halts));
        running.set(service);
        Path from = file;
        if (from != null) {
            service.follow(from, this::load);
        }
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException ending) {
            service.close();
        }
    }
}
