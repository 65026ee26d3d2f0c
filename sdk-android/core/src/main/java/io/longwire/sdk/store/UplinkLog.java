package io.longwire.sdk.store;

import com.google.protobuf.ByteString;
import io.longwire.sdk.store.v1.UplinkKind;
import io.longwire.sdk.store.v1.UplinkRecord;
import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one app sends and the platform has not confirmed: at most {@link #COUNT} uplinks and {@link #BYTES} of bodies,
 * in one append-only file. An uplink is on the disk before it may be sent, under a seq that stays the same in every
 * try: by endpoint and seq the platform knows a double. The first seq of a new log is the platform's time in
 * milliseconds, the next ones follow without gaps; so a log that was lost does not use numbers again.
 *
 * <p>Belongs to the loop. The file is rewritten when it is four times what it must hold.
 */
public final class UplinkLog implements AutoCloseable {
    /** Uplinks that wait. */
    public static final int COUNT = 1_000;
    /** Bodies that wait, all together. */
    public static final int BYTES = 1 << 20;

    private static final long REWRITE_MIN_BYTES = 256 * 1024;
    private static final int RECORD_BYTES = 100;

    private final LogFile<UplinkRecord> file;
    private final Map<Long, UplinkRecord> waiting = new LinkedHashMap<>();
    private long lastSeq;
    private long bytes;
    private long rewriteFrom = REWRITE_MIN_BYTES;

    private UplinkLog(File file, boolean sync) throws IOException {
        List<UplinkRecord> records = new ArrayList<>();
        this.file = LogFile.open(file, sync, UplinkRecord.parser(), records);
        for (UplinkRecord record : records) {
            apply(record);
        }
    }

    static UplinkLog open(File file, boolean sync) throws IOException {
        return new UplinkLog(file, sync);
    }

    /** Whether one more with so large a body may wait. */
    public boolean hasRoomFor(int bodyBytes) {
        return waiting.size() < COUNT && bytes + bodyBytes <= BYTES;
    }

    /**
     * Keeps an uplink; when this returns it may be sent.
     *
     * @param nowMillis platform time
     * @throws IOException it is not kept
     */
    public UplinkRecord add(String type, ByteString body, long expireAtMillis, long nowMillis) throws IOException {
        long seq = lastSeq == 0 ? Math.max(1, nowMillis) : lastSeq + 1;
        UplinkRecord record = UplinkRecord.newBuilder().setKind(UplinkKind.UPLINK_ADDED).setSeq(seq).setType(type)
                .setBody(body).setExpireAtMs(expireAtMillis).build();
        file.append(record, true);
        apply(record);
        return record;
    }

    /**
     * Forgets an uplink: the platform has it, or it is given up.
     *
     * @throws IOException it is forgotten only until the process ends
     */
    public void done(long seq) throws IOException {
        UplinkRecord record = UplinkRecord.newBuilder().setKind(UplinkKind.UPLINK_DONE).setSeq(seq).build();
        apply(record);
        file.append(record, false);
        rewriteWhenWasteful();
    }

    /** What waits, the oldest first. */
    public List<UplinkRecord> waiting() {
        return new ArrayList<>(waiting.values());
    }

    @Override
    public void close() throws IOException {
        file.close();
    }

    private void apply(UplinkRecord record) {
        lastSeq = Math.max(lastSeq, record.getSeq());
        if (record.getKind() == UplinkKind.UPLINK_ADDED) {
            forget(waiting.put(record.getSeq(), record));
            bytes += record.getBody().size();
        } else if (record.getKind() == UplinkKind.UPLINK_DONE) {
            forget(waiting.remove(record.getSeq()));
        }
    }

    private void forget(@Nullable UplinkRecord gone) {
        bytes -= gone == null ? 0 : gone.getBody().size();
    }

    // Fails on a full disk, say: the file stays as it is, which is whole, and the next try waits until it has doubled.
    private void rewriteWhenWasteful() {
        if (file.length() < rewriteFrom || file.length() < 4 * (bytes + (long) RECORD_BYTES * waiting.size())) {
            return;
        }
        List<UplinkRecord> records = new ArrayList<>(waiting.size() + 1);
        records.add(UplinkRecord.newBuilder().setKind(UplinkKind.UPLINK_LAST).setSeq(lastSeq).build());
        records.addAll(waiting.values());
        try {
            file.rewrite(records);
            rewriteFrom = REWRITE_MIN_BYTES;
        } catch (IOException full) {
            rewriteFrom = 2 * file.length();
        }
    }
}
