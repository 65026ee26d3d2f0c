package io.longwire.center;

import io.longwire.center.access.Networks;
import io.longwire.center.refuse.Refused;
import io.longwire.keeper.config.ConfigNode;
import java.time.Duration;
import java.util.List;

/**
 * What center is configured with, beside {@code service:}.
 *
 * @param bind address the API listens on
 * @param apiPort port of gRPC and REST; 0 = any free one
 * @param maxInFlight messages that may wait for their store at once, one app's at most half of them; beyond it a send
 *        is refused BUSY
 * @param maxRouting accepted messages that may be on their way to a room at once, one app's at most half of them;
 *        beyond it the due set delivers
 * @param maxBodyBytes largest request body
 * @param maxBodiesBytes request bodies held at once, all together
 * @param requestTimeout what a call may take, as the caller sees it
 * @param cacheTtl how long keys and apps are believed; a revoked key dies so late
 * @param defaultSendsPerSecond quota of an app that is created without one
 * @param balancers addresses and ranges whose X-Forwarded-For is believed
 */
public record CenterConfig(String bind, int apiPort, int maxInFlight, int maxRouting, long maxBodyBytes,
        long maxBodiesBytes, Duration requestTimeout, Duration cacheTtl, int defaultSendsPerSecond,
        Networks balancers) {

    public static CenterConfig read(ConfigNode node) {
        node.about("""
                bind                  local address the API listens on
                apiPort               local port of gRPC and REST; 0 = any free one
                maxInFlight           hot   messages waiting for their store at once, one app's at most half
                maxRouting            hot   messages on their way to a room at once, one app's at most half
                maxBody               drain largest request body
                maxBodies             hot   request bodies held at once, all together
                requestTimeout        hot   what a call may take, as the caller sees it
                cacheTtl              drain how long keys and apps are believed; a revoked key dies so late
                defaultSendsPerSecond hot   quota of an app that is created without one
                balancers             hot   addresses and ranges whose X-Forwarded-For is believed
                """);
        return new CenterConfig(node.text("bind", "127.0.0.1"), node.integer("apiPort", 8080, 0, 65535),
                node.integer("maxInFlight", 20_000, 1, 1_000_000), node.integer("maxRouting", 50_000, 1, 1_000_000),
                node.bytes("maxBody", "4MB", "8KB", "64MB"), node.bytes("maxBodies", "128MB", "8KB", "16GB"),
                node.duration("requestTimeout", "3s", "100ms", "1m"),
                node.duration("cacheTtl", "5s", "1ms", "5s"),
                node.integer("defaultSendsPerSecond", 1_000, 1, 1_000_000), balancers(node));
    }

    private static Networks balancers(ConfigNode node) {
        List<String> balancers = node.texts("balancers", List.of());
        try {
            return Networks.of("balancers", balancers);
        } catch (Refused wrong) {
            throw node.wrong("balancers", balancers, "addresses or ranges such as 10.0.0.0/8");
        }
    }
}
