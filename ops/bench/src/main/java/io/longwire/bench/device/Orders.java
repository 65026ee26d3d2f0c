package io.longwire.bench.device;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.longwire.keeper.config.ConfigException;
import java.util.HashMap;
import java.util.Map;

/**
 * The language of a fleet's standard input: one order a line, {@code verb key=value ...}, each answered by one JSON
 * line when it is done. Run by the main thread.
 *
 * <pre>
 * connect [count=N] [rate=PER_SECOND] [inflight=256] [patience=S]   log in until N devices are online
 * leave [count=0] [patience=S]    unbind until N are left; the room closes them
 * drop [count=0] [patience=S]     reset the connections until N are left, as a lost network does
 * leave|drop share=PERCENT [from=0] [patience=S]   the same for a share of the devices, always the same ones
 * join share=PERCENT [from=0] [room=HOST:PORT,...] [rate=PER_SECOND] [inflight=256] [patience=S]
 *                                 log in those of the share that are offline, at other rooms if some are named
 * ping every=MILLIS | flat | off  heartbeats
 * uplink every=MILLIS [size=100] | off   each device sends one so often, of so many bytes, 8 of them the time
 * roam on | off                   follow a room's GOAWAY as the SDK does, and come back when a connection is lost
 * remember on | off               keep the ids of messages and show each once, as the SDK does
 * reset [run=N]                   forget the counts; messages of run N count from now on
 * await count=N [patience=S]      wait for N different messages
 * pushes count=N [patience=S]     wait for N pushes, the same message to several devices counted each time
 * await broadcast=SEQ [count=ALL] [patience=S]     wait until this broadcast has come to N endpoints
 * broadcast seq=SEQ [count=ALL]   how often it came: received, duplicates, missing of N, firstNanos, lastNanos
 * stats                           the counts
 * quit
 * </pre>
 */
final class Orders {
    private static final JsonMapper JSON = new JsonMapper();
    private static final int PATIENCE_SECONDS = 120;

    private final Fleet fleet;

    Orders(Fleet fleet) {
        this.fleet = fleet;
    }

    /** Does what the line says and returns the answer. */
    String obey(String line) {
        String[] words = line.strip().split("\\s+", -1);
        var options = new HashMap<String, String>();
        for (int i = 1; i < words.length; i++) {
            int equals = words[i].indexOf('=');
            options.put(equals < 0 ? words[i] : words[i].substring(0, equals),
                    equals < 0 ? "" : words[i].substring(equals + 1));
        }
        ObjectNode answer = JSON.createObjectNode().put("done", words[0]);
        try {
            obey(words[0], options, answer);
        } catch (ConfigException | NumberFormatException wrong) {
            answer.put("error", wrong.getMessage());
        }
        return answer.toString();
    }

    private void obey(String verb, Map<String, String> options, ObjectNode answer) {
        int patience = number(options, "patience", PATIENCE_SECONDS);
        switch (verb) {
            case "connect" -> {
                int devices = number(options, "count", fleet.options().devices());
                long nanos = fleet.connect(devices, number(options, "rate", 0), number(options, "inflight", 256),
                        patience);
                answer.put("seconds", nanos / 1e9);
            }
            case "leave", "drop" -> end(verb.equals("leave"), options, patience);
            case "join" -> answer.put("seconds", fleet.join(share(options), Addresses.of(options.getOrDefault("room",
                    "")), number(options, "rate", 0), number(options, "inflight", 256), patience) / 1e9);
            case "ping" -> {
                if (options.containsKey("flat")) {
                    fleet.pingFlatOut();
                } else {
                    fleet.pingEvery(number(options, "every", 0));
                }
            }
            case "uplink" -> fleet.uplinkEvery(number(options, "every", 0), number(options, "size", 100));
            case "roam" -> fleet.roam(options.containsKey("on"));
            case "remember" -> fleet.remember(options.containsKey("on"));
            case "reset" -> fleet.reset(number(options, "run", 0));
            case "await" -> answer.put("came", options.containsKey("broadcast")
                    ? fleet.awaitBroadcast(number(options, "broadcast", 0), endpoints(options), patience)
                    : fleet.await(number(options, "count", 0), patience));
            case "broadcast" -> fleet.tally().broadcasts.writeTo(answer, number(options, "seq", 0), endpoints(options));
            case "pushes" -> answer.put("came", fleet.awaitPushes(number(options, "count", 0), patience));
            case "stats" -> fleet.tally().writeTo(answer);
            default -> throw new ConfigException("order: " + verb
                    + " (expected: connect, leave, drop, join, ping, uplink, roam, remember, reset, await, pushes, "
                    + "broadcast, stats or quit)");
        }
        answer.put("online", fleet.online());
    }

    private void end(boolean tellRoom, Map<String, String> options, int patience) {
        if (options.containsKey("share")) {
            fleet.end(share(options), tellRoom, patience);
        } else {
            fleet.end(number(options, "count", 0), tellRoom, patience);
        }
    }

    private static Share share(Map<String, String> options) {
        return new Share(number(options, "from", 0), number(options, "share", Share.ALL.width()));
    }

    private int endpoints(Map<String, String> options) {
        return number(options, "count", fleet.options().devices());
    }

    private static int number(Map<String, String> options, String key, int absent) {
        String value = options.get(key);
        return value == null ? absent : Integer.parseInt(value);
    }
}
