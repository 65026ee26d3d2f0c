package io.longwire.cli;

import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Where a message is, and why; or whether an endpoint is online. */
@Command(name = "status", mixinStandardHelpOptions = true,
        description = "Shows the timeline of a message, or the state of an endpoint.")
final class StatusCommand implements Runnable {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private Connection connection = new Connection();

    @Parameters(arity = "1..2", paramLabel = "[MESSAGE] ENDPOINT",
            description = "A message id and its endpoint, or an endpoint alone.")
    private String[] ids = {};

    @Override
    public void run() {
        PrintWriter out = spec.commandLine().getOut();
        try (var api = connection.asProduct()) {
            if (ids.length == 1) {
                out.println(api.endpoint(ids[0]).toPrettyString());
                return;
            }
            var timeline = api.timeline(ids[0], ids[1]);
            timeline.milestones().forEach(stone -> out.println(TimelineWatch.line(timeline.messageId(), stone)));
            out.println(timeline.state() + ": " + timeline.why());
        }
    }
}
