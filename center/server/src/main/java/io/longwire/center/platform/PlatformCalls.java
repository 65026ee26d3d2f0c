package io.longwire.center.platform;

import io.longwire.center.api.Callers;
import io.longwire.center.api.Calls;
import io.longwire.center.api.Feature;
import io.longwire.rpc.center.GetPlatformRequest;

/** The call that shows the platform. Thread-safe, never blocks. */
public record PlatformCalls(Callers callers, Standings standings) implements Feature {
    @Override
    public void register(Calls.Table table) {
        table.call("GetPlatform", GetPlatformRequest.getDefaultInstance(),
                (call, request) -> callers.asAdmin(call, caller -> standings.all()));
    }
}
