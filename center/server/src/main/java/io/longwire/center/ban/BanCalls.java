package io.longwire.center.ban;

import io.longwire.center.access.Caller;
import io.longwire.center.api.Call;
import io.longwire.center.api.Callers;
import io.longwire.center.api.Calls;
import io.longwire.center.api.Feature;
import io.longwire.rpc.center.BanName;
import io.longwire.rpc.center.CreateBanRequest;
import io.longwire.rpc.center.ListBansRequest;

/** The calls about bans. Thread-safe, never blocks. */
public record BanCalls(Callers callers, Bans bans) implements Feature {
    @Override
    public void register(Calls.Table table) {
        table.call("CreateBan", CreateBanRequest.getDefaultInstance(), (call, request) -> callers.caller(call)
                .thenCompose((Caller caller) -> bans.create(caller, request, address(call))));
        table.call("ListBans", ListBansRequest.getDefaultInstance(), (call, request) -> callers.caller(call)
                .thenCompose((Caller caller) -> bans.list(caller, request)));
        table.call("LiftBan", BanName.getDefaultInstance(), (call, request) -> callers.caller(call)
                .thenCompose((Caller caller) -> bans.lift(caller, request, address(call))));
    }

    private static String address(Call call) {
        return call.origin();
    }
}
