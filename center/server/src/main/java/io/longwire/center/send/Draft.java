package io.longwire.center.send;

import com.google.protobuf.ByteString;
import io.longwire.device.v1.Priority;
import io.longwire.rpc.saver.Idempotency;

import org.jspecify.annotations.Nullable;

/**
 * A message that has passed every check and has no id yet.
 *
 * @param endpoint the endpoint as the caller wrote it
 * @param ttlMillis 0 = TRANSIENT: only for who is online
 * @param idempotency null = the caller gave no key
 */
record Draft(int appId, long endpointId, String endpoint, ByteString payload, long ttlMillis, Priority priority,
        String collapseKey, @Nullable Idempotency idempotency) {

    boolean isTransient() { return ttlMillis == 0; }
}
