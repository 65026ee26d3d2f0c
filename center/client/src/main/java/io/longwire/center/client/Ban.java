package io.longwire.center.client;

import io.longwire.center.client.call.Times;
import io.longwire.rpc.center.BanInfo;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Somebody who is kept out: an endpoint, an alias or a network; the other two are empty.
 *
 * @param until null = until it is lifted
 */
public record Ban(String id, String endpoint, String alias, String network, String reason, @Nullable Instant created,
        @Nullable Instant until, String state) {

    static Ban of(BanInfo info) {
        return new Ban(info.getBanId(), info.getEndpoint(), info.getAlias(), info.getNetwork(), info.getReason(),
                Times.instant(info.getCreatedMs()), Times.instant(info.getUntilMs()), info.getState());
    }

    /** The one of the three that is not empty. */
    public String subject() {
        return !endpoint.isEmpty() ? endpoint : !alias.isEmpty() ? alias : network;
    }
}
