package io.longwire.cli.operator;

import io.longwire.center.client.LongwireBackend;
import io.longwire.center.client.admin.App;
import io.longwire.center.client.admin.Key;
import io.longwire.center.client.admin.NewKey;
import io.longwire.cli.terminal.Connection;
import io.longwire.cli.terminal.Output;
import io.longwire.cli.terminal.Table;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Products. */
@Command(name = "app", mixinStandardHelpOptions = true, description = "Products. Needs the operator's key.")
public final class AppCommand implements Runnable {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "create, update or list is missing");
    }

    /** What {@code app create} made. */
    record Created(App app, Key key) {
    }

    @Command(name = "create", mixinStandardHelpOptions = true, description = "Makes an app (once per name) and an API "
            + "key for its backend.")
    void create(@Mixin Connection connection, @Mixin Output output, @Mixin SettingsOptions settings,
            @Parameters(paramLabel = "NAME") String name) {
        try (LongwireBackend backend = connection.asOperator()) {
            App app = backend.admin().createApp(name, settings.settings()).await();
            Key key = backend.admin().createKey(NewKey.of(app.appId(), "cli")).await();
            output.print(new Created(app, key), () -> {
                output.line("app      " + app.name() + " (" + app.appId() + ")");
                output.line("app key  " + app.appKey() + "   for the SDK");
                output.line("api key  " + key.secret() + "   for the backend; shown only now");
            });
        }
    }

    @Command(name = "update", mixinStandardHelpOptions = true, description = "Changes the settings that are given.")
    void update(@Mixin Connection connection, @Mixin Output output, @Mixin SettingsOptions settings,
            @Parameters(paramLabel = "APP_ID") int appId) {
        try (LongwireBackend backend = connection.asOperator()) {
            App app = backend.admin().updateApp(appId, settings.settings()).await();
            output.list(List.of(app), table(List.of(app)));
        }
    }

    @Command(name = "list", mixinStandardHelpOptions = true, description = "Lists all apps.")
    void list(@Mixin Connection connection, @Mixin Output output) {
        try (LongwireBackend backend = connection.asOperator()) {
            List<App> apps = backend.admin().apps().await();
            output.list(apps, table(apps));
        }
    }

    private static Table table(List<App> apps) {
        var table = new Table("ID", "NAME", "APP KEY", "SENDS/S", "INBOX", "OVERFLOW", "MAX TTL", "FAN-OUT",
                "RECEIPTS");
        apps.forEach(app -> table.row(app.appId(), app.name(), app.appKey(), app.sendsPerSecond(),
                app.inboxMessages(), app.overflow(), app.maxTtl(), app.fanOut(), app.receipts()));
        return table;
    }
}
