package io.longwire.center.send;

import io.longwire.center.access.EndpointNames;
import io.longwire.center.api.Problems;
import io.longwire.center.profile.Aliases;
import io.longwire.center.refuse.Refused;
import io.longwire.center.refuse.Why;
import io.longwire.rpc.center.TargetResult;
import io.longwire.rpc.saver.AppRecord;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;

/** Finds the endpoints behind a request's targets, each once. At most 16 aliases are asked for at a time. Stateless. */
public final class Resolver {
    private static final int AT_ONCE = 16;

    private final Aliases aliases;
    private final EndpointNames names;

    public Resolver(Aliases aliases, EndpointNames names) {
        this.aliases = aliases;
        this.names = names;
    }

    /**
     * What to send to, and what is refused already.
     *
     * @param recipients no endpoint twice
     * @param results of targets that nobody has, or that nobody could tell
     */
    record Resolved(List<Targets.Recipient> recipients, List<TargetResult> results) {
    }

    /** Fails with {@link Refused} when there are more endpoints than the app may send to at once. */
    CompletableFuture<Resolved> resolve(Targets targets, AppRecord app) {
        var names = targets.aliases();
        return Waves.run(names.size(), AT_ONCE, i -> ask(app.getAppId(), names.get(i)))
                .thenApply(found -> gather(targets, app, found));
    }

    private record Found(String alias, List<Long> endpoints, @Nullable TargetResult refused) {
    }

    private CompletableFuture<Found> ask(int appId, String alias) {
        return aliases.endpoints(appId, alias).handle((endpoints, failure) -> {
            if (failure != null) {
                return new Found(alias, List.of(), TargetResult.newBuilder().setTarget(alias)
                        .setStatus("unavailable").setProblem(Problems.problem(Problems.refused(failure))).build());
            }
            return new Found(alias, endpoints, endpoints.isEmpty() ? nobody(alias) : null);
        });
    }

    private static TargetResult nobody(String alias) {
        return Targets.unknown(alias, Refused.because(Why.UNKNOWN_ENDPOINT,
                "alias: " + Refused.shown(alias) + " (expected: one that an endpoint has)"));
    }

    private Resolved gather(Targets targets, AppRecord app, List<Found> found) {
        var byId = new LinkedHashMap<Long, Targets.Recipient>();
        var results = new ArrayList<>(targets.refused());
        targets.endpoints().forEach(recipient -> byId.putIfAbsent(recipient.endpointId(), recipient));
        for (Found alias : found) {
            if (alias.refused != null) {
                results.add(alias.refused);
            }
            for (long id : alias.endpoints) {
                byId.computeIfAbsent(id, key -> new Targets.Recipient(alias.alias,
                        names.text(app.getAppId(), id), id));
            }
        }
        Targets.checkCount(byId.size(), app);
        return new Resolved(List.copyOf(byId.values()), List.copyOf(results));
    }
}
