package io.longwire.cli.operator;

import io.longwire.center.client.LongwireBackend;
import io.longwire.center.client.admin.Key;
import io.longwire.center.client.admin.NewKey;
import io.longwire.cli.terminal.Connection;
import io.longwire.cli.terminal.Output;
import io.longwire.cli.terminal.Table;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** API keys of apps. */
@Command(name = "key", mixinStandardHelpOptions = true,
        description = "API keys of an app; at most two live ones. Needs "
                + "the operator's key.")
public final class KeyCommand implements Runnable {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "create, list or revoke is missing");
    }

    @Command(name = "create", mixinStandardHelpOptions = true, description = "Makes a key; it is shown only now.")
    void create(@Mixin Connection connection, @Mixin Output output, @Parameters(paramLabel = "APP_ID") int appId,
            @Option(names = "--label", defaultValue = "cli", description = "For people.") String label,
            @Option(names = "--scope", split = ",",
                    description = "send, read, kick, manage, receive; none = all.") @Nullable List<String> scopes,
            @Option(names = "--expires-in", description = "E.g. 90d; none = never.") @Nullable Duration expiresIn,
            @Option(names = "--network", split = ",",
                    description = "CIDR it is good from; none = anywhere.") @Nullable List<String> networks) {
        NewKey wanted = NewKey.of(appId, label).scopes(scopes == null ? List.of() : scopes)
                .networks(networks == null ? List.of() : networks);
        try (LongwireBackend backend = connection.asOperator()) {
            Key key = backend.admin().createKey(expiresIn == null ? wanted : wanted.expiresIn(expiresIn)).await();
            output.print(key, () -> output.line("api key  " + key.secret() + "   shown only now; id " + key.keyId()));
        }
    }

    @Command(name = "list", mixinStandardHelpOptions = true, description = "Lists the keys of an app.")
    void list(@Mixin Connection connection, @Mixin Output output, @Parameters(paramLabel = "APP_ID") int appId) {
        try (LongwireBackend backend = connection.asOperator()) {
            List<Key> keys = backend.admin().keys(appId).await();
            output.list(keys, table(keys));
        }
    }

    @Command(name = "revoke", mixinStandardHelpOptions = true, description = "Ends a key; it is refused within 5 s.")
    void revoke(@Mixin Connection connection, @Mixin Output output, @Parameters(paramLabel = "APP_ID") int appId,
            @Parameters(paramLabel = "KEY_ID") String keyId) {
        try (LongwireBackend backend = connection.asOperator()) {
            Key key = backend.admin().revokeKey(appId, keyId).await();
            output.list(List.of(key), table(List.of(key)));
        }
    }

    private static Table table(List<Key> keys) {
        var table = new Table("KEY ID", "LABEL", "STATE", "SCOPES", "NETWORKS", "EXPIRES", "LAST USED");
        keys.forEach(key -> table.row(key.keyId(), key.label(), key.revoked() ? "revoked" : "live",
                String.join(",", key.scopes()), String.join(",", key.networks()), Output.time(key.expires()),
                Output.time(key.used())));
        return table;
    }
}
