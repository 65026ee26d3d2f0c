package io.longwire.cli.operator;

import io.longwire.center.client.LongwireBackend;
import io.longwire.center.client.admin.AuditEntry;
import io.longwire.cli.terminal.Connection;
import io.longwire.cli.terminal.Output;
import io.longwire.cli.terminal.Table;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Who changed what. */
@Command(name = "audit-log", mixinStandardHelpOptions = true, description = "Shows what operators changed, the newest "
        + "first. Needs the operator's key.")
public final class AuditLogCommand implements Runnable {
    private static final int PAGE = 100;

    @Mixin
    private Connection connection = new Connection();

    @Mixin
    private Output output = new Output();

    @Option(names = "--app", paramLabel = "APP_ID", defaultValue = "0", description = "Of this app (default: of all).")
    private int app;

    @Option(names = "--limit", defaultValue = "100", description = "How many (default: ${DEFAULT-VALUE}).")
    private int limit;

    @Override
    public void run() {
        List<AuditEntry> all = new ArrayList<>();
        try (LongwireBackend backend = connection.asOperator()) {
            String cursor = "";
            do {
                var page = backend.admin().auditLog(app, cursor, Math.min(PAGE, limit - all.size())).await();
                all.addAll(page.entries());
                cursor = page.cursor();
            } while (!cursor.isEmpty() && all.size() < limit);
        }
        var table = new Table("AT", "ACTOR", "ACTION", "APP", "SUBJECT", "FROM", "DETAIL");
        all.forEach(one -> table.row(Output.time(one.at()), one.actor(), one.action(), one.appId(), one.subject(),
                one.address(), one.detail()));
        output.list(all, table);
    }
}
