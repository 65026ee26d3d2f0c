package io.longwire.coordinator.client.consume;

import io.grpc.CallCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.netty.NettyChannelBuilder;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/** How a product reaches a coordinator, and shows its key. Static. */
final class ApiCalls {
    private static final Metadata.Key<String> AUTHORIZATION = Metadata.Key.of("authorization",
            Metadata.ASCII_STRING_MARSHALLER);

    private ApiCalls() {
    }

    /** @param address host:port, perhaps with http:// or https:// in front */
    static ManagedChannel channel(String address) {
        boolean secure = address.startsWith("https://");
        String target = address.replaceFirst("^https?://", "");
        NettyChannelBuilder builder = NettyChannelBuilder.forTarget("dns:///" + target)
                .keepAliveTime(10, TimeUnit.SECONDS).keepAliveTimeout(3, TimeUnit.SECONDS);
        return secure ? builder.build() : builder.usePlaintext().build();
    }

    static CallCredentials key(String key) {
        return new Key(key);
    }

    /** Waits half a second for what is under way. */
    static void close(ManagedChannel channel) {
        channel.shutdown();
        try {
            if (!channel.awaitTermination(500, TimeUnit.MILLISECONDS)) {
                channel.shutdownNow();
            }
        } catch (InterruptedException interrupted) {
            channel.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }

    private static final class Key extends CallCredentials {
        private final String key;

        Key(String key) {
            this.key = key;
        }

        @Override
        public void applyRequestMetadata(RequestInfo request, Executor executor, MetadataApplier applier) {
            var headers = new Metadata();
            headers.put(AUTHORIZATION, "Bearer " + key);
            applier.apply(headers);
        }
    }
}
