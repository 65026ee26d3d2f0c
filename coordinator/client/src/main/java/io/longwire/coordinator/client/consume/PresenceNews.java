package io.longwire.coordinator.client.consume;

import java.time.Instant;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An event of type {@code $presence}, read.
 *
 * @param endpoint empty for ROOM_GONE and RESYNC, which are about all endpoints of their partition
 * @param connSeq of the endpoint's session
 * @param via incarnation of the room that has, or had, the session
 * @param network as the phone names it; empty = not told
 * @param at by the room
 */
public record PresenceNews(Kind kind, String endpoint, long connSeq, int via, String network, Instant at) {
    private static final Pattern FIELD = Pattern.compile("\"([a-z_]+)\":(?:\"([^\"]*)\"|(\\d+))");

    /** What became of the endpoint. */
    public enum Kind {
        ONLINE,
        /** Online through another room or connection than before. */
        MOVED, OFFLINE,
        /** The same session on another network. */
        NETWORK,
        /** Bound for the first time. */
        INSTALLED,
        /** The phone said that the app was removed. */
        UNINSTALLED,
        /** Every endpoint of the partition whose last event has this via is offline. */
        ROOM_GONE,
        /** Events of the partition were lost: take its snapshot again. */
        RESYNC,
        /** Of a later version. */
        OTHER
    }

    /** Reads the flat JSON of the body; unknown fields are skipped. */
    public static PresenceNews of(UplinkEvent event) {
        Kind kind = Kind.OTHER;
        long connSeq = 0;
        int via = 0;
        String network = "";
        Matcher fields = FIELD.matcher(event.body().toStringUtf8());
        while (fields.find()) {
            switch (fields.group(1)) {
                case "kind" -> kind = kind(String.valueOf(fields.group(2)));
                case "conn_seq" -> connSeq = Long.parseLong(String.valueOf(fields.group(3)));
                case "via" -> via = Integer.parseInt(String.valueOf(fields.group(3)));
                case "network" -> network = String.valueOf(fields.group(2));
                default -> {
                    // of a later version
                }
            }
        }
        return new PresenceNews(kind, event.endpoint(), connSeq, via, network, event.receivedAt());
    }

    private static Kind kind(String name) {
        for (Kind kind : Kind.values()) {
            if (kind.name().toLowerCase(Locale.ROOT).equals(name)) {
                return kind;
            }
        }
        return Kind.OTHER;
    }
}
