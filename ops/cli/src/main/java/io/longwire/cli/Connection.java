package io.longwire.cli;

import io.longwire.cli.api.CenterApi;
import io.longwire.keeper.config.ConfigException;
import java.nio.file.Path;
import java.util.function.Function;
import picocli.CommandLine.Option;

/** How a command finds a running platform: by its options, the environment, or what {@code longwire up} left behind. */
final class Connection {
    @Option(names = "--data", paramLabel = "DIR", defaultValue = "longwire-data",
            description = "Data directory of a `longwire up` on this machine (default: ${DEFAULT-VALUE}).")
    private Path data = Path.of("longwire-data");

    @Option(names = "--api", paramLabel = "URL", defaultValue = "${env:LONGWIRE_API:-}",
            description = "Center's address, e.g. http://localhost:8080 (default: of --data).")
    private String api = "";

    @Option(names = "--key", paramLabel = "KEY", defaultValue = "${env:LONGWIRE_KEY:-}",
            description = "API key (default: of the demo app of --data).")
    private String key = "";

    CenterApi asProduct() {
        return new CenterApi(or(api, "--api", ClientFile::api), or(key, "--key", ClientFile::apiKey));
    }

    CenterApi asOperator() {
        return new CenterApi(or(api, "--api", ClientFile::api), or(key, "--key", ClientFile::adminKey));
    }

    ClientFile file() {
        return ClientFile.read(data)
                .orElseThrow(
                        () -> new ConfigException("--data: " + data + " (expected: the data directory of a running "
                                + "`longwire up`, or the address and key as options)"));
    }

    private String or(String given, String option, Function<ClientFile, String> kept) {
        if (!given.isEmpty()) {
            return given;
        }
        return ClientFile.read(data).map(kept).orElseThrow(() -> new ConfigException(option
                + ": missing (expected: the option, or --data with the directory of a running `longwire up`)"));
    }
}
