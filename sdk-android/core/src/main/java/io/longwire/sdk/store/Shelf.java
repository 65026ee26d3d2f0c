package io.longwire.sdk.store;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.longwire.device.v1.Push;
import io.longwire.device.v1.PushKind;
import io.longwire.sdk.policy.CollapseKeys;
import io.longwire.sdk.policy.Dedupe;
import io.longwire.sdk.policy.Dedupe.Seen;
import io.longwire.sdk.store.MessageLog.Stored;
import io.longwire.sdk.store.v1.LogKind;
import io.longwire.sdk.store.v1.LogRecord;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the records of a message log add up to. Every change is a record: the methods that decide ({@link #arrival},
 * {@link #revocation}, {@link #showing}, {@link #report}) write one that says what is to happen, {@link #apply} does
 * it, and an opened file is applied in the same way. A record carries its decision and not its reasons, because the
 * reasons may have been forgotten by the time it is read again.
 *
 * <p>Guarded by its log.
 */
final class Shelf {
    /** Receipts that the platform does not know yet; the oldest go first. */
    static final int REPORTS = 1_024;

    private static final int SEEN_BYTES = 48;
    private static final int KEY_BYTES = 120;

    private final Dedupe seen = new Dedupe();
    private final CollapseKeys keys = new CollapseKeys();
    private final Map<Long, Stored> unshown = new LinkedHashMap<>();
    private final Set<Report> reports = new LinkedHashSet<>();
    private long unshownBytes;
    private long lostReports;

    Dedupe seen() {
        return seen;
    }

    Map<Long, Stored> unshown() {
        return unshown;
    }

    Set<Report> reports() {
        return reports;
    }

    /** Receipts that went because there were too many, since the log was opened. */
    long lostReports() {
        return lostReports;
    }

    /** What the file must hold, about. */
    long neededBytes() {
        return unshownBytes + (long) SEEN_BYTES * (seen.size() + reports.size()) + (long) KEY_BYTES * keys.size();
    }

    /** A new message came: {@code LOG_RECEIVED}, or {@code LOG_SEEN} if a newer one of its key was seen. */
    LogRecord arrival(Push push, long keepUntilMillis) {
        long id = push.getMessageId();
        LogRecord.Builder record = record(LogKind.LOG_RECEIVED, id).setKeepUntilMs(keepUntilMillis)
                .setBcastSeq(push.getBcastSeq());
        CollapseKeys.Line line = push.getCollapseKey().isEmpty() ? null : keys.find(push.getCollapseKey());
        if (line != null && line.newest() > id) {
            return record.setKind(LogKind.LOG_SEEN).setFlags(Dedupe.NOT_GIVEN).build();
        }
        long earlier = push.getReplaces() > 0 && push.getReplaces() < id ? push.getReplaces() : 0;
        if (earlier != 0) {
            record.addDrops(earlier);
            earlier = waits(earlier) ? inheritedFrom(earlier) : earlier;
        }
        if (line != null && waits(line.newest())) {
            record.addDrops(line.newest());
            earlier = earlier == 0 ? inheritedFrom(line.newest()) : earlier;
        }
        return record.setEarlierId(earlier).setPush(push.toByteString()).build();
    }

    private boolean waits(long id) {
        Stored one = unshown.get(id);
        return one != null && !one.inDoubt();
    }

    private long inheritedFrom(long id) {
        Stored one = unshown.get(id);
        return one == null ? 0 : earlier(one);
    }

    /** A revocation came that was not seen before; null: too late, the user had opened the message. */
    @Nullable
    LogRecord revocation(Push push, long keepUntilMillis) {
        if (isLate(push.getReplaces())) {
            return null;
        }
        Seen target = seen.find(push.getReplaces());
        LogRecord.Builder record = record(LogKind.LOG_REVOKED, push.getMessageId()).setKeepUntilMs(keepUntilMillis)
                .setEarlierId(push.getReplaces()).setBcastSeq(push.getBcastSeq());
        if (target != null && target.isGiven()) {
            record.setPush(push.toByteString());
        }
        return record.build();
    }

    /** Whether the user had opened this message before it was revoked. */
    boolean isLate(long id) {
        Seen target = seen.find(id);
        return target != null && target.has(Dedupe.CLICKED) && !target.has(Dedupe.REVOKED);
    }

    /** The turn of a stored message: {@code LOG_SHOWING}, or {@code LOG_SHOWN} when it is not to be shown any more. */
    LogRecord showing(Stored one) {
        long id = one.push().getMessageId();
        Seen known = seen.find(id);
        if ((known != null && known.has(Dedupe.REVOKED)) || isSuperseded(one.push())) {
            return record(LogKind.LOG_SHOWN, id).build();
        }
        return record(LogKind.LOG_SHOWING, id).setEarlierId(earlier(one)).build();
    }

    private boolean isSuperseded(Push push) {
        for (Stored other : unshown.values()) {
            Push newer = other.push();
            boolean sameKey = !push.getCollapseKey().isEmpty() && push.getCollapseKey().equals(newer.getCollapseKey());
            if (newer.getMessageId() > push.getMessageId() && newer.getKind() != PushKind.KIND_REVOKE
                    && (sameKey || newer.getReplaces() == push.getMessageId())) {
                return true;
            }
        }
        return false;
    }

    // What is on the screen where this one will stand; 0 = nothing.
    private long earlier(Stored one) {
        Seen named = seen.find(one.earlier());
        if (named != null && named.isGiven()) {
            return one.earlier();
        }
        // One in doubt counts as on the screen itself.
        CollapseKeys.Line line = one.inDoubt() ? null : keys.find(one.push().getCollapseKey());
        return line == null ? 0 : line.onScreen();
    }

    /** The app says what became of a message; null when it was not given that message, or said so before. */
    @Nullable
    LogRecord report(long id, int flag) {
        Seen known = seen.find(id);
        if (known == null || known.has(Dedupe.NOT_GIVEN | flag)) {
            return null;
        }
        return record(LogKind.LOG_REPORTED, id).setFlags(flag).setBcastSeq(known.broadcast()).build();
    }

    static LogRecord.Builder record(LogKind kind, long id) {
        return LogRecord.newBuilder().setKind(kind).setMessageId(id);
    }

    /** Does what the record says; a second time changes nothing. */
    void apply(LogRecord record, long nowMillis) {
        long id = record.getMessageId();
        switch (record.getKind()) {
            case LOG_RECEIVED :
                received(record, nowMillis);
                break;
            case LOG_SHOWING :
                shows(id, record.getEarlierId());
                break;
            case LOG_DECLINED :
                declined(id);
                break;
            case LOG_SHOWN :
                take(id);
                break;
            case LOG_SEEN :
                seen.add(id, record.getKeepUntilMs(), record.getBcastSeq(), record.getFlags(), nowMillis);
                break;
            case LOG_KEY :
                keys.arrived(record.getCollapseKey(), id, record.getKeepUntilMs(), nowMillis);
                keys.onScreen(record.getCollapseKey(), record.getEarlierId());
                break;
            case LOG_REVOKED :
                revoked(record, nowMillis);
                break;
            case LOG_REPORTED :
                reported(new Report(id, record.getBcastSeq(), record.getFlags()));
                break;
            case LOG_SENT :
                reports.remove(new Report(id, 0, record.getFlags()));
                break;
            default :
                // A kind of a later version: nothing this one can use.
                break;
        }
    }

    private void received(LogRecord record, long nowMillis) {
        long keepUntil = record.getKeepUntilMs();
        seen.add(record.getMessageId(), keepUntil, record.getBcastSeq(), record.getFlags() | Dedupe.NOT_GIVEN,
                nowMillis);
        for (long drop : record.getDropsList()) {
            if (waits(drop)) {
                take(drop);
            }
            seen.add(drop, keepUntil, 0, Dedupe.NOT_GIVEN, nowMillis);
        }
        Push push = push(record);
        if (push != null) {
            put(new Stored(push, false, record.getEarlierId()));
            if (!push.getCollapseKey().isEmpty()) {
                keys.arrived(push.getCollapseKey(), push.getMessageId(), keepUntil, nowMillis);
            }
        }
    }

    private void shows(long id, long earlier) {
        Stored one = unshown.get(id);
        if (one == null) {
            return;
        }
        put(new Stored(one.push(), true, earlier));
        Seen known = seen.find(id);
        if (known != null) {
            known.clear(Dedupe.NOT_GIVEN);
        }
        keys.onScreen(one.push().getCollapseKey(), id);
        if (earlier != 0) {
            keys.moved(earlier, id);
        }
    }

    private void declined(long id) {
        Stored one = unshown.get(id);
        if (one == null) {
            return;
        }
        put(new Stored(one.push(), false, one.earlier()));
        Seen known = seen.find(id);
        if (known != null) {
            known.set(Dedupe.NOT_GIVEN);
            if (known.has(Dedupe.REVOKED)) {
                takeWithRevocation(id);
            }
        }
        keys.moved(id, one.earlier());
    }

    // Revoked while the app was asked: it has shown nothing, so it need not be told.
    private void takeWithRevocation(long id) {
        take(id);
        for (Stored other : new ArrayList<>(unshown.values())) {
            if (other.push().getKind() == PushKind.KIND_REVOKE && other.push().getReplaces() == id) {
                take(other.push().getMessageId());
            }
        }
    }

    private void revoked(LogRecord record, long nowMillis) {
        long target = record.getEarlierId();
        seen.add(record.getMessageId(), record.getKeepUntilMs(), record.getBcastSeq(), Dedupe.NOT_GIVEN, nowMillis);
        seen.add(target, record.getKeepUntilMs(), 0, Dedupe.NOT_GIVEN, nowMillis);
        Seen known = seen.find(target);
        if (known != null) {
            known.set(Dedupe.REVOKED);
        }
        if (waits(target)) {
            take(target);
        }
        keys.moved(target, 0);
        Push push = push(record);
        if (push != null) {
            put(new Stored(push, false, target));
        }
    }

    private void reported(Report report) {
        Seen known = seen.find(report.messageId());
        if (known != null) {
            known.set(report.flag());
        }
        reports.add(report);
        if (reports.size() > REPORTS) {
            reports.remove(reports.iterator().next());
            lostReports++;
        }
    }

    private void put(Stored one) {
        if (unshown.put(one.push().getMessageId(), one) == null) {
            unshownBytes += one.push().getSerializedSize();
        }
    }

    private void take(long id) {
        Stored one = unshown.remove(id);
        unshownBytes -= one == null ? 0 : one.push().getSerializedSize();
    }

    // Null: there is none, or it is broken. Its checksum fits, so this process wrote it so: it can never be shown.
    private static @Nullable Push push(LogRecord record) {
        try {
            return record.getPush().isEmpty() ? null : Push.parseFrom(record.getPush());
        } catch (InvalidProtocolBufferException broken) {
            return null;
        }
    }

    /** The fewest records that add up to the same. */
    List<LogRecord> records(long nowMillis) {
        seen.sweep(nowMillis);
        keys.sweep(nowMillis);
        List<LogRecord> records = new ArrayList<>();
        for (Seen one : seen.all()) {
            Stored waiting = unshown.get(one.messageId());
            if (waiting == null) {
                records.add(of(one).setFlags(one.flags()).build());
            } else {
                stored(waiting, of(one).setFlags(one.flags()), records);
            }
        }
        for (Stored one : unshown.values()) {
            if (!seen.contains(one.push().getMessageId())) {
                LogRecord.Builder id = record(LogKind.LOG_SEEN, one.push().getMessageId());
                stored(one, id.setBcastSeq(one.push().getBcastSeq()), records);
            }
        }
        for (CollapseKeys.Line line : keys.all()) {
            records.add(record(LogKind.LOG_KEY, line.newest()).setCollapseKey(line.key()).setEarlierId(line.onScreen())
                    .setKeepUntilMs(line.keepUntilMillis()).build());
        }
        for (Report one : reports) {
            records.add(record(LogKind.LOG_REPORTED, one.messageId()).setFlags(one.flag())
                    .setBcastSeq(one.broadcast()).build());
        }
        return records;
    }

    private static LogRecord.Builder of(Seen one) {
        return record(LogKind.LOG_SEEN, one.messageId()).setKeepUntilMs(one.keepUntilMillis())
                .setBcastSeq(one.broadcast());
    }

    private static void stored(Stored waiting, LogRecord.Builder id, List<LogRecord> into) {
        ByteString push = waiting.push().toByteString();
        into.add(id.setKind(LogKind.LOG_RECEIVED).setPush(push).setEarlierId(waiting.earlier()).build());
        if (waiting.inDoubt()) {
            into.add(
                    record(LogKind.LOG_SHOWING, waiting.push().getMessageId()).setEarlierId(waiting.earlier()).build());
        }
    }
}
