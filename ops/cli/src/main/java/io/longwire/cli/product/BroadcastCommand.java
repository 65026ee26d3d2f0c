package io.longwire.cli.product;

import io.longwire.center.client.BroadcastState;
import io.longwire.center.client.Broadcasts;
import io.longwire.center.client.LongwireBackend;
import io.longwire.center.client.Page;
import io.longwire.center.client.call.Answer;
import io.longwire.cli.terminal.Connection;
import io.longwire.cli.terminal.Output;
import io.longwire.cli.terminal.Table;
import java.util.ArrayList;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** One message to every endpoint of the app, or to an audience. */
@Command(name = "broadcast", mixinStandardHelpOptions = true,
        description = "One message to every endpoint of the app, or to an audience.",
        subcommands = {BroadcastSend.class, BroadcastWatch.class})
public final class BroadcastCommand implements Runnable {
    private static final int PAGE = 100;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "send, get, list, watch, pause, resume, cancel, pace, advance,"
                + " approve or revoke is missing");
    }

    @Command(name = "get", mixinStandardHelpOptions = true, description = "Shows how far it is.")
    void get(@Mixin Connection connection, @Mixin Output output,
            @Parameters(paramLabel = "BROADCAST") String broadcastId) {
        try (LongwireBackend backend = connection.asProduct()) {
            BroadcastState state = backend.broadcasts().get(broadcastId).await();
            output.print(state, () -> BroadcastText.report(state).forEach(output::line));
        }
    }

    @Command(name = "list", mixinStandardHelpOptions = true, description = "Lists the broadcasts of the app.")
    void list(@Mixin Connection connection, @Mixin Output output,
            @Option(names = "--active", description = "Only those that are not over.") boolean active,
            @Option(names = "--limit", defaultValue = "100",
                    description = "How many of the newest (default: ${DEFAULT-VALUE}).") int limit) {
        var all = new ArrayList<BroadcastState>();
        try (LongwireBackend backend = connection.asProduct()) {
            String cursor = "";
            do {
                Page<BroadcastState> page = backend.broadcasts()
                        .list(cursor, Math.clamp(limit - all.size(), 1, PAGE), active).await();
                all.addAll(page.items());
                cursor = page.cursor();
            } while (!cursor.isEmpty() && all.size() < limit);
        }
        var table = new Table("BROADCAST", "STATE", "STAGE", "CREATED", "EXPIRES", "LABEL", "REASON");
        all.forEach(one -> table.row(one.broadcastId(), one.state(), one.stage(), Output.time(one.created()),
                Output.time(one.expires()), one.label(), one.reason()));
        output.list(all, table);
    }

    @Command(name = "pause", mixinStandardHelpOptions = true,
            description = "Nothing more is written until it is resumed.")
    void pause(@Mixin Connection connection, @Mixin Output output,
            @Parameters(paramLabel = "BROADCAST") String broadcastId, @Mixin Reason reason) {
        change(connection, output, all -> all.pause(broadcastId, reason.text));
    }

    @Command(name = "resume", mixinStandardHelpOptions = true, description = "It goes on where it was.")
    void resume(@Mixin Connection connection, @Mixin Output output,
            @Parameters(paramLabel = "BROADCAST") String broadcastId, @Mixin Reason reason) {
        change(connection, output, all -> all.resume(broadcastId, reason.text));
    }

    @Command(name = "cancel", mixinStandardHelpOptions = true,
            description = "Nobody gets it any more; who has it keeps it.")
    void cancel(@Mixin Connection connection, @Mixin Output output,
            @Parameters(paramLabel = "BROADCAST") String broadcastId, @Mixin Reason reason) {
        change(connection, output, all -> all.cancel(broadcastId, reason.text));
    }

    @Command(name = "pace", mixinStandardHelpOptions = true,
            description = "Another pace from now on; without options as fast as the rooms can.")
    void pace(@Mixin Connection connection, @Mixin Output output,
            @Parameters(paramLabel = "BROADCAST") String broadcastId, @Mixin PaceOptions pace) {
        change(connection, output, all -> all.pace(broadcastId, pace.pace()));
    }

    @Command(name = "advance", mixinStandardHelpOptions = true,
            description = "From the canary to everybody, without waiting for the end of its hold.")
    void advance(@Mixin Connection connection, @Mixin Output output,
            @Parameters(paramLabel = "BROADCAST") String broadcastId, @Mixin Reason reason) {
        change(connection, output, all -> all.advance(broadcastId, reason.text));
    }

    @Command(name = "approve", mixinStandardHelpOptions = true, description = "With the operator's key: lets one go "
            + "that is larger than its app may send without.")
    void approve(@Mixin Connection connection, @Mixin Output output,
            @Parameters(paramLabel = "BROADCAST") String broadcastId, @Mixin Reason reason) {
        try (LongwireBackend backend = connection.asOperator()) {
            tell(output, backend.broadcasts().approve(broadcastId, reason.text).await());
        }
    }

    @Command(name = "revoke", mixinStandardHelpOptions = true, description = "Cancels it, and has every phone that has "
            + "it take it back. Prints the broadcast that does so.")
    void revoke(@Mixin Connection connection, @Mixin Output output,
            @Parameters(paramLabel = "BROADCAST") String broadcastId, @Mixin Reason reason) {
        change(connection, output, all -> all.revoke(broadcastId, reason.text));
    }

    private static void change(Connection connection, Output output,
            Function<Broadcasts, Answer<BroadcastState>> change) {
        try (LongwireBackend backend = connection.asProduct()) {
            tell(output, change.apply(backend.broadcasts()).await());
        }
    }

    private static void tell(Output output, BroadcastState state) {
        output.print(state, () -> output.line(BroadcastText.sentence(state)));
    }

    /** Why. */
    static final class Reason {
        @Option(names = "--reason", paramLabel = "TEXT", defaultValue = "", description = "For the audit log.")
        private String text = "";
    }
}
