package io.longwire.sdk.policy;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The newest message of each collapse key, and the one of it that is on the screen. Kept as {@link Dedupe} keeps ids:
 * until the messages of a key cannot come any more, the {@link #NEWEST} keys used last in any case, never more than
 * {@link #CAP}: then the longest unused go early, which lets an older message be shown after a newer one only if the
 * platform sends one that it had collapsed. At most 300 bytes a key. Belongs to its owner, who guards it.
 */
public final class CollapseKeys {
    /** So many keys are kept whatever their age. */
    public static final int NEWEST = 1_024;
    /** More are never kept. */
    public static final int CAP = 4_096;

    private static final int SWEEP_EVERY = 256;

    private final Map<ByteString, Line> lines = new LinkedHashMap<>();
    private int sinceSweep;

    /** What is known of one key. */
    public static final class Line {
        private final ByteString key;
        private long newest;
        private long onScreen;
        private long keepUntilMillis;

        Line(ByteString key) {
            this.key = key;
        }

        public ByteString key() {
            return key;
        }

        public long newest() {
            return newest;
        }

        /** The message that the app was called with last; 0 = none, or it was taken back. */
        public long onScreen() {
            return onScreen;
        }

        public long keepUntilMillis() {
            return keepUntilMillis;
        }
    }

    /** What is known of the key, or null. */
    public @Nullable Line find(ByteString key) {
        return lines.get(key);
    }

    /** A message of this key was seen. */
    public void arrived(ByteString key, long messageId, long keepUntilMillis, long nowMillis) {
        Line line = lines.remove(key);
        if (line == null) {
            line = new Line(key);
        }
        line.newest = Math.max(line.newest, messageId);
        line.keepUntilMillis = Math.max(line.keepUntilMillis, keepUntilMillis);
        lines.put(key, line);
        if (++sinceSweep >= SWEEP_EVERY || lines.size() > CAP) {
            sweep(nowMillis);
        }
    }

    /** The app is called with this message of the key. */
    public void onScreen(ByteString key, long messageId) {
        Line line = lines.get(key);
        if (line != null) {
            line.onScreen = messageId;
        }
    }

    /** Another message stands where this one stood, of whatever key; 0 = none does. */
    public void moved(long from, long to) {
        for (Line line : lines.values()) {
            if (line.onScreen == from) {
                line.onScreen = to;
            }
        }
    }

    /** Forgets what need not be kept any longer. */
    public void sweep(long nowMillis) {
        sinceSweep = 0;
        int spare = lines.size() - NEWEST;
        // Some more than it must be, so that a full set is not walked with each message.
        int over = lines.size() <= CAP ? 0 : lines.size() - CAP + SWEEP_EVERY;
        Iterator<Line> longestUnusedFirst = lines.values().iterator();
        while (spare > 0 && longestUnusedFirst.hasNext()) {
            Line one = longestUnusedFirst.next();
            if (over > 0 || one.keepUntilMillis <= nowMillis) {
                longestUnusedFirst.remove();
            }
            over--;
            spare--;
        }
    }

    /** All that is remembered, the longest unused first. */
    public List<Line> all() {
        return new ArrayList<>(lines.values());
    }

    public int size() {
        return lines.size();
    }
}
