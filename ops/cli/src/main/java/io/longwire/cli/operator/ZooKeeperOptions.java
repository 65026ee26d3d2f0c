package io.longwire.cli.operator;

import io.longwire.cli.ClientFile;
import io.longwire.cli.terminal.WrongUsage;
import io.longwire.keeper.cluster.ZooKeeperClient;
import io.longwire.keeper.server.console.user.StoreAway;
import io.longwire.keeper.server.console.user.Users;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;
import picocli.CommandLine.Option;

/** How a command finds ZooKeeper: by its options, or by what {@code longwire up} left behind. */
final class ZooKeeperOptions {
    private static final Duration SESSION = Duration.ofSeconds(10);

    @Option(names = "--zookeeper", paramLabel = "HOST:PORT,...", defaultValue = "",
            description = "ZooKeeper of the platform (default: of --data).")
    private String zookeeper = "";

    @Option(names = "--namespace", defaultValue = "longwire",
            description = "The deployment's folder in it (default: ${DEFAULT-VALUE}).")
    private String namespace = "longwire";

    @Option(names = "--data", paramLabel = "DIR", defaultValue = "longwire-data",
            description = "Data directory of a running `longwire up` (default: ${DEFAULT-VALUE}).")
    private Path data = Path.of("longwire-data");

    /** Works with the console's users. */
    void with(Consumer<Users> work) {
        String address = zookeeper.isEmpty()
                ? ClientFile.read(data).map(ClientFile::zookeeper).orElse("")
                : zookeeper;
        if (address.isEmpty()) {
            throw new WrongUsage("--zookeeper: missing (expected: host:port, or --data with the directory of a "
                    + "running `longwire up`)");
        }
        try (var client = ZooKeeperClient.connect(address, namespace, SESSION)) {
            work.accept(new Users(client));
        } catch (StoreAway away) {
            throw new WrongUsage("--zookeeper: " + address + " (expected: a running ZooKeeper)");
        }
    }
}
