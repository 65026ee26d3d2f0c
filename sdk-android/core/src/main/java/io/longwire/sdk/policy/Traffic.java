package io.longwire.sdk.policy;

import com.google.protobuf.MessageLite;
import io.longwire.device.FrameWriter;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * What each app has had of the connection since the process began: its messages and answers in, its uplinks and
 * profiles out, in frames and their bytes before TLS. Pings, acks and logins serve all apps and are nobody's. What
 * went through another app's connection is counted here for the app to ask, and reported by that other app.
 *
 * <p>The loop counts and reports; any thread may ask. At most {@link #APPS_MAX} apps are told apart.
 */
public final class Traffic {
    /** Apps that are told apart; the phone's own and its guests of a day are fewer. */
    static final int APPS_MAX = 128;
    private static final int IN_FRAMES = 0;
    private static final int IN_BYTES = 1;
    private static final int OUT_FRAMES = 2;
    private static final int OUT_BYTES = 3;
    private static final int WIDTH = 4;

    private final Map<Integer, Sum> apps = new ConcurrentHashMap<>();

    /** Of one app. */
    private static final class Sum {
        final AtomicLongArray all = new AtomicLongArray(WIDTH);
        final long[] own = new long[WIDTH]; // over this process's own connections
        final long[] sent = new long[WIDTH]; // of these, by the last report
        final long[] told = new long[WIDTH]; // of these, known to have arrived
    }

    /** Takes what was not reported yet. */
    public interface Visitor {
        void app(int appId, long framesIn, long bytesIn, long framesOut, long bytesOut);
    }

    /** A frame came for the app. */
    public void in(int appId, MessageLite frame, boolean lodged) {
        count(appId, IN_FRAMES, frame, lodged);
    }

    /** A frame of the app was sent. */
    public void out(int appId, MessageLite frame, boolean lodged) {
        count(appId, OUT_FRAMES, frame, lodged);
    }

    private void count(int appId, int at, MessageLite frame, boolean lodged) {
        Sum sum = apps.get(appId);
        if (sum == null) {
            if (apps.size() >= APPS_MAX) {
                return;
            }
            sum = new Sum();
            apps.put(appId, sum);
        }
        int bytes = FrameWriter.frameSize(frame);
        sum.all.incrementAndGet(at);
        sum.all.addAndGet(at + 1, bytes);
        if (!lodged) {
            sum.own[at]++;
            sum.own[at + 1] += bytes;
        }
    }

    /** Bytes that came for the app. Any thread. */
    public long bytesIn(int appId) {
        return of(appId, IN_BYTES);
    }

    /** Bytes that the app has sent. Any thread. */
    public long bytesOut(int appId) {
        return of(appId, OUT_BYTES);
    }

    private long of(int appId, int at) {
        Sum sum = apps.get(appId);
        return sum == null ? 0 : sum.all.get(at);
    }

    /** What is not known to be reported of this app; nothing is told of an app that had nothing. */
    public void news(int appId, Visitor visitor) {
        Sum sum = apps.get(appId);
        if (sum != null && (sum.own[IN_FRAMES] != sum.told[IN_FRAMES] || sum.own[OUT_FRAMES] != sum.told[OUT_FRAMES])) {
            System.arraycopy(sum.own, 0, sum.sent, 0, WIDTH);
            visitor.app(appId, sum.own[IN_FRAMES] - sum.told[IN_FRAMES], sum.own[IN_BYTES] - sum.told[IN_BYTES],
                    sum.own[OUT_FRAMES] - sum.told[OUT_FRAMES], sum.own[OUT_BYTES] - sum.told[OUT_BYTES]);
        }
    }

    /** What {@link #news} told last has arrived. */
    public void arrived() {
        for (Sum sum : apps.values()) {
            System.arraycopy(sum.sent, 0, sum.told, 0, WIDTH);
        }
    }
}
