package io.longwire.center.send;

import io.longwire.center.access.Quota;
import io.longwire.center.access.Quotas;
import io.longwire.center.api.Problems;
import io.longwire.center.refuse.Refused;
import io.longwire.center.refuse.Why;
import io.longwire.rpc.center.SendReply;
import io.longwire.rpc.center.SendRequest;
import io.longwire.rpc.center.TargetResult;
import io.longwire.rpc.saver.AppRecord;
import io.longwire.rpc.saver.EndpointRecord;
import io.longwire.rpc.saver.GetEndpointRequest;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * What would become of a request: its targets are found, their records looked at (16 at a time), the quota too, and
 * nothing is taken, minted or stored. Thread-safe, never blocks.
 */
public final class DryRuns {
    private static final int AT_ONCE = 16;

    private final Rules rules;
    private final Resolver resolver;
    private final Quotas quotas;
    private final Function<GetEndpointRequest, CompletableFuture<EndpointRecord>> endpoints;

    public DryRuns(Rules rules, Resolver resolver, Quotas quotas,
            Function<GetEndpointRequest, CompletableFuture<EndpointRecord>> endpoints) {
        this.rules = rules;
        this.resolver = resolver;
        this.quotas = quotas;
        this.endpoints = endpoints;
    }

    /** For what is checked now and sent later: only the rules, since targets may come and go until then. */
    public CompletableFuture<SendReply> check(SendRequest request, AppRecord app) {
        rules.check(request, app);
        return CompletableFuture.completedFuture(SendReply.newBuilder().setStatus("dry_run").build());
    }

    /** @param fires when it would be sent; 0 = at once */
    CompletableFuture<SendReply> run(Rules.Checked checked, AppRecord app, long fires) {
        return resolver.resolve(checked.targets(), app).thenCompose(to -> {
            var recipients = to.recipients();
            Quota quota = quotas.look(app.getAppId(), app.getSendsPerSecond(), recipients.size());
            return Waves.run(recipients.size(), AT_ONCE, i -> i < quota.granted() || fires != 0
                    ? look(recipients.get(i), app.getAppId())
                    : CompletableFuture.completedFuture(refused(recipients.get(i), "over_quota",
                            Toll.exceeded(quota))))
                    .thenApply(results -> answer(checked, results, to.results(), fires));
        });
    }

    private static SendReply answer(Rules.Checked checked, List<TargetResult> results, List<TargetResult> refused,
            long fires) {
        var reply = SendReply.newBuilder().setStatus("dry_run").setFiresMs(fires);
        if (checked.targets().one()) {
            TargetResult result = results.getFirst();
            if (result.hasProblem()) {
                throw Problems.refused(result.getProblem()); // as a send would
            }
            return reply.setEndpoint(result.getEndpoint()).setAccepted(1).build();
        }
        return reply.addAllResults(results).addAllResults(refused)
                .setAccepted((int) results.stream().filter(result -> !result.hasProblem()).count()).build();
    }

    private CompletableFuture<TargetResult> look(Targets.Recipient to, int appId) {
        return endpoints.apply(GetEndpointRequest.newBuilder().setAppId(appId).setEndpointId(to.endpointId()).build())
                .handle((record, failure) -> failure != null
                        ? refused(to, "unavailable", Problems.refused(failure))
                        : looked(to, record));
    }

    private static TargetResult looked(Targets.Recipient to, EndpointRecord record) {
        return switch (record.getState()) {
            case ACTIVE -> TargetResult.newBuilder().setTarget(to.target()).setEndpoint(to.endpoint())
                    .setStatus("dry_run").build();
            case GONE -> refused(to, "blocked", Refused.because(Why.REJECTED,
                    "endpoint: " + to.endpoint() + " (expected: one that takes messages; gone)"));
            case ABSENT, UNRECOGNIZED -> refused(to, "unknown_endpoint",
                    Rules.unknownEndpoint("endpoint", to.endpoint()));
        };
    }

    private static TargetResult refused(Targets.Recipient to, String status, Refused why) {
        return TargetResult.newBuilder().setTarget(to.target()).setEndpoint(to.endpoint()).setStatus(status)
                .setProblem(Problems.problem(why)).build();
    }
}
