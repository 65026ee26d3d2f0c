package io.longwire.sdk.store;

import com.google.protobuf.InvalidProtocolBufferException;
import io.longwire.device.v1.Push;
import io.longwire.sdk.policy.Dedupe;
import io.longwire.sdk.store.v1.LogKind;
import io.longwire.sdk.store.v1.LogRecord;
import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The messages of one app between "stored, may be acked" and "shown", and the ids of those before, in one append-only
 * file. A message is first {@code stored}; just before the app is called it is {@code showing}, and {@code shown} when
 * the app has returned. After a kill the stored ones are given out again; one that was showing is given out marked,
 * because nobody knows how far the app got.
 *
 * <p>Any thread: every method holds this object, and only for one write. Bounded: the caller stores no more when
 * {@link #unshownCount} is at its limit, and {@link Dedupe} bounds the ids; the file is rewritten when it is four times
 * what it must hold.
 */
public final class MessageLog implements AutoCloseable {
    private static final long REWRITE_MIN_BYTES = 256 * 1024;
    private static final int SEEN_BYTES = 48;

    private final LogFile file;
    private final Dedupe seen = new Dedupe();
    private final Map<Long, Stored> unshown = new LinkedHashMap<>();
    private long unshownBytes;
    private long rewriteFrom = REWRITE_MIN_BYTES;

    /** A message that the app has not had for certain. Immutable. */
    public static final class Stored {
        private final Push push;
        private final boolean inDoubt;

        Stored(Push push, boolean inDoubt) {
            this.push = push;
            this.inDoubt = inDoubt;
        }

        public Push push() {
            return push;
        }

        /** The process ended while the app was being called with it. */
        public boolean inDoubt() {
            return inDoubt;
        }
    }

    private MessageLog(File file, boolean sync) throws IOException {
        List<LogRecord> records = new ArrayList<>();
        this.file = LogFile.open(file, sync, records);
        for (LogRecord record : records) {
            load(record);
        }
    }

    static MessageLog open(File file, boolean sync) throws IOException {
        return new MessageLog(file, sync);
    }

    /** Whether this app has, or had, the message. */
    public synchronized boolean contains(long messageId) {
        return seen.contains(messageId);
    }

    /**
     * Stores a message; when this returns it may be acked.
     *
     * @param keepUntilMillis how long its id must be remembered, platform time
     * @throws IOException it is not stored
     */
    public synchronized void store(Push push, long keepUntilMillis, long nowMillis) throws IOException {
        file.append(LogRecord.newBuilder().setKind(LogKind.LOG_RECEIVED).setMessageId(push.getMessageId())
                .setKeepUntilMs(keepUntilMillis).setBcastSeq(push.getBcastSeq()).setPush(push.toByteString()).build(),
                true);
        seen.add(push.getMessageId(), keepUntilMillis, push.getBcastSeq(), nowMillis);
        unshown.put(push.getMessageId(), new Stored(push, false));
        unshownBytes += push.getSerializedSize();
        rewriteWhenWasteful(nowMillis);
    }

    /**
     * The app is about to be called. Returns false when the message was taken back meanwhile.
     *
     * @throws IOException it could not be noted; a kill now would show the message again, unmarked
     */
    public synchronized boolean showing(long messageId) throws IOException {
        Stored one = unshown.get(messageId);
        if (one == null) {
            return false;
        }
        unshown.put(messageId, new Stored(one.push(), true));
        note(LogKind.LOG_SHOWING, messageId);
        return true;
    }

    /** The app was called and did not take the message: it is as unshown as before. */
    public synchronized void declined(long messageId) throws IOException {
        Stored one = unshown.get(messageId);
        if (one != null) {
            unshown.put(messageId, new Stored(one.push(), false));
            note(LogKind.LOG_DECLINED, messageId);
        }
    }

    /** The app has had the message, or it is not to be shown any more. */
    public synchronized void shown(long messageId) throws IOException {
        Stored one = unshown.remove(messageId);
        if (one != null) {
            unshownBytes -= one.push().getSerializedSize();
            note(LogKind.LOG_SHOWN, messageId);
        }
    }

    /** The message stored here that was not shown yet, or null. */
    public synchronized @Nullable Stored unshown(long messageId) {
        return unshown.get(messageId);
    }

    /** What was stored and not shown, in the order it came. */
    public synchronized List<Stored> unshown() {
        return new ArrayList<>(unshown.values());
    }

    public synchronized int unshownCount() {
        return unshown.size();
    }

    /** The broadcast sequences above the floor that this app has had. */
    public synchronized long[] broadcastsAbove(long floor) {
        List<Dedupe.Seen> all = seen.all();
        long[] above = new long[all.size()];
        int count = 0;
        for (Dedupe.Seen one : all) {
            if (one.broadcast() > floor) {
                above[count++] = one.broadcast();
            }
        }
        return Arrays.copyOf(above, count);
    }

    @Override
    public synchronized void close() throws IOException {
        file.close();
    }

    private void note(LogKind kind, long messageId) throws IOException {
        file.append(LogRecord.newBuilder().setKind(kind).setMessageId(messageId).build(), false);
    }

    // Fails on a full disk, say: the file stays as it is, which is whole, and the next try waits until it has doubled.
    private void rewriteWhenWasteful(long nowMillis) {
        long needed = unshownBytes + (long) SEEN_BYTES * seen.size();
        if (file.length() < rewriteFrom || file.length() < 4 * needed) {
            return;
        }
        try {
            file.rewrite(needed(nowMillis));
            rewriteFrom = REWRITE_MIN_BYTES;
        } catch (IOException full) {
            rewriteFrom = 2 * file.length();
        }
    }

    private List<LogRecord> needed(long nowMillis) {
        seen.sweep(nowMillis);
        List<LogRecord> records = new ArrayList<>();
        for (Dedupe.Seen one : seen.all()) {
            LogRecord.Builder record = LogRecord.newBuilder().setKind(LogKind.LOG_SEEN).setMessageId(one.messageId())
                    .setKeepUntilMs(one.keepUntilMillis()).setBcastSeq(one.broadcast());
            Stored waiting = unshown.get(one.messageId());
            if (waiting != null) {
                record.setKind(LogKind.LOG_RECEIVED).setPush(waiting.push().toByteString());
            }
            records.add(record.build());
            if (waiting != null && waiting.inDoubt()) {
                records.add(LogRecord.newBuilder().setKind(LogKind.LOG_SHOWING).setMessageId(one.messageId()).build());
            }
        }
        return records;
    }

    private void load(LogRecord record) {
        long id = record.getMessageId();
        switch (record.getKind()) {
            case LOG_RECEIVED :
                seen.add(id, record.getKeepUntilMs(), record.getBcastSeq(), 0);
                loadPush(id, record);
                break;
            case LOG_SHOWING :
                Stored waiting = unshown.get(id);
                if (waiting != null) {
                    unshown.put(id, new Stored(waiting.push(), true));
                }
                break;
            case LOG_DECLINED :
                Stored back = unshown.get(id);
                if (back != null) {
                    unshown.put(id, new Stored(back.push(), false));
                }
                break;
            case LOG_SHOWN :
                Stored done = unshown.remove(id);
                unshownBytes -= done == null ? 0 : done.push().getSerializedSize();
                break;
            case LOG_SEEN :
                seen.add(id, record.getKeepUntilMs(), record.getBcastSeq(), 0);
                break;
            default :
                // A kind of a later version: nothing this one can use.
                break;
        }
    }

    private void loadPush(long id, LogRecord record) {
        try {
            Push push = Push.parseFrom(record.getPush());
            if (unshown.put(id, new Stored(push, false)) == null) {
                unshownBytes += push.getSerializedSize();
            }
        } catch (InvalidProtocolBufferException broken) {
            // Its checksum fits, so this process wrote it so: it can never be shown, and its id stays.
            unshown.remove(id);
        }
    }
}
