package io.longwire.center.access;

import com.google.protobuf.ByteString;
import io.longwire.rpc.saver.AppRecord;
import io.longwire.rpc.saver.KeyRecord;
import java.util.concurrent.CompletableFuture;

/** Where keys and apps are kept; the savers. Futures fail with RpcFailure within their deadline. */
public interface Directory {
    /** app_id 0 = no such key. */
    CompletableFuture<KeyRecord> key(ByteString keyHash);

    /** Notes that a key was used, to the minute; whoever asks does not wait for it. */
    CompletableFuture<KeyRecord> used(ByteString keyHash, long atMillis);

    /** app_id 0 = no such app. */
    CompletableFuture<AppRecord> app(int appId);
}
