package io.longwire.center.products;

import io.longwire.rpc.saver.AppRecord;
import io.longwire.rpc.saver.CreateAppRequest;
import io.longwire.rpc.saver.CreateKeyRequest;
import io.longwire.rpc.saver.KeyRecord;
import io.longwire.rpc.saver.ListAppsReply;
import java.util.concurrent.CompletableFuture;

/** Where apps and keys are made; the savers. Futures fail with RpcFailure within their deadline. */
public interface ProductStore {
    CompletableFuture<AppRecord> createApp(CreateAppRequest request);

    CompletableFuture<ListAppsReply> apps();

    CompletableFuture<KeyRecord> createKey(CreateKeyRequest request);
}
