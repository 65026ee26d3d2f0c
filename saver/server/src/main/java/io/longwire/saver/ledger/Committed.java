package io.longwire.saver.ledger;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.google.protobuf.ByteString;
import io.longwire.keeper.clock.Clock;
import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * Rows of msg_log that this saver saw committed in the last 10 min, at most {@value #MOST} (some 150 B each), so that
 * an ack that follows soon needs no look into the ledger. It says only that the row is there, never that it has not
 * ended: that is what the insert of the end finds out. An entry leaves when an end was written, so what is asked a
 * second time is read. Thread-safe.
 */
public final class Committed {
    static final int MOST = 100_000;
    private static final Duration KEPT = Duration.ofMinutes(10);

    /** What an end needs to know of its message. */
    record Row(int app, long storedAt, int kind, long ref, int bytes, ByteString trace) {
    }

    private final Cache<MessageKey, Row> rows;
    private final IdAge age;

    public Committed(Clock clock) {
        this.rows = Caffeine.newBuilder().maximumSize(MOST).expireAfterWrite(KEPT).ticker(clock::nanos).build();
        this.age = new IdAge(clock);
    }

    /** The row is committed. */
    public void add(MessageRow row) {
        rows.put(row.key(), new Row(row.app(), row.storedAt(), row.kind(), row.ref(), row.body().length,
                Traces.of(row.kind(), row.body())));
    }

    /** Null = look into the ledger; always for an id older than 10 min. */
    @Nullable
    Row get(MessageKey key) {
        return age.stale(key.message()) ? null : rows.getIfPresent(key);
    }

    void forget(MessageKey key) {
        rows.invalidate(key);
    }
}
