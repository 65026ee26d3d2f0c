package io.longwire.center.send;

import io.longwire.center.access.Quota;
import io.longwire.center.access.Quotas;
import io.longwire.center.refuse.Refused;
import io.longwire.device.id.MessageId;
import io.longwire.rpc.center.SendReply;
import io.longwire.rpc.center.SendRequest;
import io.longwire.rpc.saver.AppRecord;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * Sends what a request asks for: checks it, takes its quota, and goes the way of its target and options. Every request
 * to send comes through here, a schedule's and a dead letter's too. Thread-safe, never blocks.
 */
public final class Sends {
    private final Rules rules;
    private final Quotas quotas;
    private final Ways ways;
    private final Sender.Tools tools;

    /** The ways a request may go. */
    public record Ways(Resolver resolver, Sender sender, Multicast multicast, DryRuns dryRuns, Later later) {
    }

    public Sends(Rules rules, Quotas quotas, Ways ways, Sender.Tools tools) {
        this.rules = rules;
        this.quotas = quotas;
        this.ways = ways;
        this.tools = tools;
    }

    /** As {@link #send(SendRequest, AppRecord, Consumer)}, for who needs no headers. */
    public CompletableFuture<SendReply> send(SendRequest request, AppRecord app) {
        return send(request, app, quota -> {
        });
    }

    /**
     * Completes with the answer, or fails with {@link Refused}.
     *
     * @param used is told what was taken of the app's quota, before the future completes
     */
    public CompletableFuture<SendReply> send(SendRequest request, AppRecord app, Consumer<Quota> used) {
        try {
            return checked(request, app, used);
        } catch (RuntimeException refusedOrBug) {
            return CompletableFuture.failedFuture(refusedOrBug);
        }
    }

    private CompletableFuture<SendReply> checked(SendRequest request, AppRecord app, Consumer<Quota> used) {
        var checked = rules.check(request, app);
        long fires = request.getNotBefore().isEmpty()
                ? 0
                : NotBefore.millis(request.getNotBefore(), tools.clock().wallMillis(),
                        request.getIdempotencyKey());
        if (request.getDryRun()) {
            return ways.dryRuns().run(checked, app, fires);
        }
        if (fires != 0) {
            return ways.later().once(app, request, fires).thenApply(schedule -> SendReply.newBuilder()
                    .setStatus("scheduled").setScheduleId(MessageId.text(schedule.getScheduleId()))
                    .setFiresMs(schedule.getNextFireMs()).build());
        }
        var toll = new Toll(quotas, app, used, tools.metrics());
        if (checked.targets().one()) {
            toll.upTo(1);
            return ways.sender().send(checked.draft(), checked.targets().endpoints().getFirst())
                    .thenApply(Receipt::reply);
        }
        return ways.resolver().resolve(checked.targets(), app).thenCompose(to -> to.recipients().isEmpty()
                ? CompletableFuture.completedFuture(SendReply.newBuilder().setStatus("refused")
                        .addAllResults(to.results()).build())
                : ways.multicast().send(checked.draft(), to, toll));
    }
}
