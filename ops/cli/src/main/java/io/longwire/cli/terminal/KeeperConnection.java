package io.longwire.cli.terminal;

import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import io.longwire.cli.ClientFile;
import io.longwire.keeper.config.ConfigException;
import io.longwire.rpc.keeper.ConfigServiceGrpc;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import picocli.CommandLine.Option;

/** How a command finds a keeper: by its options, the environment, or what {@code longwire up} left behind. */
public final class KeeperConnection {
    private static final Metadata.Key<String> AUTHORIZATION = Metadata.Key.of("authorization",
            Metadata.ASCII_STRING_MARSHALLER);
    private static final int CLOSE_SECONDS = 2;

    @Option(names = "--data", paramLabel = "DIR", defaultValue = "longwire-data",
            description = "Data directory of a `longwire up` on this machine (default: ${DEFAULT-VALUE}).")
    private Path data = Path.of("longwire-data");

    @Option(names = "--keeper", paramLabel = "HOST:PORT", defaultValue = "${env:LONGWIRE_KEEPER:-}",
            description = "A keeper's rpc address (default: of --data).")
    private String keeper = "";

    @Option(names = "--key", paramLabel = "KEY", defaultValue = "${env:LONGWIRE_KEY:-}",
            description = "The operator's key (default: of --data).")
    private String key = "";

    @Option(names = "--author", defaultValue = "${env:USER:-operator}",
            description = "Who is named in the history (default: ${DEFAULT-VALUE}).")
    private String author = "operator";

    /** Who is named in the history. */
    public String author() {
        return author;
    }

    /** Asks a keeper; its refusal is thrown as KeeperRefused. */
    public <A> A ask(Duration patience, Function<ConfigServiceGrpc.ConfigServiceBlockingStub, A> question) {
        String address = or(keeper, "--keeper", ClientFile::keeper);
        ManagedChannel channel = NettyChannelBuilder.forTarget("dns:///" + address).usePlaintext().build();
        try {
            var headers = new Metadata();
            headers.put(AUTHORIZATION, "Bearer " + or(key, "--key", ClientFile::adminKey));
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

    private String or(String given, String option, Function<ClientFile, String> kept) {
        String found = given.isEmpty() ? ClientFile.read(data).map(kept).orElse("") : given;
        if (found.isEmpty()) {
            throw new ConfigException(option
                    + ": missing (expected: the option, or --data with the directory of a running `longwire up`)");
        }
        return found;
    }
}
