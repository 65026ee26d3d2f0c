package io.longwire.e2e.uplink;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * What phones sent, what they were told, and what each channel of the product got: the oracle of the uplink tests. An
 * uplink is known by its text, which no other has. Thread-safe.
 */
final class UplinkBooks {
    private static final int SHOWN = 20;

    private enum Fate {
        SENT, DURABLE, NOT_TAKEN
    }

    private final Map<String, Fate> sent = new ConcurrentHashMap<>();
    /** The event id under which a text came, in whatever channel. */
    private final Map<String, String> ids = new ConcurrentHashMap<>();
    private final Map<String, Channel> channels = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<String> wrong = new ConcurrentLinkedQueue<>();

    /** What one channel got. */
    private static final class Channel {
        private final Set<String> texts = ConcurrentHashMap.newKeySet();
        private final Set<String> finished = ConcurrentHashMap.newKeySet();
    }

    /** A phone is about to say this. */
    void sent(String text) {
        if (sent.putIfAbsent(text, Fate.SENT) != null) {
            throw new IllegalArgumentException("text: " + text + " (expected: said once)");
        }
    }

    /** The phone was told that the platform has it, or that it will be sent. */
    void durable(String text) {
        sent.put(text, Fate.DURABLE);
    }

    /** The phone was told that it was not taken, and will not be. */
    void notTaken(String text) {
        sent.put(text, Fate.NOT_TAKEN);
    }

    /** A channel gave this out. Again under the same id is a redelivery, which is fine unless it was finished. */
    void delivered(String channel, String eventId, String text) {
        Channel got = channel(channel);
        if (got.finished.contains(eventId)) {
            wrong.add(channel + ": " + text + " came again though it was finished, " + eventId);
        }
        String other = ids.putIfAbsent(text, eventId);
        if (other != null && !other.equals(eventId)) {
            wrong.add(channel + ": " + text + " was kept twice, " + other + " and " + eventId);
        }
        got.texts.add(text);
    }

    /** It was confirmed that this is finished: it must never come again. */
    void finished(String channel, String eventId) {
        channel(channel).finished.add(eventId);
    }

    /** All that the channel ever gave is finished, as the coordinators' own books say. */
    void allFinished(String channel) {
        Channel got = channel(channel);
        got.texts.forEach(text -> got.finished.add(ids.getOrDefault(text, "")));
    }

    /** How many phones wait to hear what became of what they said. */
    int unsettled() {
        return (int) sent.values().stream().filter(fate -> fate == Fate.SENT).count();
    }

    int durable() {
        return (int) sent.values().stream().filter(fate -> fate == Fate.DURABLE).count();
    }

    /** Durable ones that the channel has not given out yet. */
    int missing(String channel) {
        Channel got = channel(channel);
        return (int) sent.entrySet().stream()
                .filter(one -> one.getValue() == Fate.DURABLE && !got.texts.contains(one.getKey())).count();
    }

    /** What must not be, by channel, the first few in words; to be asked when nothing is under way any more. */
    List<String> verdict() {
        var all = new ArrayList<>(wrong);
        channels.forEach((name, got) -> {
            sent.forEach((text, fate) -> {
                if (fate == Fate.DURABLE && !got.texts.contains(text)) {
                    all.add(name + ": " + text + " was lost");
                } else if (fate == Fate.NOT_TAKEN && got.texts.contains(text)) {
                    all.add(name + ": " + text + " came though its phone was told that it was not taken");
                }
            });
            var invented = new HashSet<>(got.texts);
            invented.removeAll(sent.keySet());
            invented.forEach(text -> all.add(name + ": " + text + " came and nobody said it"));
        });
        return all.size() <= SHOWN ? all : shortened(all);
    }

    private static List<String> shortened(List<String> all) {
        var few = new ArrayList<>(all.subList(0, SHOWN));
        few.add("and " + (all.size() - SHOWN) + " more");
        return few;
    }

    private Channel channel(String name) {
        return channels.computeIfAbsent(name, first -> new Channel());
    }
}
