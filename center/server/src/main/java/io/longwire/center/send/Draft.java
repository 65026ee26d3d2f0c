package io.longwire.center.send;

import com.google.protobuf.ByteString;
import io.longwire.device.v1.Priority;
import io.longwire.device.v1.PushKind;
import io.longwire.rpc.saver.Idempotency;

import org.jspecify.annotations.Nullable;

/**
 * A message that has passed every check and has neither id nor endpoint yet.
 *
 * @param ttlMillis 0 = TRANSIENT: only for who is online
 * @param idempotency null = the caller gave no key
 */
public record Draft(int appId, ByteString payload, long ttlMillis, Priority priority, Options options,
        @Nullable Idempotency idempotency) {

    /**
     * What else was asked for.
     *
     * @param fast accepted when a replica has it
     * @param collapseKey empty = none
     * @param replaces the message that this one stands for; 0 = none
     * @param lowWindowSeconds LOW: it goes at the latest after this time; else 0
     * @param trace of who sends it, as its envelope has it; empty = none
     * @param sealed the payload is not readable but for its endpoint
     */
    public record Options(boolean fast, ByteString collapseKey, long replaces, int lowWindowSeconds, PushKind kind,
            ByteString trace, boolean sealed) {
        /** Nothing. */
        public static final Options NONE = new Options(false, ByteString.EMPTY, 0, 0, PushKind.KIND_DATA,
                ByteString.EMPTY, false);
    }

    boolean isTransient() { return ttlMillis == 0; }

    boolean isLow() { return priority == Priority.PRIORITY_LOW; }

    Draft with(@Nullable Idempotency key) {
        return new Draft(appId, payload, ttlMillis, priority, options, key);
    }
}
