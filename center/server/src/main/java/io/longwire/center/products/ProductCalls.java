package io.longwire.center.products;

import io.longwire.center.access.Caller;
import io.longwire.center.access.Scope;
import io.longwire.center.api.Call;
import io.longwire.center.api.Callers;
import io.longwire.center.api.Calls;
import io.longwire.center.api.Feature;
import io.longwire.rpc.center.CreateAppRequest;
import io.longwire.rpc.center.CreateKeyRequest;
import io.longwire.rpc.center.GetAppRequest;
import io.longwire.rpc.center.GetUsageRequest;
import io.longwire.rpc.center.ListAppsRequest;
import io.longwire.rpc.center.RevokeKeyRequest;
import io.longwire.rpc.center.UpdateAppRequest;

/** The operator's calls about apps and keys, and what an app uses. Thread-safe, never blocks. */
public record ProductCalls(Callers callers, Products products, Keys keys) implements Feature {
    @Override
    public void register(Calls.Table table) {
        table.call("CreateApp", CreateAppRequest.getDefaultInstance(),
                (call, request) -> callers.asAdmin(call, caller -> products.createApp(request, address(call))));
        table.call("ListApps", ListAppsRequest.getDefaultInstance(),
                (call, request) -> callers.asAdmin(call, caller -> products.listApps()));
        table.call("GetApp", GetAppRequest.getDefaultInstance(),
                (call, request) -> callers.asAdmin(call, caller -> products.app(request)));
        table.call("UpdateApp", UpdateAppRequest.getDefaultInstance(),
                (call, request) -> callers.asAdmin(call, caller -> products.updateApp(request, address(call))));
        table.call("CreateKey", CreateKeyRequest.getDefaultInstance(),
                (call, request) -> callers.asAdmin(call, caller -> keys.create(request, address(call))));
        table.call("ListKeys", GetAppRequest.getDefaultInstance(),
                (call, request) -> callers.asAdmin(call, caller -> keys.list(request)));
        table.call("RevokeKey", RevokeKeyRequest.getDefaultInstance(),
                (call, request) -> callers.asAdmin(call, caller -> keys.revoke(request, address(call))));
        table.call("GetUsage", GetUsageRequest.getDefaultInstance(), (call, request) -> callers.caller(call)
                .thenCompose((Caller caller) -> products.usage(caller.appOrAny(Scope.READ, request.getAppId()))));
    }

    private static String address(Call call) {
        return call.origin();
    }
}
