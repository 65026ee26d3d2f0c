package io.longwire.cli.product;

import io.longwire.center.client.Ban;
import io.longwire.center.client.Bans;
import io.longwire.center.client.LongwireBackend;
import io.longwire.center.client.Page;
import io.longwire.cli.terminal.Connection;
import io.longwire.cli.terminal.Output;
import io.longwire.cli.terminal.Table;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Who is kept out. */
@Command(name = "ban", mixinStandardHelpOptions = true,
        description = "Keeps endpoints and users out for a time; networks with the operator's key.")
public final class BanCommand implements Runnable {
    private static final int PAGE = 500;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "add, lift or list is missing");
    }

    @Command(name = "add", mixinStandardHelpOptions = true,
            description = "Bans an endpoint, all endpoints of a user, or a network; again: changes time and reason.")
    void add(@Mixin Connection connection, @Mixin Output output,
            @Parameters(index = "0", paramLabel = "ENDPOINT|USER|NETWORK",
                    description = "ep_..., a user of the app, or with --network 10.0.0.0/8.") String name,
            @Option(names = "--for",
                    description = "For so long, e.g. 7d; default: until it is lifted.") @Nullable Duration duration,
            @Option(names = "--reason", defaultValue = "", description = "What the phone is told.") String reason,
            @Option(names = "--network", description = "It is a network.") boolean network) {
        try (LongwireBackend backend = network ? connection.asOperator() : connection.asProduct()) {
            Bans bans = backend.bans();
            Ban ban = (network
                    ? bans.network(name, duration, reason)
                    : name.startsWith("ep_")
                            ? bans.endpoint(name, duration, reason)
                            : bans.alias(name, duration, reason))
                    .await();
            output.print(ban, () -> output.line("ban " + ban.id() + " of " + ban.subject() + " until "
                    + until(ban.until())));
        }
    }

    @Command(name = "lift", mixinStandardHelpOptions = true, description = "Ends a ban before its time.")
    void lift(@Mixin Connection connection, @Mixin Output output,
            @Parameters(index = "0", paramLabel = "BAN", description = "Its number.") String id,
            @Option(names = "--network", description = "It is a network's.") boolean network) {
        try (LongwireBackend backend = network ? connection.asOperator() : connection.asProduct()) {
            Ban ban = backend.bans().lift(id).await();
            output.print(ban, () -> output.line("lifted ban " + ban.id() + " of " + ban.subject()));
        }
    }

    @Command(name = "list", mixinStandardHelpOptions = true, description = "Lists those in force.")
    void list(@Mixin Connection connection, @Mixin Output output,
            @Option(names = "--network", description = "Those of networks.") boolean network) {
        List<Ban> all = new ArrayList<>();
        try (LongwireBackend backend = network ? connection.asOperator() : connection.asProduct()) {
            String cursor = "";
            do {
                Page<Ban> page = backend.bans().list(cursor, PAGE).await();
                all.addAll(page.items());
                cursor = page.cursor();
            } while (!cursor.isEmpty());
        }
        var table = new Table("BAN", "OF", "UNTIL", "REASON");
        all.forEach(one -> table.row(one.id(), one.subject(), until(one.until()), one.reason()));
        output.list(all, table);
    }

    private static String until(@Nullable Instant until) {
        return until == null ? "it is lifted" : Output.time(until);
    }
}
