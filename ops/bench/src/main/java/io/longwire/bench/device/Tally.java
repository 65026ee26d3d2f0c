package io.longwire.bench.device;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/**
 * What the devices of one loop have seen since the last reset. Owned by that loop; {@link #copy} hands a still picture
 * to others. Which messages of the run came is one bit each, so that a message shown twice, or never, is seen.
 */
final class Tally {
    private static final long LONGEST_NANOS = 120_000_000_000L;
    /** 256 million messages a run: 32 MB of bits. */
    private static final long MOST_NUMBERS = 1L << 28;

    long pushes;
    long unique;
    long duplicates;
    /** Of those, what an app was shown: its phone did not know the id, or keeps none. */
    long shownTwice;
    long unstamped;
    final BroadcastTally broadcasts = new BroadcastTally();
    long broadcastPushes;
    long acked;
    long ackFrames;
    long pings;
    long pongs;
    long uplinks;
    long connects;
    long resumed;
    long moves;
    long lastPushNanos;
    final Histogram latency = new Histogram(LONGEST_NANOS, 3);
    final Histogram unicast = new Histogram(LONGEST_NANOS, 3); // of these, those that were no broadcasts
    final Histogram uplink = new Histogram(LONGEST_NANOS, 3);
    final Histogram login = new Histogram(LONGEST_NANOS, 3);
    final Map<String, Long> trouble = new TreeMap<>();

    private long[] longest = new long[0]; // by device: its slowest push
    private int run;
    private long[] seen = new long[1024];

    void reset(int newRun) {
        pushes = 0;
        unique = 0;
        duplicates = 0;
        shownTwice = 0;
        unstamped = 0;
        broadcasts.reset();
        broadcastPushes = 0;
        acked = 0;
        ackFrames = 0;
        pings = 0;
        pongs = 0;
        uplinks = 0;
        uplink.reset();
        connects = 0;
        resumed = 0;
        moves = 0;
        Arrays.fill(longest, 0);
        lastPushNanos = 0;
        latency.reset();
        unicast.reset();
        login.reset();
        trouble.clear();
        run = newRun;
        Arrays.fill(seen, 0);
    }

    /**
     * A stamped push came to a device; a message of another run counts as unstamped.
     *
     * @param shown whether the phone shows it to its app
     */
    void push(int itsRun, long number, long latencyNanos, int device, boolean shown) {
        if (itsRun != run || number < 0 || number >= MOST_NUMBERS) {
            unstamped++;
            return;
        }
        took(latencyNanos);
        unicast.recordValue(Math.clamp(latencyNanos, 0, LONGEST_NANOS));
        if (device >= longest.length) {
            longest = Arrays.copyOf(longest, Math.max(1024, Integer.highestOneBit(device) << 1));
        }
        longest[device] = Math.max(longest[device], latencyNanos);
        int word = (int) (number >>> 6);
        if (word >= seen.length) {
            seen = Arrays.copyOf(seen, Integer.highestOneBit(word) << 1);
        }
        long bit = 1L << number;
        if ((seen[word] & bit) == 0) {
            seen[word] |= bit;
            unique++;
        } else {
            duplicates++;
            shownTwice += shown ? 1 : 0;
        }
    }

    /** A broadcast came to an endpoint, which had it before or not. */
    void broadcast(long sequence, boolean isNew, long nanos) {
        broadcastPushes++;
        lastPushNanos = nanos;
        broadcasts.came(sequence, isNew, nanos);
    }

    /** How long a push was on its way. */
    void took(long latencyNanos) {
        latency.recordValue(Math.clamp(latencyNanos, 0, LONGEST_NANOS));
    }

    /** An uplink is durable, so long after it was sent. */
    void uplinked(long nanos) {
        uplink.recordValue(Math.clamp(nanos, 0, LONGEST_NANOS));
    }

    void trouble(String what) {
        trouble.merge(what, 1L, Long::sum);
    }

    Tally copy() {
        var copy = new Tally();
        copy.add(this);
        return copy;
    }

    /** Adds what another loop has seen; the bits stay apart, as a message goes to one endpoint and so to one loop. */
    void add(Tally other) {
        pushes += other.pushes;
        unique += other.unique;
        duplicates += other.duplicates;
        shownTwice += other.shownTwice;
        unstamped += other.unstamped;
        broadcasts.add(other.broadcasts);
        broadcastPushes += other.broadcastPushes;
        acked += other.acked;
        ackFrames += other.ackFrames;
        pings += other.pings;
        pongs += other.pongs;
        uplinks += other.uplinks;
        uplink.add(other.uplink);
        connects += other.connects;
        resumed += other.resumed;
        moves += other.moves;
        longest = Arrays.copyOf(longest, Math.max(longest.length, other.longest.length));
        for (int i = 0; i < other.longest.length; i++) {
            longest[i] = Math.max(longest[i], other.longest[i]);
        }
        lastPushNanos = Math.max(lastPushNanos, other.lastPushNanos);
        latency.add(other.latency);
        unicast.add(other.unicast);
        login.add(other.login);
        other.trouble.forEach((what, count) -> trouble.merge(what, count, Long::sum));
    }

    void writeTo(ObjectNode json) {
        json.put("pushes", pushes).put("unique", unique).put("duplicates", duplicates)
                .put("shownTwice", shownTwice).put("unstamped", unstamped)
                .put("broadcasts", broadcastPushes).put("acked", acked).put("ackFrames", ackFrames).put("pings", pings)
                .put("pongs", pongs).put("uplinks", uplinks).put("uplinksKept", uplink.getTotalCount())
                .put("connects", connects).put("resumed", resumed).put("moves", moves)
                .put("lastPushNanos", lastPushNanos);
        percentiles(json.putObject("latencyMicros"), latency);
        percentiles(json.putObject("unicastMicros"), unicast);
        percentiles(json.putObject("loginMicros"), login);
        percentiles(json.putObject("uplinkMicros"), uplink);
        var slowest = new Histogram(LONGEST_NANOS, 3);
        for (long nanos : longest) {
            if (nanos > 0) {
                slowest.recordValue(Math.clamp(nanos, 0, LONGEST_NANOS));
            }
        }
        percentiles(json.putObject("slowestOfDeviceMicros"), slowest);
        ObjectNode troubles = json.putObject("trouble");
        trouble.forEach(troubles::put);
    }

    private static void percentiles(ObjectNode json, Histogram nanos) {
        json.put("count", nanos.getTotalCount()).put("mean", Math.round(nanos.getMean() / 1000))
                .put("p50", nanos.getValueAtPercentile(50) / 1000).put("p99", nanos.getValueAtPercentile(99) / 1000)
                .put("p999", nanos.getValueAtPercentile(99.9) / 1000).put("max", nanos.getMaxValue() / 1000);
    }
}
