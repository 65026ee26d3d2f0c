package io.longwire.cli.terminal;

import io.longwire.cli.ClientFile;
import io.longwire.keeper.config.ConfigException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * Which keeper a command calls, and with what key. The connection is in clear text and the key can do everything, so
 * a keeper on another machine is not called unless that is asked for.
 */
public final class KeeperAccess {
    private static final String FOUND = " (expected: the option, or --data with the directory of a running "
            + "`longwire up`)";

    @Option(names = "--data", paramLabel = "DIR", defaultValue = "longwire-data",
            description = "Data directory of a `longwire up` on this machine (default: ${DEFAULT-VALUE}).")
    private Path data = Path.of("longwire-data");

    @Option(names = "--keeper", paramLabel = "HOST:PORT", defaultValue = "${env:LONGWIRE_KEEPER:-}",
            description = "A keeper's rpc address (default: of --data).")
    private String keeper = "";

    @Option(names = "--key", paramLabel = "KEY", defaultValue = "${env:LONGWIRE_KEY:-}",
            description = "The operator's key (default: of --data). Others on this machine can see it: better "
                    + "--key-file or LONGWIRE_KEY.")
    private String key = "";

    @Option(names = "--key-file", paramLabel = "FILE", description = "Holds the operator's key.")
    private @Nullable Path keyFile;

    @Option(names = "--insecure", defaultValue = "${env:LONGWIRE_INSECURE:-false}",
            description = "Sends the key in clear text to a keeper on another machine. Only in a network that nobody "
                    + "else reads; else go through a tunnel.")
    private boolean insecure;

    /** Host and port; throws ConfigException if it is missing, or on another machine without --insecure. */
    public String address() {
        String address = or(keeper, "--keeper", ClientFile::keeper);
        if (!insecure && !here(address)) {
            throw new ConfigException("--keeper: " + address + " (expected: an address of this machine, as the key "
                    + "would go there in clear text: a tunnel such as ssh -L 9001:localhost:9001, or --insecure)");
        }
        return address;
    }

    /** The operator's key. */
    public String key() {
        Path file = keyFile;
        if (file == null) {
            return or(key, "--key", ClientFile::adminKey);
        }
        try {
            return Files.readString(file).strip();
        } catch (IOException unreadable) {
            throw new ConfigException("--key-file: " + file + " (expected: a file that can be read)");
        }
    }

    private static boolean here(String address) {
        int colon = address.lastIndexOf(':');
        String host = colon < 0 ? address : address.substring(0, colon);
        if (host.toLowerCase(Locale.ROOT).equals("localhost")) {
            return true;
        }
        try {
            InetAddress found = InetAddress.getByName(host);
            return found.isLoopbackAddress() || NetworkInterface.getByInetAddress(found) != null;
        } catch (UnknownHostException | SocketException nowhere) {
            return false;
        }
    }

    private String or(String given, String option, Function<ClientFile, String> kept) {
        String found = given.isEmpty() ? ClientFile.read(data).map(kept).orElse("") : given;
        if (found.isEmpty()) {
            throw new ConfigException(option + ": missing" + FOUND);
        }
        return found;
    }
}
