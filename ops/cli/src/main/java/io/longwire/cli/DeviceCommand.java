package io.longwire.cli;

import io.longwire.cli.terminal.Connection;
import io.longwire.keeper.config.ConfigException;
import io.longwire.sdk.ConnectionListener;
import io.longwire.sdk.ConnectionStatus;
import io.longwire.sdk.LongwireApp;
import io.longwire.sdk.LongwireClient;
import io.longwire.sdk.LongwireClientBuilder;
import io.longwire.sdk.Message;
import io.longwire.sdk.MessageListener;
import io.longwire.sdk.Receipt;
import io.longwire.sdk.tink.TinkPayloadCipher;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** A simulated phone: the SDK on this JVM. Prints its endpoints, then every message. */
@Command(name = "device", mixinStandardHelpOptions = true,
        description = "Connects a simulated phone and prints what it gets, until Ctrl-C.")
final class DeviceCommand implements Runnable {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private Connection connection = new Connection();

    @Option(names = "--dispatcher", paramLabel = "URL", defaultValue = "",
            description = "Dispatcher's address, e.g. http://localhost:8081 (default: of --data).")
    private String dispatcher = "";

    @Option(names = "--app-key", paramLabel = "KEY",
            description = "App key, ak_...; several for several apps on one connection (default: the demo app's).")
    private List<String> appKeys = new ArrayList<>();

    @Option(names = "--store", paramLabel = "DIR", defaultValue = "longwire-phone",
            description = "Where the phone keeps what outlives it; another one is another phone "
                    + "(default: ${DEFAULT-VALUE}).")
    private Path store = Path.of("longwire-phone");

    @Option(names = "--trust", paramLabel = "PEM", defaultValue = "",
            description = "Certificates to trust (default: those of --data, else the platform's).")
    private String trust = "";

    @Option(names = "--subscribe", paramLabel = "TOPIC",
            description = "Subscribes every app to a topic; may be repeated. Kept by the platform, over restarts.")
    private List<String> topics = new ArrayList<>();

    @Option(names = "--send", paramLabel = "TYPE=TEXT",
            description = "Sends a text to the product of every app, as an uplink of this type; may be repeated.")
    private List<String> uplinks = new ArrayList<>();

    @Option(names = "--request", paramLabel = "TYPE=TEXT",
            description = "Asks the product of every app something, and prints its answer; may be repeated.")
    private List<String> requests = new ArrayList<>();

    @Option(names = "--request-timeout", paramLabel = "TIME", defaultValue = "10s",
            description = "How long a --request waits, 1s to 5m (default: ${DEFAULT-VALUE}).")
    private Duration requestTimeout = Duration.ofSeconds(10);

    @Option(names = "--seal", description = "Makes a key for each app, so that payloads can be sealed for it.")
    private boolean seal;

    @Option(names = "--tls-only", description = "Passes over rooms without TLS.")
    private boolean tlsOnly;

    @Override
    public void run() {
        PrintWriter out = spec.commandLine().getOut();
        LongwireClientBuilder builder = LongwireClient.builder(store.toFile()).foreground(true).tlsOnly(tlsOnly)
                .dispatcher(dispatcher.isEmpty() ? connection.file().dispatcher() : dispatcher)
                .listener(new Told(out));
        trust(builder);
        if (seal) {
            builder.payloadCipher(new TinkPayloadCipher());
        }
        try (LongwireClient phone = builder.build()) {
            for (String key : appKeys.isEmpty() ? List.of(connection.file().appKey()) : appKeys) {
                LongwireApp app = phone.addApp(key, new Screen(out));
                subscribe(app, out);
                send(app, out);
                request(app, out);
            }
            phone.start();
            Interrupt.await();
        }
    }

    private void subscribe(LongwireApp app, PrintWriter out) {
        for (String topic : topics) {
            app.subscribe(topic).whenDone(result -> out.println("topic     " + topic + "  (app " + app.appId() + ") "
                    + result));
        }
    }

    private void send(LongwireApp app, PrintWriter out) {
        for (String uplink : uplinks) {
            int equals = split("--send", uplink);
            app.send(uplink.substring(0, equals), uplink.substring(equals + 1).getBytes(StandardCharsets.UTF_8))
                    .whenDone(result -> out.println("uplink    " + uplink + "  (app " + app.appId() + ") " + result));
        }
    }

    private void request(LongwireApp app, PrintWriter out) {
        for (String request : requests) {
            int equals = split("--request", request);
            app.request(request.substring(0, equals), request.substring(equals + 1).getBytes(StandardCharsets.UTF_8),
                    requestTimeout.toMillis())
                    .whenDone(result -> out.println("answer    " + request + "  (app " + app.appId() + ") " + result
                            + (result.isReplied() ? "  " + new String(result.body(), StandardCharsets.UTF_8) : "")));
        }
    }

    private static int split(String option, String given) {
        int equals = given.indexOf('=');
        if (equals < 1) {
            throw new ConfigException(option + ": " + given + " (expected: TYPE=TEXT)");
        }
        return equals;
    }

    private void trust(LongwireClientBuilder builder) {
        String file = !trust.isEmpty() ? trust : dispatcher.isEmpty() ? connection.file().caFile() : "";
        if (!file.isEmpty()) {
            try (InputStream certificates = Files.newInputStream(Path.of(file))) {
                builder.trust(certificates);
            } catch (IOException unreadable) {
                throw new ConfigException("--trust: " + file + " (expected: a readable PEM file)");
            }
        }
    }

    /** Prints what a user would see come and go. */
    private record Screen(PrintWriter out) implements MessageListener {
        @Override
        public Receipt onMessage(Message message) {
            out.println((message.isBroadcast() ? "broadcast " : "message   ") + message.id() + "  "
                    + new String(message.payload(), StandardCharsets.UTF_8)
                    + (message.replaces() == null ? "" : "  (in place of " + message.replaces() + ")")
                    + (message.mayBeRepeated() ? "  (perhaps again)" : ""));
            return Receipt.DONE;
        }

        @Override
        public void onRevoked(String messageId) {
            out.println("revoked   " + messageId);
        }
    }

    /** Prints what the connection does. */
    private record Told(PrintWriter out) implements ConnectionListener {
        @Override
        public void onStatus(ConnectionStatus status) {
            out.println("state     " + status);
        }

        @Override
        public void onHeartbeat(long silenceMillis) {
            out.println("heartbeat each " + silenceMillis / 1_000 + " s of silence");
        }

        @Override
        public void onEndpoint(LongwireApp app, String endpoint) {
            out.println("endpoint  " + endpoint + "  (app " + app.appId() + ")");
        }

        @Override
        public void onProblem(String what) {
            out.println("problem   " + what);
        }
    }
}
