package io.longwire.center.client;

import io.longwire.center.client.call.Times;
import io.longwire.rpc.center.EndpointProfile;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is said of an endpoint. */
public record Profile(String endpoint, List<String> tags, Map<String, String> attributes, List<String> aliases,
        @Nullable Instant changed) {

    static Profile of(EndpointProfile profile) {
        return new Profile(profile.getEndpoint(), List.copyOf(profile.getTagsList()),
                Map.copyOf(profile.getAttributesMap()), List.copyOf(profile.getAliasesList()),
                Times.instant(profile.getChangedMs()));
    }
}
