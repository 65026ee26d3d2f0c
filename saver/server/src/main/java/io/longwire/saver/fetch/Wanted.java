package io.longwire.saver.fetch;

import io.longwire.rpc.saver.FetchItem;
import java.util.List;

/** A fetch within its bounds: at most 8 messages and 64 KiB, at most 264 ids skipped. */
record Wanted(long endpoint, List<Long> skip, int messages, int bytes) {
    static final int MAX_MESSAGES = 8;
    static final int MAX_BYTES = 64 << 10;
    private static final int MAX_SKIPPED = 8 + 256; // a window, and the acks that a room names as not confirmed

    static Wanted of(FetchItem item) {
        int messages = item.getMaxMessages();
        int bytes = item.getMaxBytes();
        List<Long> skip = item.getSkipIdsList();
        return new Wanted(item.getEndpointId(),
                skip.size() > MAX_SKIPPED ? skip.subList(0, MAX_SKIPPED) : skip,
                messages <= 0 ? MAX_MESSAGES : Math.min(messages, MAX_MESSAGES),
                bytes <= 0 ? MAX_BYTES : Math.min(bytes, MAX_BYTES));
    }
}
