package io.longwire.coordinator.pace;

import io.longwire.coordinator.callback.CallbackObserver.Ended;
import io.longwire.coordinator.callback.CallbackObserver.Outcome;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.Supplier;

/**
 * What the callbacks of one app say of its backend. Too much is, looked at once a second:
 *
 * <ul>
 * <li><b>errors</b>: more than a share of at least five requests failed, those of the second, or of a backend that gets
 * fewer, of up to ten; or five in a row, however far apart, as opens its breaker; and from then on until one succeeds.
 * A rejection is an answer.
 * <li><b>slow</b>: the requests of the second took long, or one that is under way already has.
 * <li><b>queue</b>: events had waited long when they were sent, and longer than those a second before: a queue that
 * gets shorter needs time, not a slower pace.
 * </ul>
 *
 * Owned by the loop. About 1 KB.
 */
final class AppPace {
    /** Seconds of which requests are told. */
    static final int SECONDS = 60;
    /** Without a word of the backend it is forgotten; longer than breaker and time-out at their longest. */
    static final Duration FORGOTTEN = Duration.ofSeconds(150);

    private static final long SECOND = 1_000_000_000L;
    private static final int PERCENT = 100;
    private static final int LEAST = 5;
    private static final long WINDOW = 10 * SECOND;

    private final Supplier<PaceConfig> config;
    private final Aimd aimd = new Aimd();
    private final Map<Object, Long> underWay = new LinkedHashMap<>(); // since when, the oldest first
    private final long[] seconds = new long[SECONDS]; // which second a place is of
    private final int[] requests = new int[SECONDS];
    private final int[] failed = new int[SECONDS];
    private int ended; // since the last look, as what follows
    private long tookNanos;
    private int first; // first attempts
    private long waitedMillis;
    private long waitedBefore;
    private int judged; // requests that ended and are not judged by their errors yet
    private int broken; // of them
    private long judgedFrom;
    private int inARow; // failed
    private boolean fails; // it did when it was judged
    private long heardAt;
    private int pushPace;
    private long pushPaceAt;
    private boolean asks;
    private String why = "";

    /** @param config asked at each look */
    AppPace(Supplier<PaceConfig> config, long nanos) {
        this.config = config;
        this.heardAt = nanos;
    }

    void began(Object request, long nanos) {
        underWay.put(request, nanos);
        heardAt = nanos;
    }

    void ended(Object request, Ended how, long nanos) {
        underWay.remove(request);
        heardAt = nanos;
        if (how.outcome() == Outcome.UNKNOWN) {
            return;
        }
        boolean failed = how.outcome() == Outcome.FAILED;
        inARow = failed ? inARow + 1 : 0;
        count(nanos, how.outcome() != Outcome.TAKEN);
        ended++;
        if (judged++ == 0) {
            judgedFrom = nanos;
        }
        broken += failed ? 1 : 0;
        tookNanos += how.tookNanos();
        if (how.waitedMillis() >= 0) {
            first++;
            waitedMillis += how.waitedMillis();
        }
    }

    /** The backend asked for so many messages a second. */
    void pushPace(int perSecond, long nanos) {
        pushPace = perSecond;
        pushPaceAt = nanos;
        asks = true;
    }

    private void count(long nanos, boolean fails) {
        long second = Math.floorDiv(nanos, SECOND);
        int place = Math.floorMod(second, SECONDS);
        if (seconds[place] != second) {
            seconds[place] = second;
            requests[place] = 0;
            failed[place] = 0;
        }
        requests[place]++;
        failed[place] += fails ? 1 : 0;
    }

    /** Once a second. True = the share was cut. */
    boolean look(long nanos) {
        String now = tooMuch(nanos);
        boolean cut = aimd.look(nanos, !now.isEmpty());
        if (!now.isEmpty()) {
            why = now;
        } else if (aimd.share() == 1) {
            why = "";
        }
        waitedBefore = first > 0 ? waitedMillis / first : waitedBefore;
        ended = 0;
        tookNanos = 0;
        first = 0;
        waitedMillis = 0;
        return cut;
    }

    private String tooMuch(long nanos) {
        if (errors(nanos)) {
            return "errors";
        }
        long oldest = underWay.isEmpty() ? 0 : nanos - underWay.values().iterator().next();
        if (Math.max(oldest, ended == 0 ? 0 : tookNanos / ended) > config.get().slow().toNanos()) {
            return "slow";
        }
        long waited = first == 0 ? 0 : waitedMillis / first;
        return waited > config.get().queue().toMillis() && waited > waitedBefore ? "queue" : "";
    }

    // One request that failed says something of its event; several say something of the backend.
    private boolean errors(long nanos) {
        boolean enough = judged >= LEAST;
        boolean now = enough && broken * PERCENT > config.get().errors() * judged;
        if (enough) {
            fails = now;
        }
        fails = inARow > 0 && (fails || inARow >= LEAST);
        if (enough || (judged > 0 && nanos - judgedFrom >= WINDOW)) {
            judged = 0;
            broken = 0;
        }
        return now || fails;
    }

    /** Whether there is nothing to be told of it any more. */
    boolean isForgotten(long nanos) {
        return underWay.isEmpty() && nanos - heardAt > FORGOTTEN.toNanos();
    }

    double share() {
        return aimd.share();
    }

    /** What was too much the last time; empty = nothing, and the share is whole again. */
    String why() {
        return why;
    }

    OptionalInt pushPace(long nanos) {
        return asks && nanos - pushPaceAt <= config.get().pushPace().toNanos()
                ? OptionalInt.of(pushPace)
                : OptionalInt.empty();
    }

    /** Requests that ended in the second that began so many seconds ago; 0 = in this one. */
    int requests(long nanos, int ago) {
        return at(requests, nanos, ago);
    }

    /** Those of them whose events were not taken. */
    int failed(long nanos, int ago) {
        return at(failed, nanos, ago);
    }

    private int at(int[] counts, long nanos, int ago) {
        long second = Math.floorDiv(nanos, SECOND) - ago;
        int place = Math.floorMod(second, SECONDS);
        return seconds[place] == second ? counts[place] : 0;
    }
}
