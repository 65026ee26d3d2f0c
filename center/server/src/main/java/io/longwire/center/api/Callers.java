package io.longwire.center.api;

import com.google.protobuf.Message;
import io.longwire.center.access.ApiKeys;
import io.longwire.center.access.Apps;
import io.longwire.center.access.Caller;
import io.longwire.center.access.Quotas;
import io.longwire.center.access.Scope;
import io.longwire.rpc.saver.AppRecord;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.IntFunction;

import org.jspecify.annotations.Nullable;

/** Lets callers in: whose key it is, and whether it may do this. Thread-safe, never blocks. */
public final class Callers {
    private final ApiKeys keys;
    private final Apps apps;
    private final Quotas quotas;

    public Callers(ApiKeys keys, Apps apps, Quotas quotas) {
        this.keys = keys;
        this.apps = apps;
        this.quotas = quotas;
    }

    /** Work within the app of a key that has this scope. */
    public <A extends Message> CompletableFuture<A> as(Call call, Scope scope,
            IntFunction<CompletableFuture<A>> work) {
        return caller(call).thenCompose(caller -> work.apply(caller.app(scope)));
    }

    /** The same, with the app's record. */
    public <A extends Message> CompletableFuture<A> withApp(Call call, Scope scope,
            Function<AppRecord, CompletableFuture<A>> work) {
        return caller(call).thenCompose(caller -> apps.app(caller.app(scope))).thenCompose(work);
    }

    /** Work of the operator. */
    public <A extends Message> CompletableFuture<A> asAdmin(Call call, Function<Caller, CompletableFuture<A>> work) {
        return caller(call).thenCompose(caller -> {
            caller.mustBeAdmin();
            return work.apply(caller);
        });
    }

    /** Whoever it is: what the caller may do is up to the work. */
    public CompletableFuture<Caller> caller(Call call) {
        return keys.caller(call.authorization(), call.address()).thenCompose(caller -> caller.admin()
                ? CompletableFuture.completedFuture(caller)
                : apps.app(caller.appId()).handle((app, unknown) -> look(call, caller, app)));
    }

    // Every answer says what is left, also of a call that takes nothing.
    private Caller look(Call call, Caller caller, @Nullable AppRecord app) {
        if (app != null) {
            call.quota(quotas.take(app.getAppId(), app.getSendsPerSecond(), 0));
        }
        return caller;
    }
}
