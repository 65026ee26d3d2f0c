package io.longwire.cli.fleet;

import io.grpc.CallCredentials;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.longwire.cli.ClientFile;
import io.longwire.keeper.config.ConfigException;
import io.longwire.keeper.service.StartFailure;
import io.longwire.rpc.agent.AgentGrpc;
import io.longwire.rpc.operate.OperateGrpc;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import picocli.CommandLine.Option;

/** How a command finds a keeper: by its options, the environment, or what {@code longwire up} left behind. */
public final class KeeperAt {
    private static final String FILE = "keeper-address";
    private static final Metadata.Key<String> AUTHORIZATION = Metadata.Key.of("authorization",
            Metadata.ASCII_STRING_MARSHALLER);

    @Option(names = "--data", paramLabel = "DIR", defaultValue = "longwire-data",
            description = "Data directory of a `longwire up` on this machine (default: ${DEFAULT-VALUE}).")
    private Path data = Path.of("longwire-data");

    @Option(names = "--keeper", paramLabel = "HOST:PORT", defaultValue = "${env:LONGWIRE_KEEPER:-}",
            description = "A keeper's rpc address (default: of --data).")
    private String keeper = "";

    @Option(names = "--key", paramLabel = "KEY", defaultValue = "${env:LONGWIRE_KEY:-}",
            description = "The operator's key (default: of --data).")
    private String key = "";

    /** What {@code longwire up} leaves for it. */
    public static void leave(Path data, String address) {
        try {
            Files.writeString(data.resolve(FILE), address + "\n");
        } catch (IOException full) {
            throw new StartFailure(data + ": not writable (expected: a directory of ours)", full);
        }
    }

    /** Calls the keeper; the connection is closed afterwards. */
    <T> T call(Function<OperateGrpc.OperateBlockingStub, T> use) {
        String operator = key();
        return connected(address(), channel -> use.apply(OperateGrpc.newBlockingStub(channel)
                .withCallCredentials(new Bearer(operator)).withMaxInboundMessageSize(16 << 20)));
    }

    /** Calls an agent itself: for what is too big to go through a keeper, and is signed. */
    static <T> T agent(String address, Function<AgentGrpc.AgentStub, T> use) {
        return connected(address, channel -> use.apply(AgentGrpc.newStub(channel)));
    }

    private static <T> T connected(String address, Function<ManagedChannel, T> use) {
        ManagedChannel channel;
        try {
            channel = Grpc.newChannelBuilder(address, InsecureChannelCredentials.create()).build();
        } catch (IllegalArgumentException strange) {
            throw new ConfigException("--keeper: " + address + " (expected: host:port)");
        }
        try {
            return use.apply(channel);
        } finally {
            channel.shutdownNow();
            try {
                channel.awaitTermination(2, TimeUnit.SECONDS);
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private String key() {
        if (!key.isEmpty()) {
            return key;
        }
        return ClientFile.read(data).map(ClientFile::adminKey).orElseThrow(() -> missing("--key"));
    }

    private String address() {
        if (!keeper.isEmpty()) {
            return keeper;
        }
        try {
            return Files.readString(data.resolve(FILE)).strip();
        } catch (IOException none) {
            throw missing("--keeper");
        }
    }

    private static ConfigException missing(String option) {
        return new ConfigException(option
                + ": missing (expected: the option, or --data with the directory of a running `longwire up`)");
    }

    private static final class Bearer extends CallCredentials {
        private final String key;

        Bearer(String key) {
            this.key = key;
        }

        @Override
        public void applyRequestMetadata(RequestInfo info, Executor executor, MetadataApplier applier) {
            var headers = new Metadata();
            headers.put(AUTHORIZATION, "Bearer " + key);
            applier.apply(headers);
        }
    }
}
