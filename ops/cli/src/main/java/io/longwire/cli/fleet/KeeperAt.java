package io.longwire.cli.fleet;

import io.grpc.CallCredentials;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.longwire.cli.terminal.KeeperAccess;
import io.longwire.keeper.config.ConfigException;
import io.longwire.rpc.agent.AgentGrpc;
import io.longwire.rpc.operate.OperateGrpc;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import picocli.CommandLine.Mixin;

/** How a command finds a keeper: by its options, the environment, or what {@code longwire up} left behind. */
public final class KeeperAt {
    private static final Metadata.Key<String> AUTHORIZATION = Metadata.Key.of("authorization",
            Metadata.ASCII_STRING_MARSHALLER);

    @Mixin
    private KeeperAccess access = new KeeperAccess();

    /** Calls the keeper; the connection is closed afterwards. */
    <T> T call(Function<OperateGrpc.OperateBlockingStub, T> use) {
        String operator = access.key();
        return connected(access.address(), channel -> use.apply(OperateGrpc.newBlockingStub(channel)
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
