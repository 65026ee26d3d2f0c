package io.longwire.cli.product;

import io.longwire.center.client.EndpointState;
import io.longwire.center.client.Funnel;
import io.longwire.center.client.LongwireBackend;
import io.longwire.center.client.Timeline;
import io.longwire.center.client.admin.PartStanding;
import io.longwire.cli.terminal.Connection;
import io.longwire.cli.terminal.Output;
import io.longwire.cli.terminal.Table;
import io.longwire.keeper.trace.Traceparent;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Where a message is, and why; how far one to several is; whether an endpoint is online; how the platform stands. */
@Command(name = "status", mixinStandardHelpOptions = true, description = "Shows the timeline of a message at an "
        + "endpoint, how far a message to several endpoints is, or the state of an endpoint. Without either "
        + "(operator): the platform's bounded queues, and what happened at their bounds.")
public final class StatusCommand implements Runnable {
    @Mixin
    private Connection connection = new Connection();

    @Mixin
    private Output output = new Output();

    @Parameters(arity = "0..2", paramLabel = "[MESSAGE] [ENDPOINT]",
            description = "A message, an endpoint (ep_...), or both; none = the platform.")
    private String[] ids = {};

    @Override
    public void run() {
        if (ids.length == 0) {
            platform();
            return;
        }
        try (LongwireBackend backend = connection.asProduct()) {
            if (ids.length == 2) {
                Timeline timeline = backend.timeline(ids[0], ids[1]).await();
                output.print(timeline, () -> tell(timeline));
            } else if (ids[0].startsWith("ep_")) {
                EndpointState state = backend.endpoints().state(ids[0]).await();
                output.print(state, () -> tell(state));
            } else {
                Funnel funnel = backend.funnel(ids[0]).await();
                output.print(funnel, () -> tell(funnel));
            }
        }
    }

    private void platform() {
        try (LongwireBackend backend = connection.asOperator()) {
            List<PartStanding> parts = backend.admin().platform().await();
            var table = new Table("INSTANCE", "BOUNDED", "HELD", "MOST", "HAPPENED THERE", "COUNTED BY");
            for (PartStanding part : parts) {
                if (!part.problem().isEmpty()) {
                    table.row(part.instance(), part.problem(), "", "", "", "");
                }
                for (PartStanding.Queue queue : part.queues()) {
                    table.row(part.instance(), queue.metric(), queue.held() == null ? "" : queue.held(), queue.most(),
                            queue.hitsMetric().isEmpty() ? "" : queue.hits(), queue.hitsMetric());
                }
            }
            output.list(parts, table);
        }
    }

    private void tell(Timeline timeline) {
        timeline.milestones().forEach(stone -> output.line(TimelineWatch.line(timeline.messageId(), stone)));
        output.line(timeline.state() + ": " + timeline.why());
        if (!timeline.traceparent().isEmpty()) {
            output.line("trace " + Traceparent.traceId(timeline.traceparent()) + " (" + timeline.traceparent() + ")");
        }
    }

    private void tell(Funnel funnel) {
        output.line(funnel.targets() + " targets, " + funnel.waiting() + " waiting");
        funnel.ended().forEach((how, count) -> output.line(count + " " + how));
        funnel.receipts().forEach((kind, count) -> output.line(count + " told " + kind));
        if (funnel.unknown() > 0) {
            output.line(funnel.unknown() + " refused when it was sent, or kept no longer");
        }
    }

    private void tell(EndpointState state) {
        output.line(state.endpoint() + " is " + state.state() + " (" + state.registered() + "), since "
                + Output.time(state.since()) + ", last seen " + Output.time(state.seen()));
        if (!state.room().isEmpty()) {
            output.line("connected to " + state.room());
        }
        output.line(state.waiting() + " messages wait for it"
                + (state.appRunning().equals("no") ? "; the app does not run" : ""));
    }
}
