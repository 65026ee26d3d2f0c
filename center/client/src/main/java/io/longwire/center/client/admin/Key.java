package io.longwire.center.client.admin;

import io.longwire.center.client.call.Times;
import io.longwire.rpc.center.ApiKey;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An API key of an app.
 *
 * @param secret the key itself: only in the answer that makes it, else empty
 * @param scopes none = all
 * @param networks CIDR; none = from anywhere
 * @param expires null = never
 * @param used to the minute; null = never
 */
public record Key(int appId, String keyId, String secret, String label, List<String> scopes, List<String> networks,
        @Nullable Instant created, @Nullable Instant expires, @Nullable Instant used, boolean revoked) {

    static Key of(ApiKey key) {
        return new Key(key.getAppId(), key.getKeyId(), key.getKey(), key.getLabel(), List.copyOf(key.getScopesList()),
                List.copyOf(key.getNetworksList()), Times.instant(key.getCreatedMs()),
                Times.instant(key.getExpiresMs()), Times.instant(key.getUsedMs()), key.getRevoked());
    }
}
