package io.longwire.room.client.audience;

import java.util.List;

/**
 * What a phone tells of itself when it connects, the same for all its apps. A room keeps each distinct one once.
 *
 * @param os in lower case
 * @param osVersion Android: the API level
 * @param region in upper case
 * @param language in lower case, with a hyphen: "fr-ca"
 * @param network one of {@link #NETWORKS}
 */
public record PhoneTraits(String os, int osVersion, int sdkVersion, String region, String language, String network) {
    /** What a phone may be connected by. */
    public static final List<String> NETWORKS = List.of("unknown", "wifi", "2g", "3g", "4g", "5g", "ethernet", "vpn");
}
