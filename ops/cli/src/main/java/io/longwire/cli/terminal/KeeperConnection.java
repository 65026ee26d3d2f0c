package io.longwire.cli.terminal;

import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import io.longwire.rpc.keeper.ConfigServiceGrpc;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How a command finds a keeper: by its options, the environment, or what {@code longwire up} left behind. */
public final class KeeperConnection {
    private static final Metadata.Key<String> AUTHORIZATION = Metadata.Key.of("authorization",
            Metadata.ASCII_STRING_MARSHALLER);
    private static final int CLOSE_SECONDS = 2;

    @Mixin
    private KeeperAccess access = new KeeperAccess();

    @Option(names = "--author", defaultValue = "${env:USER:-operator}",
            description = "Who is named in the history (default: ${DEFAULT-VALUE}).")
    private String author = "operator";

    /** Who is named in the history. */
    public String author() {
        return author;
    }

    /** Asks a keeper; its refusal is thrown as KeeperRefused. */
    public <A> A ask(Duration patience, Function<ConfigServiceGrpc.ConfigServiceBlockingStub, A> question) {
        String address = access.address();
        ManagedChannel channel = NettyChannelBuilder.forTarget("dns:///" + address).usePlaintext().build();
        try {
            var headers = new Metadata();
            headers.put(AUTHORIZATION, "Bearer " + access.key());
            return question.apply(ConfigServiceGrpc.newBlockingStub(channel)
                    .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
                    .withDeadlineAfter(patience.toMillis(), TimeUnit.MILLISECONDS));
        } catch (StatusRuntimeException refused) {
            Status status = refused.getStatus();
            String text = status.getDescription() == null ? "" : ": " + status.getDescription();
            throw new KeeperRefused(switch (status.getCode()) {
                case UNAVAILABLE -> "keeper " + address + text + " (expected: a running keeper)";
                case DEADLINE_EXCEEDED -> "keeper " + address + ": no answer in time";
                default -> text.isEmpty() ? status.getCode().name() : text.substring(2);
            });
        } finally {
            close(channel);
        }
    }

    private static void close(ManagedChannel channel) {
        try {
            channel.shutdownNow().awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException ending) {
            Thread.currentThread().interrupt();
        }
    }
}
