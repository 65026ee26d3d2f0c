package io.longwire.center.api;

import com.google.protobuf.Message;
import io.longwire.center.access.ApiKeys;
import io.longwire.center.access.Apps;
import io.longwire.center.access.Caller;
import io.longwire.center.access.Quotas;
import io.longwire.center.access.Scope;
import io.longwire.center.refuse.Refused;
import io.longwire.rpc.saver.AppRecord;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/** Lets callers in: whose key it is, and whether it may do this. Thread-safe, never blocks. */
public final class Callers {
    private static final Pattern PERSON = Pattern.compile("[a-z0-9][a-z0-9._-]{0,31}@[0-9a-fA-F.:%]{2,60}");

    private final ApiKeys keys;
    private final Apps apps;
    private final Quotas quotas;
    private final Records records;

    /** Where it is written down what the operator does within an app, before it is done. */
    public interface Records {
        <A> CompletableFuture<A> recorded(String what, int appId, String origin,
                Supplier<CompletableFuture<A>> work);
    }

    public Callers(ApiKeys keys, Apps apps, Quotas quotas, Records records) {
        this.keys = keys;
        this.apps = apps;
        this.quotas = quotas;
        this.records = records;
    }

    /**
     * Work within the app of a key that has this scope, or within the one that the operator names in {@code
     * Longwire-App}: what that changes is recorded before.
     */
    public <A extends Message> CompletableFuture<A> as(Call call, Scope scope,
            IntFunction<CompletableFuture<A>> work) {
        return caller(call).thenCompose(caller -> within(call, caller, scope, work));
    }

    /** The same, with the app's record. */
    public <A extends Message> CompletableFuture<A> withApp(Call call, Scope scope,
            Function<AppRecord, CompletableFuture<A>> work) {
        return as(call, scope, app -> apps.app(app).thenCompose(work));
    }

    private <A extends Message> CompletableFuture<A> within(Call call, Caller caller, Scope scope,
            IntFunction<CompletableFuture<A>> work) {
        if (!caller.admin() || call.says().app().isEmpty()) {
            return work.apply(caller.app(scope));
        }
        int app = number(call.says().app());
        return scope == Scope.READ
                ? work.apply(app)
                : records.recorded(call.says().what(), app, call.origin(), () -> work.apply(app));
    }

    private static int number(String app) {
        try {
            int number = Integer.parseUnsignedInt(app);
            if (number != 0) {
                return number;
            }
        } catch (NumberFormatException none) {
            throw Refused.invalid("Longwire-App", app, "the number of an app");
        }
        throw Refused.invalid("Longwire-App", app, "the number of an app");
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
                ? CompletableFuture.completedFuture(believed(call, caller))
                : apps.app(caller.appId()).handle((app, unknown) -> look(call, caller, app)));
    }

    private static Caller believed(Call call, Caller operator) {
        String person = call.says().operator();
        if (!person.isEmpty() && !PERSON.matcher(person).matches()) {
            throw Refused.invalid("Longwire-Operator", person, "name@address, the name of 1 to 32 of a-z 0-9 . _ -");
        }
        call.believe();
        return operator;
    }

    // Every answer says what is left, also of a call that takes nothing.
    private Caller look(Call call, Caller caller, @Nullable AppRecord app) {
        if (app != null) {
            call.quota(quotas.take(app.getAppId(), app.getSendsPerSecond(), 0));
        }
        return caller;
    }
}
