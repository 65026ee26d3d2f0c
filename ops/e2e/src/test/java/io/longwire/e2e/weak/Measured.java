package io.longwire.e2e.weak;

import io.longwire.e2e.history.HistoryChecker.Violation;
import io.longwire.e2e.weak.Row.Wakings;
import io.longwire.e2e.weak.Trial.Seen;
import io.longwire.sdk.ConnectionStatus.State;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

import static org.awaitility.Awaitility.await;

/**
 * A row in the making: what was done to the phone, and when it knew and was back. Of several faults the worst counts.
 * One thread.
 */
final class Measured {
    /** How long a phone is watched when all is over. */
    static final Duration QUIET = Duration.ofMinutes(30);
    /** How fast its clock runs then. */
    static final int QUIET_SPEED = 60;

    /** Over less wake-ups per hour mean nothing. */
    private static final long SPAN_MIN = 600_000;

    private final Trial trial;
    private final String name;
    private int since; // the first status that may tell of the fault, or of its end
    private long brokeAt;
    private long wellAt;
    private boolean healing; // what it says now is of the cure, not of the fault
    private long detectMillis = Row.NONE;
    private long recoverMillis = Row.NONE;
    private Counts from;
    private Counts until;
    private boolean counted;

    /** What is counted, and when. */
    private record Counts(long atMillis, int wakeUps, long bytes) {
    }

    Measured(Trial trial, String name) {
        this.trial = trial;
        this.name = name;
        this.from = read();
        this.until = from;
    }

    /** A fault, now. */
    Measured breaks(Runnable fault) {
        broke(trial.clock.elapsedMillis());
        fault.run();
        return this;
    }

    /** There was a fault at that time of the phone, of which it does not know yet. */
    Measured broke(long atMillis) {
        since = trial.seen().size();
        brokeAt = atMillis;
        wellAt = atMillis;
        healing = false;
        return this;
    }

    /** The phone began at that time: it had never been served, so there is nothing to detect. */
    Measured bornAt(long atMillis) {
        broke(atMillis);
        healing = true;
        return this;
    }

    /** There is a way again from now on. */
    Measured heals(Runnable cure) {
        detected();
        healing = true;
        since = trial.seen().size();
        wellAt = trial.clock.elapsedMillis();
        cure.run();
        return this;
    }

    /** Waits until the phone says that it is served again. */
    Measured online(Duration limit) {
        await().atMost(limit).pollInterval(Duration.ofMillis(5)).until(() -> first(true).isPresent());
        detected();
        return recovered(first(true).orElseThrow().atMillis() - wellAt);
    }

    /** It knew after so long, as the test saw it. */
    Measured detected(long millis) {
        detectMillis = Math.max(detectMillis, millis);
        return this;
    }

    /** It was back after so long, as the test saw it. */
    Measured recovered(long millis) {
        recoverMillis = Math.max(recoverMillis, millis);
        until = counted ? until : read();
        return this;
    }

    /** Wake-ups and bytes are counted from now on. */
    Measured counts() {
        from = read();
        until = from;
        counted = false;
        return this;
    }

    /** And until now. */
    Measured counted() {
        until = read();
        counted = true;
        return this;
    }

    long detectMillis() {
        return detectMillis;
    }

    long recoverMillis() {
        return recoverMillis;
    }

    /** Judges what became of the messages, prints the row, and fails if a promise was broken. */
    Row end() {
        if (until.equals(from)) {
            counted();
        }
        int speed = trial.clock.fastest();
        List<Violation> broken = trial.broken();
        long span = until.atMillis - from.atMillis;
        Wakings radio = span < SPAN_MIN ? after() : new Wakings(span, until.wakeUps - from.wakeUps, false);
        var row = new Row(name, speed, detectMillis, recoverMillis, radio, until.bytes - from.bytes,
                count(broken, Violation.Kind.LOST), count(broken, Violation.Kind.SHOWN_TWICE));
        Table.print(row);
        trial.kept(broken);
        return row;
    }

    // A fault of seconds, with messages all the time, says nothing of the radio; what it leaves behind does.
    private Wakings after() {
        if (!Boolean.getBoolean("longwire.bench")) {
            return Wakings.UNWATCHED;
        }
        trial.quiet(QUIET_SPEED);
        Counts begun = read();
        trial.clock.pass(QUIET);
        Counts ended = read();
        return new Wakings(ended.atMillis - begun.atMillis, ended.wakeUps - begun.wakeUps, true);
    }

    private static long count(List<Violation> broken, Violation.Kind kind) {
        return broken.stream().filter(one -> one.kind() == kind).count();
    }

    private Counts read() {
        return new Counts(trial.clock.elapsedMillis(), trial.radio.wakeUps(), trial.bytes());
    }

    private void detected() {
        if (!healing) {
            first(false).ifPresent(noticed -> detectMillis = Math.max(detectMillis, noticed.atMillis() - brokeAt));
        }
    }

    /** The first status since the fault, or the cure, that says it is served, or is not. */
    private Optional<Seen> first(boolean online) {
        List<Seen> all = trial.seen();
        return all.subList(since, all.size()).stream().filter(one -> (one.state() == State.ONLINE) == online)
                .findFirst();
    }
}
