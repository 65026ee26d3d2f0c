package io.longwire.center.uplink;

import com.google.protobuf.Message;
import io.longwire.center.access.Caller;
import io.longwire.center.access.Scope;
import io.longwire.center.api.Call;
import io.longwire.center.api.Callers;
import io.longwire.center.api.Calls;
import io.longwire.center.api.Feature;
import io.longwire.center.audit.Audit;
import io.longwire.center.audit.Audit.Change;
import io.longwire.center.refuse.Refused;
import io.longwire.rpc.center.CallbackName;
import io.longwire.rpc.center.FinishEventsRequest;
import io.longwire.rpc.center.PollEventsRequest;
import io.longwire.rpc.center.PutCallbackRequest;
import io.longwire.rpc.center.ReplyToEventRequest;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntFunction;

/**
 * Polls, replies and callbacks, of the key's app; the operator's key, of any, and then a change is in the audit log
 * first. Thread-safe, never blocks.
 */
public record UplinkCalls(Callers callers, Polls polls, CallbackSettings callbacks, Audit audit) implements Feature {
    private static final Duration AFTER_WAIT = Duration.ofSeconds(3);
    private static final Duration MOST_WAIT = Duration.ofSeconds(30);
    private static final Duration REPLY_TIME = Duration.ofSeconds(5);

    @Override
    public void register(Calls.Table table) {
        table.call("PollEvents", PollEventsRequest.getDefaultInstance(), (call, request) -> {
            Duration wait = Duration.ofMillis(Integer.toUnsignedLong(request.getWaitMs()));
            call.mayTake((wait.compareTo(MOST_WAIT) > 0 ? MOST_WAIT : wait).plus(AFTER_WAIT));
            return of(call, request.getAppId(), app -> polls.poll(app, request));
        });
        table.call("FinishEvents", FinishEventsRequest.getDefaultInstance(),
                (call, request) -> changes(call, request.getAppId(), new Told("event.finish", request.getType(), ""),
                        app -> polls.finish(app, request)));
        table.call("ReplyToEvent", ReplyToEventRequest.getDefaultInstance(), (call, request) -> {
            call.mayTake(REPLY_TIME);
            return changes(call, request.getAppId(), new Told("event.reply", "", ""), app -> polls.reply(app, request));
        });
        table.call("PutCallback", PutCallbackRequest.getDefaultInstance(),
                (call, request) -> changes(call, request.getAppId(), new Told("callback.put", request.getType(),
                        "url " + Refused.shown(request.getUrl()) + ", secrets " + request.getSecretsCount()),
                        app -> callbacks.put(app, request)));
        table.call("ListCallbacks", CallbackName.getDefaultInstance(),
                (call, request) -> of(call, request.getAppId(), app -> callbacks.list(app, request.getType())));
        table.call("DeleteCallback", CallbackName.getDefaultInstance(),
                (call, request) -> changes(call, request.getAppId(), new Told("callback.delete", request.getType(), ""),
                        app -> callbacks.delete(app, request.getType())));
    }

    /** What the audit log is told. */
    private record Told(String action, String type, String detail) {
    }

    private <A extends Message> CompletableFuture<A> of(Call call, int named, IntFunction<CompletableFuture<A>> work) {
        return callers.caller(call).thenCompose(caller -> work.apply(app(caller, named)));
    }

    private <A extends Message> CompletableFuture<A> changes(Call call, int named, Told told,
            IntFunction<CompletableFuture<A>> work) {
        return callers.caller(call).thenCompose(caller -> {
            int app = app(caller, named);
            return caller.admin()
                    ? audit.recorded(new Change(told.action, app, Refused.shown(told.type), told.detail,
                            call.origin()), () -> work.apply(app))
                    : work.apply(app);
        });
    }

    private static int app(Caller caller, int named) {
        int app = caller.appOrAny(Scope.RECEIVE, named);
        if (app == 0) {
            throw Refused.invalid("app_id", 0, "an app");
        }
        return app;
    }
}
