package io.longwire.sdk.store;

import io.longwire.device.Limits;
import io.longwire.device.v1.Push;
import io.longwire.sdk.policy.Dedupe;
import io.longwire.sdk.store.v1.LogKind;
import io.longwire.sdk.store.v1.LogRecord;
import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The messages of one app between "stored, may be acked" and "shown", and what is remembered of those before: their
 * ids, the newest of each collapse key, what was revoked, what the app reported. One append-only file; what its records
 * add up to is the {@link Shelf}'s. A message is first {@code stored}; just before the app is called it is
 * {@code showing}, and {@code shown} when the app has returned. After a kill the stored ones are given out again; one
 * that was showing is given out marked, because nobody knows how far the app got.
 *
 * <p>Any thread: every method holds this object, and only for one write. Bounded: the caller stores no more when
 * {@link #unshownCount} is at its limit, {@link Dedupe} and the keys bound themselves, and receipts are at most
 * {@link Shelf#REPORTS}; the file is rewritten when it is four times what it must hold.
 */
public final class MessageLog implements AutoCloseable {
    private static final long REWRITE_MIN_BYTES = 256 * 1024;

    private final LogFile<LogRecord> file;
    private final Shelf shelf = new Shelf();
    private long rewriteFrom = REWRITE_MIN_BYTES;

    /** A message, or a revocation, that the app has not had for certain. Immutable. */
    public static final class Stored {
        private final Push push;
        private final boolean inDoubt;
        private final long earlier;

        Stored(Push push, boolean inDoubt, long earlier) {
            this.push = push;
            this.inDoubt = inDoubt;
            this.earlier = earlier;
        }

        public Push push() {
            return push;
        }

        /** The app is being called with it, or the process ended while it was. */
        public boolean inDoubt() {
            return inDoubt;
        }

        /** Once it is showing: the message in whose place it stands; 0 = none. */
        public long earlier() {
            return earlier;
        }
    }

    /** What became of a revocation. */
    public enum Revocation {
        /** The app must be told: it waits here as a message does. */
        TOLD,
        /** Done: the message had not been given out, and never will be. */
        DONE,
        /** The user had opened the message before. */
        LATE
    }

    private MessageLog(File file, boolean sync) throws IOException {
        List<LogRecord> records = new ArrayList<>();
        this.file = LogFile.open(file, sync, LogRecord.parser(), records);
        for (LogRecord record : records) {
            shelf.apply(record, 0);
        }
    }

    static MessageLog open(File file, boolean sync) throws IOException {
        return new MessageLog(file, sync);
    }

    /** Whether this app has, or had, the message; or was told not to show it before it came. */
    public synchronized boolean contains(long messageId) {
        return shelf.seen().contains(messageId);
    }

    /**
     * Stores a message that is not {@link #contains contained}; when this returns it may be acked.
     *
     * @param keepUntilMillis how long its id must be remembered, platform time
     * @return false when it is not to be shown: a newer one of its collapse key was seen
     * @throws IOException it is not stored
     */
    public synchronized boolean store(Push push, long keepUntilMillis, long nowMillis) throws IOException {
        LogRecord record = shelf.arrival(push, keepUntilMillis);
        add(record, nowMillis);
        return record.getKind() == LogKind.LOG_RECEIVED;
    }

    /**
     * Takes back the message that a revocation {@link Push#getReplaces names}, be it here, shown, or still to come.
     *
     * @throws IOException nothing is revoked
     */
    public synchronized Revocation revoke(Push push, long keepUntilMillis, long nowMillis) throws IOException {
        LogRecord record = shelf.revocation(push, keepUntilMillis);
        if (record == null) {
            add(Shelf.record(LogKind.LOG_SEEN, push.getMessageId()).setKeepUntilMs(keepUntilMillis)
                    .setBcastSeq(push.getBcastSeq()).setFlags(Dedupe.NOT_GIVEN).build(), nowMillis);
            return Revocation.LATE;
        }
        add(record, nowMillis);
        return record.getPush().isEmpty() ? Revocation.DONE : Revocation.TOLD;
    }

    /** Whether the user opened this message, and it was not revoked before that. */
    public synchronized boolean isOpened(long messageId) {
        return shelf.isLate(messageId);
    }

    /** Whether the app was given this message, and it was not revoked since. */
    public synchronized boolean isGiven(long messageId) {
        Dedupe.Seen known = shelf.seen().find(messageId);
        return known != null && known.isGiven();
    }

    /**
     * The app is about to be called. Returns what with; null when it is not to be shown any more.
     *
     * @throws IOException it could not be noted, but {@link #unshown(long)} says it all the same; a kill now would show
     *         the message again, unmarked
     */
    public synchronized @Nullable Stored showing(long messageId) throws IOException {
        Stored one = shelf.unshown().get(messageId);
        if (one == null) {
            return null;
        }
        note(shelf.showing(one));
        return shelf.unshown().get(messageId);
    }

    /** The app was called and did not take the message: it is as unshown as before, or gone if it was revoked since. */
    public synchronized void declined(long messageId) throws IOException {
        note(Shelf.record(LogKind.LOG_DECLINED, messageId).build());
    }

    /** The app has had the message, or it is not to be shown any more. */
    public synchronized void shown(long messageId) throws IOException {
        if (shelf.unshown().containsKey(messageId)) {
            note(Shelf.record(LogKind.LOG_SHOWN, messageId).build());
        }
    }

    /** The message stored here that was not shown yet, or null. */
    public synchronized @Nullable Stored unshown(long messageId) {
        return shelf.unshown().get(messageId);
    }

    /** What was stored and not shown, in the order it came. */
    public synchronized List<Stored> unshown() {
        return new ArrayList<>(shelf.unshown().values());
    }

    public synchronized int unshownCount() {
        return shelf.unshown().size();
    }

    /**
     * The app says what became of a message.
     *
     * @param flag {@link Dedupe#SHOWN} or {@link Dedupe#CLICKED}
     * @return whether that is news; not so for a message that it was not given
     * @throws IOException it could not be kept, and counts only until the process ends
     */
    public synchronized boolean report(long messageId, int flag) throws IOException {
        LogRecord record = shelf.report(messageId, flag);
        if (record == null) {
            return false;
        }
        note(record);
        return true;
    }

    /** Reports that the platform does not know yet, the oldest first. */
    public synchronized List<Report> reports(int max) {
        List<Report> first = new ArrayList<>(Math.min(max, shelf.reports().size()));
        for (Report one : shelf.reports()) {
            if (first.size() >= max) {
                break;
            }
            first.add(one);
        }
        return first;
    }

    /** The platform knows this report. */
    public synchronized void sent(Report report) throws IOException {
        note(Shelf.record(LogKind.LOG_SENT, report.messageId()).setFlags(report.flag()).build());
    }

    /** Reports that were dropped because too many waited, since the log was opened. */
    public synchronized long lostReports() {
        return shelf.lostReports();
    }

    /**
     * A message came that is not to be stored: it is contained, has expired, or is not for the app. Its broadcast
     * sequence, if it has one, is remembered, so that no room sends it again.
     *
     * @throws IOException it could not be kept, and counts only until the process ends
     */
    public synchronized void passed(Push push, long keepUntilMillis) throws IOException {
        Dedupe.Seen known = shelf.seen().find(push.getMessageId());
        if (push.getBcastSeq() != 0 && (known == null || known.broadcast() == 0)) {
            note(Shelf.record(LogKind.LOG_SEEN, push.getMessageId()).setKeepUntilMs(keepUntilMillis)
                    .setBcastSeq(push.getBcastSeq()).setFlags(Dedupe.NOT_GIVEN).build());
        }
    }

    /**
     * Forgets which broadcasts came, and no message: another endpoint counts from a floor of its own.
     *
     * @throws IOException they are forgotten only until the process ends
     */
    public synchronized void forgetBroadcasts() throws IOException {
        if (above(0, Long.MIN_VALUE).length > 0) {
            shelf.seen().forgetBroadcasts();
            file.rewrite(shelf.records(0));
        }
    }

    /**
     * The broadcast sequences above the floor that this app has had. Where they are more than a room is told of, not
     * those that have expired: nobody sends them any more, and one that lives long would be forgotten for them.
     */
    public synchronized long[] broadcastsAbove(long floor, long nowMillis) {
        long[] all = above(floor, Long.MIN_VALUE);
        return all.length <= Limits.BROADCASTS_SEEN
                ? all
                : above(floor, nowMillis + Dedupe.KEEP_MILLIS);
    }

    private long[] above(long floor, long keptAfterMillis) {
        List<Dedupe.Seen> all = shelf.seen().all();
        long[] above = new long[all.size()];
        int count = 0;
        for (Dedupe.Seen one : all) {
            if (one.broadcast() > floor && one.keepUntilMillis() > keptAfterMillis) {
                above[count++] = one.broadcast();
            }
        }
        return Arrays.copyOf(above, count);
    }

    @Override
    public synchronized void close() throws IOException {
        file.close();
    }

    // What others are told of: first on the disk, then true.
    private void add(LogRecord record, long nowMillis) throws IOException {
        file.append(record, true);
        shelf.apply(record, nowMillis);
        rewriteWhenWasteful(nowMillis);
    }

    // What has happened already: true, whether or not the disk takes it.
    private void note(LogRecord record) throws IOException {
        shelf.apply(record, 0);
        file.append(record, false);
    }

    // Fails on a full disk, say: the file stays as it is, which is whole, and the next try waits until it has doubled.
    private void rewriteWhenWasteful(long nowMillis) {
        if (file.length() < rewriteFrom || file.length() < 4 * shelf.neededBytes()) {
            return;
        }
        try {
            file.rewrite(shelf.records(nowMillis));
            rewriteFrom = REWRITE_MIN_BYTES;
        } catch (IOException full) {
            rewriteFrom = 2 * file.length();
        }
    }
}
