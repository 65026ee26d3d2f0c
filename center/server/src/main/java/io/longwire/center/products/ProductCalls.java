package io.longwire.center.products;

import io.longwire.center.api.Callers;
import io.longwire.center.api.Calls;
import io.longwire.center.api.Feature;
import io.longwire.rpc.center.CreateAppRequest;
import io.longwire.rpc.center.CreateKeyRequest;
import io.longwire.rpc.center.ListAppsRequest;

/** The operator's calls about apps and keys. Thread-safe, never blocks. */
public record ProductCalls(Callers callers, Products products) implements Feature {
    @Override
    public void register(Calls.Table table) {
        table.call("CreateApp", CreateAppRequest.getDefaultInstance(),
                (call, request) -> callers.asAdmin(call, caller -> products.createApp(request)));
        table.call("ListApps", ListAppsRequest.getDefaultInstance(),
                (call, request) -> callers.asAdmin(call, caller -> products.listApps()));
        table.call("CreateKey", CreateKeyRequest.getDefaultInstance(),
                (call, request) -> callers.asAdmin(call, caller -> products.createKey(request)));
    }
}
