package io.longwire.saver.append;

import com.google.protobuf.ByteString;
import io.longwire.rpc.saver.Idempotency;

/** A caller's idempotency key: SHA-256 of the key, of the request, and the app it belongs to. */
record IdemKey(int app, ByteString key, ByteString body) {
    static final int HASH_BYTES = 32;

    static IdemKey of(int app, Idempotency given) {
        return new IdemKey(app, given.getKeyHash(), given.getBodyHash());
    }

    boolean valid() {
        return key.size() == HASH_BYTES && body.size() == HASH_BYTES;
    }
}
