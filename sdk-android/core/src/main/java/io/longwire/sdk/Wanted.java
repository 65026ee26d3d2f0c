package io.longwire.sdk;

import io.longwire.device.Limits;
import io.longwire.device.MessageRules;
import io.longwire.sdk.phone.AppUplinks;
import io.longwire.sdk.store.Wishes;
import io.longwire.sdk.store.v1.Wish;
import io.longwire.sdk.store.v1.WishKind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** Makes wishes of what an app asks for, and refuses what no platform would take; uplinks too. */
final class Wanted {
    private static final String TOPIC = "topic:";
    private static final long KEEP_MIN_MILLIS = 1_000;
    private static final int TOPIC_CHARS = Limits.TAG_CHARS - TOPIC.length();

    private Wanted() {
    }

    static List<Wish> names(WishKind kind, boolean remove, Collection<String> names) {
        check(kind, names);
        List<Wish> wishes = new ArrayList<>(names.size());
        for (String name : names) {
            wishes.add(Wish.newBuilder().setKind(kind).setName(name).setRemove(remove).build());
        }
        return wishes;
    }

    /** A topic is a tag of this name. */
    static List<Wish> topic(boolean remove, String topic) {
        if (topic.isEmpty() || topic.length() > TOPIC_CHARS) {
            throw new LongwireException("topic: " + topic.length() + " characters (expected: 1 to " + TOPIC_CHARS
                    + ")");
        }
        return names(WishKind.WISH_TAG, remove, Collections.singletonList(TOPIC + topic));
    }

    static List<Wish> attributes(Map<String, String> attributes) {
        check(WishKind.WISH_ATTRIBUTE, attributes.keySet());
        List<Wish> wishes = new ArrayList<>(attributes.size());
        for (Map.Entry<String, String> one : attributes.entrySet()) {
            if (one.getValue().length() > Limits.ATTRIBUTE_CHARS) {
                throw new LongwireException("attribute " + one.getKey() + ": " + one.getValue().length()
                        + " characters (expected: at most " + Limits.ATTRIBUTE_CHARS + ")");
            }
            wishes.add(Wish.newBuilder().setKind(WishKind.WISH_ATTRIBUTE).setName(one.getKey())
                    .setValue(one.getValue()).build());
        }
        return wishes;
    }

    /** An uplink. */
    static void uplink(String type, int bytes, long keepMillis) {
        if (!MessageRules.isTopic(type)) {
            throw new LongwireException("type: " + type.length() + " characters (expected: 1 to " + Limits.LABEL_CHARS
                    + " letters, digits, dots, underscores or hyphens)");
        }
        if (bytes > Limits.UPLINK_BYTES) {
            throw new LongwireException("body: " + bytes + " bytes (expected: at most " + Limits.UPLINK_BYTES + ")");
        }
        if (keepMillis < KEEP_MIN_MILLIS || keepMillis > AppUplinks.KEEP_MAX_MILLIS) {
            throw new LongwireException("keepMillis: " + keepMillis + " (expected: " + KEEP_MIN_MILLIS + " to "
                    + AppUplinks.KEEP_MAX_MILLIS + ")");
        }
    }

    /** A request; its body is not looked at. */
    static void request(String type, long timeoutMillis) {
        uplink(type, 0, KEEP_MIN_MILLIS);
        if (timeoutMillis < KEEP_MIN_MILLIS || timeoutMillis > Limits.REQUEST_MILLIS) {
            throw new LongwireException("timeoutMillis: " + timeoutMillis + " (expected: " + KEEP_MIN_MILLIS + " to "
                    + Limits.REQUEST_MILLIS + ")");
        }
    }

    private static void check(WishKind kind, Collection<String> names) {
        String name = kind == WishKind.WISH_ALIAS ? "alias" : kind == WishKind.WISH_TAG ? "tag" : "attribute";
        if (names.isEmpty() || names.size() > Wishes.limit(kind)) {
            throw new LongwireException(name + ": " + names.size() + " of them (expected: 1 to " + Wishes.limit(kind)
                    + ")");
        }
        int most = kind == WishKind.WISH_ALIAS ? Limits.ALIAS_CHARS : Limits.TAG_CHARS;
        for (String one : names) {
            if (one.isEmpty() || one.length() > most) {
                throw new LongwireException(name + ": " + one.length() + " characters (expected: 1 to " + most + ")");
            }
        }
    }
}
