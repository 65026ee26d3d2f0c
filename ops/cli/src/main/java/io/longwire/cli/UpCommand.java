package io.longwire.cli;

import io.longwire.cli.platform.Around;
import io.longwire.cli.platform.Platform;
import io.longwire.cli.platform.PlatformOptions;
import io.longwire.cli.platform.PlatformOptions.Ports;
import io.longwire.cli.platform.PlatformOptions.Testing;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs the whole platform until Ctrl-C. Its data survives; a second start in the same directory goes on with it. */
@Command(name = "up", mixinStandardHelpOptions = true,
        description = "Runs the whole platform in one process on embedded real Redis, MariaDB and ZooKeeper.")
final class UpCommand implements Runnable {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--data", paramLabel = "DIR", defaultValue = "longwire-data",
            description = "Data directory (default: ${DEFAULT-VALUE}).")
    private Path data = Path.of("longwire-data");

    @Option(names = "--api-port", defaultValue = "8080", description = "Center (default: ${DEFAULT-VALUE}, 0 = any).")
    private int apiPort;

    @Option(names = "--dispatcher-port", defaultValue = "8081",
            description = "Dispatcher (default: ${DEFAULT-VALUE}, 0 = any).")
    private int dispatcherPort;

    @Option(names = "--coordinator-port", defaultValue = "8082",
            description = "Coordinator, for consumers (default: ${DEFAULT-VALUE}, 0 = any).")
    private int coordinatorPort;

    @Option(names = "--console-port", defaultValue = "8083",
            description = "Console, for operators' browsers (default: ${DEFAULT-VALUE}, 0 = any).")
    private int consolePort;

    @Option(names = "--room-port", defaultValue = "7000",
            description = "First room, plain TCP on loopback (default: ${DEFAULT-VALUE}, 0 = any).")
    private int roomPort;

    @Option(names = "--room-tls-port", defaultValue = "7443",
            description = "First room, TLS (default: ${DEFAULT-VALUE}, 0 = any).")
    private int roomTlsPort;

    @Option(names = "--rooms", defaultValue = "1", description = "How many rooms (default: ${DEFAULT-VALUE}).")
    private int rooms;

    @Option(names = "--keep-stores", hidden = true, description = "Stores outlive a killed platform; for crash tests.")
    private boolean keepStores;

    @Option(names = "--halt-at", hidden = true, description = "Crash tests: die at a named point.")
    private List<String> haltAt = new ArrayList<>();

    @Option(names = "--set", hidden = true, paramLabel = "PART.KEY=VALUE", description = "Overrides one value.")
    private List<String> settings = new ArrayList<>();

    @Override
    public void run() {
        PrintWriter out = spec.commandLine().getOut();
        var ports = new Ports(apiPort, dispatcherPort, coordinatorPort, consolePort, roomPort, roomTlsPort);
        var options = PlatformOptions.in(data).ports(ports)
                .rooms(rooms).testing(new Testing(keepStores, haltAt, settings, Around.NOTHING));
        try (var platform = Platform.start(options, out::println)) {
            ClientFile client = platform.demoApp();
            client.write(data);
            out.println();
            out.println("api         " + client.api() + "   (OpenAPI page: " + client.api() + "/docs)");
            out.println("dispatcher  " + client.dispatcher());
            out.println("coordinator " + client.events());
            out.println("keeper      " + client.keeper());
            out.println("console     " + client.console() + "   first user: admin, password: "
                    + platform.consolePassword());
            out.println("admin key   " + client.adminKey());
            out.println("demo app    app key " + client.appKey() + "   api key " + client.apiKey());
            out.println();
            out.println("A phone:    longwire device" + dataOption());
            out.println("A push:     curl -H 'Authorization: Bearer " + client.apiKey() + "' " + client.api()
                    + "/v1/messages -d '{\"to\":{\"endpoint\":\"ep_...\"},\"payload\":\"aGk=\"}'");
            out.println("up: ready, Ctrl-C ends it");
            Interrupt.await();
        }
    }

    private String dataOption() {
        return data.toString().equals("longwire-data") ? "" : " --data " + data;
    }
}
