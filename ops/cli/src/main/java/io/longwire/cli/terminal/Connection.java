package io.longwire.cli.terminal;

import io.longwire.center.client.LongwireBackend;
import io.longwire.cli.ClientFile;
import io.longwire.keeper.config.ConfigException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How a command finds a running platform: by its options, the environment, or what {@code longwire up} left behind. */
public final class Connection {
    private static final Duration USUAL = Duration.ofSeconds(15);

    @Option(names = "--data", paramLabel = "DIR", defaultValue = "longwire-data",
            description = "Data directory of a `longwire up` on this machine (default: ${DEFAULT-VALUE}).")
    private Path data = Path.of("longwire-data");

    @Option(names = "--api", paramLabel = "URL", defaultValue = "${env:LONGWIRE_API:-}",
            description = "Center's address, e.g. http://localhost:8080 (default: of --data).")
    private String api = "";

    @Option(names = "--key", paramLabel = "KEY", defaultValue = "${env:LONGWIRE_KEY:-}",
            description = "API key (default: of the demo app of --data).")
    private String key = "";

    @Option(names = "--trust-api", paramLabel = "PEM",
            description = "With https: certificates to trust (default: the system's).")
    private @Nullable Path trust;

    @Option(names = "--timeout", paramLabel = "TIME",
            description = "What a call may take in all, retries included (default: 15s, of an audit 40s).")
    private @Nullable Duration timeout;

    /** Center, called with the key of an app. */
    public LongwireBackend asProduct() {
        return connect(or(key, "--key", ClientFile::apiKey), USUAL);
    }

    /** The same for calls that take long. */
    public LongwireBackend asProduct(Duration patience) {
        return connect(or(key, "--key", ClientFile::apiKey), patience);
    }

    /** Center, called with the operator's key. */
    public LongwireBackend asOperator() {
        return asOperator(USUAL);
    }

    /** The same for calls that take long. */
    public LongwireBackend asOperator(Duration patience) {
        return connect(or(key, "--key", ClientFile::adminKey), patience);
    }

    /** The key of an app. */
    public String productKey() {
        return or(key, "--key", ClientFile::apiKey);
    }

    /** The addresses where events are consumed: those given, or what `longwire up` left. */
    public List<String> events(String given) {
        return List.of(or(given, "--events", ClientFile::events).split(",", -1));
    }

    /** What `longwire up` left. */
    public ClientFile file() {
        return ClientFile.read(data)
                .orElseThrow(
                        () -> new ConfigException("--data: " + data + " (expected: the data directory of a running "
                                + "`longwire up`, or the address and key as options)"));
    }

    private LongwireBackend connect(String apiKey, Duration patience) {
        var options = LongwireBackend.at(List.of(or(api, "--api", ClientFile::api).split(",", -1))).key(apiKey)
                .deadline(timeout == null ? patience : timeout);
        Path pem = trust;
        try {
            return (pem == null ? options : options.trust(pem)).connect();
        } catch (IllegalArgumentException wrong) {
            throw new ConfigException("--api, --key or --trust-api: " + wrong.getMessage());
        }
    }

    private String or(String given, String option, Function<ClientFile, String> kept) {
        if (!given.isEmpty()) {
            return given;
        }
        return ClientFile.read(data).map(kept).orElseThrow(() -> new ConfigException(option
                + ": missing (expected: the option, or --data with the directory of a running `longwire up`)"));
    }
}
