package io.longwire.coordinator.redis;

import io.longwire.coordinator.client.Partitions;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * The names of the keys. All of one partition have its hash tag, so that a script's keys are on one node. The parts of
 * a name have no colon in them.
 */
public final class Keys {
    /** What the scripts publish under, a name for each partition. */
    static final String WAKES = "wake:*";

    private static final String[] TAGS = tags();

    private Keys() {
    }

    private static String[] tags() {
        var tags = new String[Partitions.COUNT];
        for (int p = 0; p < tags.length; p++) {
            tags[p] = "{p" + (p < 10 ? "0" : "") + p + "}";
        }
        return tags;
    }

    /** The rooms that told something of their sessions, and how far. */
    public static byte[] rooms(int partition) {
        return ascii("r:" + TAGS[partition]);
    }

    /** How the keys of all apps begin: {@code e} streams, {@code b} budgets, {@code z} sleep marks. */
    public static byte[] start(char of, int partition) {
        return ascii(of + ":" + TAGS[partition] + ":");
    }

    /** Events of a type: a stream, whose groups are its channels. */
    public static byte[] stream(int partition, int app, String type) {
        return ascii("e:" + TAGS[partition] + ":" + kind(app, type));
    }

    /** Bytes that an app holds: all in {@code *}, and by type. */
    public static byte[] budget(int partition, int app) {
        return ascii("b:" + TAGS[partition] + ":" + unsigned(app));
    }

    /** The uplinks of an endpoint that were kept. */
    public static byte[] seen(int partition, long endpointId) {
        return ascii("d:" + TAGS[partition] + ":" + HexFormat.of().toHexDigits(endpointId));
    }

    /** How far the receipts of an app were read from the savers; in one partition. */
    public static byte[] receiptCursor(int partition, int app) {
        return ascii("v:" + TAGS[partition] + ":" + unsigned(app));
    }

    /** The highest number of each shard whose receipt is kept here. */
    public static byte[] receiptMarks(int partition, int app) {
        return ascii("m:" + TAGS[partition] + ":" + unsigned(app));
    }

    /** There while somebody waits for the next event of a type. */
    public static byte[] asleep(int partition, int app, String type) {
        return ascii("z:" + TAGS[partition] + ":" + kind(app, type));
    }

    /** The id of the latest event of a partition, of whatever app and type. */
    public static byte[] lastId(int partition) {
        return ascii("n:" + TAGS[partition]);
    }

    /** The kinds of events in a partition. */
    public static byte[] index(int partition) {
        return ascii("t:" + TAGS[partition]);
    }

    /** Lease and settings of a channel. */
    public static byte[] state(int partition, int app, String type, String channel) {
        return ascii("g:" + TAGS[partition] + ":" + kind(app, type) + ":" + channel);
    }

    /** When what a channel has given out, or was asked to hold back, is given again. */
    public static byte[] waits(int partition, int app, String type, String channel) {
        return ascii("w:" + TAGS[partition] + ":" + kind(app, type) + ":" + channel);
    }

    /** What a channel has given up. */
    public static byte[] dead(int partition, int app, String type, String channel) {
        return ascii("x:" + TAGS[partition] + ":" + kind(app, type) + ":" + channel);
    }

    /** Bytes of an app's dead letters: all in {@code *}, and by {@code type:channel}. */
    public static byte[] deadBytes(int partition, int app) {
        return ascii("y:" + TAGS[partition] + ":" + unsigned(app));
    }

    /** The instances that have consumers of a channel. */
    public static byte[] interest(int partition, int app, String type, String channel) {
        return ascii("i:" + TAGS[partition] + ":" + kind(app, type) + ":" + channel);
    }

    /** The callbacks, by {@code app:type}; in {@code *} how often they were changed. */
    public static byte[] callbacks() {
        return ascii("c:" + TAGS[0]);
    }

    /** What is published when something of the partition changes. */
    public static byte[] wake(int partition) {
        return ascii("wake:" + partition);
    }

    /** {@code app:type}. */
    public static String kind(int app, String type) {
        return unsigned(app) + ":" + type;
    }

    public static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    public static byte[] number(long number) {
        return ascii(Long.toString(number));
    }

    private static String unsigned(int app) {
        return Integer.toUnsignedString(app);
    }
}
