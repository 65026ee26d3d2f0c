package io.longwire.cli.demo;

import io.longwire.cli.Interrupt;
import io.longwire.cli.platform.Platform;
import io.longwire.cli.platform.PlatformOptions;
import io.longwire.cli.platform.PlatformOptions.Ports;
import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.service.StartFailure;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Locale;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Starts the whole platform, shows messages reaching phones that are there and one that comes later, and stays up. */
@Command(name = "demo", mixinStandardHelpOptions = true,
        description = "Starts the whole platform and shows messages reaching phones, online and offline.")
public final class DemoCommand implements Runnable {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--once", description = "Ends after the show, with exit code 0 if all arrived.")
    private boolean once;

    @Option(names = "--data", paramLabel = "DIR", defaultValue = "",
            description = "Keeps its data there (default: a temporary directory, deleted at the end).")
    private String data = "";

    @Override
    public void run() {
        PrintWriter out = spec.commandLine().getOut();
        Path home = data.isEmpty() ? temporary() : Path.of(data);
        long began = Clock.system().millis();
        var options = PlatformOptions.in(home).ports(once ? Ports.ANY : Ports.USUAL);
        out.println("Starting the platform (real Redis, MariaDB and ZooKeeper) in " + home);
        try (var platform = Platform.start(options, line -> out.println("  " + line))) {
            try (var show = new Show(platform, home, out)) {
                show.run();
                out.println(String.format(Locale.ROOT, "%nAll arrived. %.1f s from start to end.",
                        (Clock.system().millis() - began) / 1000.0));
                if (!once) {
                    show.invite();
                    Interrupt.await();
                }
            }
        } finally {
            if (data.isEmpty()) {
                delete(home);
            }
        }
    }

    private static Path temporary() {
        try {
            return Files.createTempDirectory("longwire-demo");
        } catch (IOException full) {
            throw new StartFailure("no temporary directory: " + full.getMessage(), full);
        }
    }

    private static void delete(Path directory) {
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException inUse) {
            throw new StartFailure(directory + ": could not be deleted (" + inUse.getMessage() + ")", inUse);
        }
    }
}
