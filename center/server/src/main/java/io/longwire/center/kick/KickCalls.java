package io.longwire.center.kick;

import io.longwire.center.access.Scope;
import io.longwire.center.api.Callers;
import io.longwire.center.api.Calls;
import io.longwire.center.api.Feature;
import io.longwire.rpc.center.KickAliasRequest;
import io.longwire.rpc.center.KickConnectionRequest;
import io.longwire.rpc.center.KickEndpointRequest;

/** The calls that end sessions. Thread-safe, never blocks. */
public record KickCalls(Callers callers, Kicks kicks) implements Feature {
    @Override
    public void register(Calls.Table table) {
        table.call("KickEndpoint", KickEndpointRequest.getDefaultInstance(),
                (call, request) -> callers.as(call, Scope.KICK, app -> kicks.endpoint(app, request)));
        table.call("KickAlias", KickAliasRequest.getDefaultInstance(),
                (call, request) -> callers.as(call, Scope.KICK, app -> kicks.alias(app, request)));
        table.call("KickConnection", KickConnectionRequest.getDefaultInstance(), (call, request) -> callers
                .asAdmin(call, caller -> kicks.connection(request, call.origin())));
    }
}
