package io.longwire.sdk.policy;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The messages an app has had. An id is kept until its message cannot come again (its expiry and a day), at least the
 * newest {@link #NEWEST}, at most {@link #CAP}: then the oldest go early, which costs a doubled showing only if the
 * platform sends such an old message again. About 120 bytes an id. Belongs to its owner, who guards it.
 */
public final class Dedupe {
    /** So many ids are kept whatever their age. */
    public static final int NEWEST = 1_024;
    /** More are never kept. */
    public static final int CAP = 16_384;
    /** How long an id outlives its message. */
    public static final long KEEP_MILLIS = 24 * 3_600_000L;

    /** The app was never called with it: it waits, or it is not to be shown. */
    public static final int NOT_GIVEN = 1;
    /** It was taken back. */
    public static final int REVOKED = 2;
    /** The app said that it was shown. */
    public static final int SHOWN = 4;
    /** The app said that the user opened it. */
    public static final int CLICKED = 8;

    private static final int SWEEP_EVERY = 256;

    private final Map<Long, Seen> seen = new LinkedHashMap<>();
    private int sinceSweep;

    /** One message that was had, and what became of it. */
    public static final class Seen {
        private final long messageId;
        private long keepUntilMillis;
        private long broadcast;
        private int flags;

        Seen(long messageId, long keepUntilMillis, long broadcast, int flags) {
            this.messageId = messageId;
            this.keepUntilMillis = keepUntilMillis;
            this.broadcast = broadcast;
            this.flags = flags;
        }

        public long messageId() {
            return messageId;
        }

        /** Unix ms, platform time. */
        public long keepUntilMillis() {
            return keepUntilMillis;
        }

        /** Its broadcast sequence; 0 = none. */
        public long broadcast() {
            return broadcast;
        }

        /** {@link Dedupe#NOT_GIVEN} and so on. */
        public int flags() {
            return flags;
        }

        public boolean has(int flag) {
            return (flags & flag) != 0;
        }

        /** Whether it is on the screen, as far as the app was told. */
        public boolean isGiven() {
            return !has(NOT_GIVEN | REVOKED);
        }

        public void set(int flag) {
            flags |= flag;
        }

        public void clear(int flag) {
            flags &= ~flag;
        }
    }

    /** The message, or null when it is not remembered. */
    public @Nullable Seen find(long messageId) {
        return seen.get(messageId);
    }

    public boolean contains(long messageId) {
        return seen.containsKey(messageId);
    }

    /**
     * Remembers the id; a second time changes nothing, but for the broadcast sequence of a message that was revoked or
     * replaced before it came.
     */
    public void add(long messageId, long keepUntilMillis, long broadcast, int flags, long nowMillis) {
        Seen known = seen.get(messageId);
        if (known != null) {
            if (known.broadcast == 0 && broadcast != 0) {
                known.broadcast = broadcast;
                known.keepUntilMillis = Math.max(known.keepUntilMillis, keepUntilMillis);
            }
            return;
        }
        seen.put(messageId, new Seen(messageId, keepUntilMillis, broadcast, flags));
        if (++sinceSweep >= SWEEP_EVERY || seen.size() >= CAP) {
            sweep(nowMillis);
        }
    }

    /** Forgets what need not be kept any longer. */
    public void sweep(long nowMillis) {
        sinceSweep = 0;
        int spare = seen.size() - NEWEST;
        // Some more than it must be, so that a full set is not walked with each message.
        int over = seen.size() < CAP ? 0 : seen.size() - CAP + SWEEP_EVERY;
        Iterator<Seen> oldestFirst = seen.values().iterator();
        while (spare > 0 && oldestFirst.hasNext()) {
            Seen one = oldestFirst.next();
            if (over > 0 || one.keepUntilMillis <= nowMillis) {
                oldestFirst.remove();
            }
            over--;
            spare--;
        }
    }

    /** Forgets the broadcast sequences, and no message. */
    public void forgetBroadcasts() {
        for (Seen one : seen.values()) {
            one.broadcast = 0;
        }
    }

    /** All that is remembered, oldest first. */
    public List<Seen> all() {
        return new ArrayList<>(seen.values());
    }

    public int size() {
        return seen.size();
    }
}
