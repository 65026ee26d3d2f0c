package io.longwire.bench.device;

import com.google.protobuf.ByteString;
import io.longwire.device.Code;
import io.longwire.device.Limits;
import io.longwire.device.v1.Uplink;
import io.longwire.device.v1.UplinkReply;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The uplinks of one device's first endpoint: numbers them, and takes the time to their replies. Exists only once the
 * device has sent one. Owned by its loop.
 */
final class DeviceUplinks {
    private static final int PLACES = 16; // a power of two, above what a room lets be open
    private static final String TOPIC = "bench";

    private final long[] sentNanos = new long[PLACES]; // by request, 0 = answered
    private long lastRequest;
    private long lastSeq;
    private int open;

    /** The next one, its body beginning with the nanoseconds; null when as many are open as may be. */
    @Nullable
    Uplink next(long endpointId, int size, long nanos, long wallMillis) {
        if (open == Limits.UPLINKS_CONNECTION || sentNanos[(int) (lastRequest + 1) & PLACES - 1] != 0) {
            return null;
        }
        open++;
        lastSeq = lastSeq == 0 ? wallMillis : lastSeq + 1;
        lastRequest++;
        sentNanos[(int) lastRequest & PLACES - 1] = nanos;
        return Uplink.newBuilder().setReqId(lastRequest).setEndpointId(endpointId).setSeq(lastSeq).setTopic(TOPIC)
                .setBody(ByteString.copyFrom(ByteBuffer.allocate(Math.max(Long.BYTES, size)).putLong(nanos).rewind()))
                .build();
    }

    void onReply(UplinkReply reply, long nanos, Tally tally) {
        int place = (int) reply.getReqId() & PLACES - 1;
        if (sentNanos[place] == 0) {
            tally.trouble("uplink: a reply to none");
            return;
        }
        if (reply.getCode() == Code.OK) {
            tally.uplinked(nanos - sentNanos[place]);
        } else {
            tally.trouble("uplink: " + Code.name(reply.getCode()));
        }
        sentNanos[place] = 0;
        open--;
    }

    /** The connection is over: what was open has no reply any more. */
    void dropped(Tally tally) {
        for (int i = 0; i < PLACES && open > 0; i++) {
            sentNanos[i] = 0;
        }
        if (open > 0) {
            tally.trouble("uplink: no reply");
        }
        open = 0;
    }
}
