package io.longwire.center.broadcast;

import io.longwire.center.access.Scope;
import io.longwire.center.api.Call;
import io.longwire.center.api.Callers;
import io.longwire.center.api.Calls;
import io.longwire.center.api.Feature;
import io.longwire.center.audit.Audit;
import io.longwire.rpc.center.BroadcastInfo;
import io.longwire.rpc.center.BroadcastName;
import io.longwire.rpc.center.ControlBroadcastRequest;
import io.longwire.rpc.center.CreateBroadcastRequest;
import io.longwire.rpc.center.ListBroadcastsRequest;
import io.longwire.rpc.center.PaceBroadcastRequest;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntFunction;
import java.util.function.Supplier;

/**
 * The calls about broadcasts. An app's key sees those of its app; the operator's any, and what it changes is recorded
 * before. Thread-safe, never blocks.
 */
public record BroadcastCalls(Callers callers, Broadcasts broadcasts, Controls controls, Watches watches,
        Audit audit)
        implements
            Feature {
    private static final Duration COUNT = Duration.ofSeconds(12);

    @Override
    public void register(Calls.Table table) {
        var control = ControlBroadcastRequest.getDefaultInstance();
        table.call("CreateBroadcast", CreateBroadcastRequest.getDefaultInstance(), (call, request) -> {
            call.mayTake(COUNT);
            return callers.withApp(call, Scope.SEND, app -> broadcasts.create(app, request, call::quota));
        });
        table.call("ListBroadcasts", ListBroadcastsRequest.getDefaultInstance(),
                (call, request) -> callers.caller(call).thenCompose(caller -> broadcasts
                        .list(caller.appOrAny(Scope.READ, request.getAppId()), request)));
        table.call("GetBroadcast", BroadcastName.getDefaultInstance(),
                (call, request) -> callers.caller(call).thenCompose(caller -> broadcasts
                        .get(caller.appOrAny(Scope.READ, 0), request.getBroadcastId())));
        table.stream("WatchBroadcast", BroadcastName.getDefaultInstance(), watches::begin);
        table.call("PauseBroadcast", control, (call, request) -> change(call, "pause", request,
                app -> controls.pause(app, request.getBroadcastId(), request.getReason())));
        table.call("ResumeBroadcast", control, (call, request) -> change(call, "resume", request,
                app -> controls.resume(app, request.getBroadcastId(), request.getReason())));
        table.call("CancelBroadcast", control, (call, request) -> change(call, "cancel", request,
                app -> controls.cancel(app, request.getBroadcastId(), request.getReason())));
        table.call("AdvanceBroadcast", control, (call, request) -> change(call, "advance", request,
                app -> controls.advance(app, request.getBroadcastId(), request.getReason())));
        table.call("RevokeBroadcast", control, (call, request) -> change(call, "revoke", request,
                app -> controls.revoke(app, request.getBroadcastId(), request.getReason())));
        table.call("PaceBroadcast", PaceBroadcastRequest.getDefaultInstance(), this::pace);
        table.call("ApproveBroadcast", control, this::approve);
    }

    private CompletableFuture<BroadcastInfo> pace(Call call, PaceBroadcastRequest request) {
        var pace = BroadcastRules.pace(request.getPace());
        var named = ControlBroadcastRequest.newBuilder().setBroadcastId(request.getBroadcastId())
                .setReason("rate_per_second " + pace.getRatePerSecond() + ", duration_s " + pace.getDurationS())
                .build();
        return change(call, "pace", named, app -> controls.pace(app, request.getBroadcastId(), pace));
    }

    private CompletableFuture<BroadcastInfo> approve(Call call, ControlBroadcastRequest request) {
        return callers.asAdmin(call, caller -> recorded(call, "approve", request,
                () -> controls.approve(request.getBroadcastId(), "admin", request.getReason())));
    }

    private CompletableFuture<BroadcastInfo> change(Call call, String action, ControlBroadcastRequest request,
            IntFunction<CompletableFuture<BroadcastInfo>> work) {
        return callers.caller(call).thenCompose(caller -> {
            int app = caller.appOrAny(Scope.SEND, 0);
            return caller.admin() ? recorded(call, action, request, () -> work.apply(app)) : work.apply(app);
        });
    }

    private CompletableFuture<BroadcastInfo> recorded(Call call, String action, ControlBroadcastRequest request,
            Supplier<CompletableFuture<BroadcastInfo>> work) {
        String reason = BroadcastRules.reason(request.getReason());
        return controls.appOf(request.getBroadcastId()).thenCompose(app -> audit.recorded(new Audit.Change(
                "broadcast." + action, app, request.getBroadcastId(), reason, call.origin()), work));
    }
}
