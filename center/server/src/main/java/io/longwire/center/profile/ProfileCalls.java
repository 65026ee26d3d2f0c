package io.longwire.center.profile;

import io.longwire.center.access.Scope;
import io.longwire.center.api.Callers;
import io.longwire.center.api.Calls;
import io.longwire.center.api.Feature;
import io.longwire.rpc.center.GetAliasRequest;
import io.longwire.rpc.center.GetEndpointRequest;
import io.longwire.rpc.center.UpdateProfileRequest;

/** The calls about profiles and aliases. Thread-safe, never blocks. */
public record ProfileCalls(Callers callers, Profiles profiles) implements Feature {
    @Override
    public void register(Calls.Table table) {
        table.call("GetProfile", GetEndpointRequest.getDefaultInstance(),
                (call, request) -> callers.as(call, Scope.READ, app -> profiles.get(app, request)));
        table.call("UpdateProfile", UpdateProfileRequest.getDefaultInstance(),
                (call, request) -> callers.as(call, Scope.MANAGE, app -> profiles.update(app, request)));
        table.call("GetAlias", GetAliasRequest.getDefaultInstance(),
                (call, request) -> callers.as(call, Scope.READ, app -> profiles.alias(app, request)));
    }
}
