package io.longwire.center.revoke;

import io.longwire.center.access.Scope;
import io.longwire.center.api.Callers;
import io.longwire.center.api.Calls;
import io.longwire.center.api.Feature;
import io.longwire.rpc.center.RevokeRequest;

/** The call that takes a message back. Thread-safe, never blocks. */
public record RevokeCalls(Callers callers, Revokes revokes) implements Feature {
    @Override
    public void register(Calls.Table table) {
        table.call("RevokeMessage", RevokeRequest.getDefaultInstance(),
                (call, request) -> callers.as(call, Scope.SEND, app -> revokes.revoke(app, request)));
    }
}
