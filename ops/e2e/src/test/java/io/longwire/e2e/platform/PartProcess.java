package io.longwire.e2e.platform;

import io.longwire.cli.LongwireCli;
import io.longwire.keeper.config.YamlFile;
import io.longwire.testkit.process.JavaProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** {@code longwire run PART --config FILE} as a process. */
public final class PartProcess {
    private PartProcess() {
    }

    /**
     * Writes the configuration and starts the part; returns at once.
     *
     * @param home where configuration and log go; the log is {@code NAME.log}
     * @param words more arguments
     */
    public static JavaProcess start(Path home, String name, String part, Map<String, Object> config, String... words) {
        Path file = home.resolve(name + ".yaml");
        try {
            Files.writeString(file, YamlFile.print(config));
        } catch (IOException full) {
            throw new UncheckedIOException(full);
        }
        var arguments = new ArrayList<>(List.of("run", part, "--config", file.toString()));
        arguments.addAll(List.of(words));
        return JavaProcess.start(JavaProcess.Options.of(LongwireCli.class, home.resolve(name + ".log"))
                .jvm("-ea", "-Xmx192m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
                        "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow")
                .arguments(arguments.toArray(String[]::new)).environment("LONGWIRE_TEST", "1"));
    }
}
