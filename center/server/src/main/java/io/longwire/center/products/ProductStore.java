package io.longwire.center.products;

import io.longwire.rpc.saver.AppRecord;
import io.longwire.rpc.saver.CreateAppRequest;
import io.longwire.rpc.saver.CreateKeyRequest;
import io.longwire.rpc.saver.FindKeyRequest;
import io.longwire.rpc.saver.GetAppRequest;
import io.longwire.rpc.saver.KeyRecord;
import io.longwire.rpc.saver.ListAppsReply;
import io.longwire.rpc.saver.ListKeysReply;
import io.longwire.rpc.saver.UpdateAppRequest;
import io.longwire.rpc.saver.Usage;
import java.util.concurrent.CompletableFuture;

/** Where apps and keys are made; the savers. Futures fail with RpcFailure within their deadline. */
public interface ProductStore {
    CompletableFuture<AppRecord> createApp(CreateAppRequest request);

    /** Changes what the mask names; app_id 0 = no such app. */
    CompletableFuture<AppRecord> updateApp(UpdateAppRequest request);

    CompletableFuture<ListAppsReply> apps();

    CompletableFuture<KeyRecord> createKey(CreateKeyRequest request);

    /** All keys of the app, those that are dead too. */
    CompletableFuture<ListKeysReply> keys(GetAppRequest request);

    /** app_id 0 = no such key. */
    CompletableFuture<KeyRecord> revokeKey(FindKeyRequest request);

    CompletableFuture<Usage> usage(GetAppRequest request);
}
