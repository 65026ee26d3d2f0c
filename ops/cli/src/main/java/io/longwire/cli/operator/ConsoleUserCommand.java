package io.longwire.cli.operator;

import io.longwire.cli.terminal.Output;
import io.longwire.cli.terminal.Table;
import io.longwire.cli.terminal.WrongUsage;
import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.server.console.user.PasswordHash;
import io.longwire.keeper.server.console.user.Role;
import io.longwire.keeper.server.console.user.User;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The console's users, straight in ZooKeeper: this is how the first one comes. */
@Command(name = "user", mixinStandardHelpOptions = true,
        description = "Who may use the console. Talks to ZooKeeper, not to a keeper.")
public final class ConsoleUserCommand implements Runnable {
    private static final int RANDOM_BYTES = 12;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "add, list, role, password or remove is missing");
    }

    @Command(name = "add", mixinStandardHelpOptions = true,
            description = "Lets somebody sign in. Without a file with a password, one is made and shown.")
    void add(@Mixin ZooKeeperOptions zookeeper, @Mixin Output output,
            @Parameters(paramLabel = "NAME", description = User.NAME_RULE) String name,
            @Option(names = "--role", required = true, description = "viewer, operator or owner") Role role,
            @Option(names = "--password-file", paramLabel = "FILE",
                    description = "Its first line is the password.") @Nullable Path file) {
        if (!User.isName(name)) {
            throw new WrongUsage("NAME: " + name + " (expected: " + User.NAME_RULE + ")");
        }
        String password = password(file);
        var user = new User(name, role, PasswordHash.of(password), Clock.system().wallMillis());
        zookeeper.with(users -> {
            if (!users.add(user)) {
                throw new WrongUsage("NAME: " + name + " (expected: one that is not taken)");
            }
            told(output, user, file == null ? password : "");
        });
    }

    @Command(name = "list", mixinStandardHelpOptions = true, description = "Who may sign in.")
    void list(@Mixin ZooKeeperOptions zookeeper, @Mixin Output output) {
        zookeeper.with(users -> {
            List<User> all = users.all();
            var table = new Table("NAME", "ROLE", "CHANGED");
            all.forEach(user -> table.row(user.name(), user.role().label(),
                    Output.time(java.time.Instant.ofEpochMilli(user.changedMillis()))));
            output.list(all.stream().map(user -> Map.of("name", user.name(), "role", user.role().label(), "changed_ms",
                    user.changedMillis())).toList(), table);
        });
    }

    @Command(name = "role", mixinStandardHelpOptions = true, description = "Another role; ends the user's sessions.")
    void role(@Mixin ZooKeeperOptions zookeeper, @Mixin Output output, @Parameters(paramLabel = "NAME") String name,
            @Parameters(paramLabel = "ROLE", description = "viewer, operator or owner") Role role) {
        zookeeper.with(users -> {
            told(output, users.change(name, user -> user.in(role, Clock.system().wallMillis()))
                    .orElseThrow(() -> unknown(name)), "");
        });
    }

    @Command(name = "password", mixinStandardHelpOptions = true,
            description = "Another password; ends the user's sessions. Without a file, one is made and shown.")
    void password(@Mixin ZooKeeperOptions zookeeper, @Mixin Output output,
            @Parameters(paramLabel = "NAME") String name,
            @Option(names = "--password-file", paramLabel = "FILE",
                    description = "Its first line is the password.") @Nullable Path file) {
        String password = password(file);
        String hash = PasswordHash.of(password);
        zookeeper.with(users -> told(output, users.change(name, user -> user.with(hash, Clock.system().wallMillis()))
                .orElseThrow(() -> unknown(name)), file == null ? password : ""));
    }

    @Command(name = "remove", mixinStandardHelpOptions = true, description = "Ends the user and its sessions.")
    void remove(@Mixin ZooKeeperOptions zookeeper, @Mixin Output output,
            @Parameters(paramLabel = "NAME") String name) {
        zookeeper.with(users -> {
            if (!users.remove(name)) {
                throw unknown(name);
            }
            output.print(Map.of("removed", name), () -> output.line("removed " + name));
        });
    }

    private static void told(Output output, User user, String password) {
        Map<String, String> shown = password.isEmpty()
                ? Map.of("name", user.name(), "role", user.role().label())
                : Map.of("name", user.name(), "role", user.role().label(), "password", password);
        output.print(shown, () -> {
            output.line("user     " + user.name() + ", " + user.role().label());
            if (!password.isEmpty()) {
                output.line("password " + password + "   shown only now");
            }
        });
    }

    private static WrongUsage unknown(String name) {
        return new WrongUsage("NAME: " + name + " (expected: one of the console's users)");
    }

    private static String password(@Nullable Path file) {
        if (file == null) {
            byte[] random = new byte[RANDOM_BYTES];
            new SecureRandom().nextBytes(random);
            return HexFormat.of().formatHex(random);
        }
        try (var lines = Files.lines(file)) {
            Optional<String> first = lines.findFirst();
            if (first.isPresent() && PasswordHash.isPassword(first.get())) {
                return first.get();
            }
        } catch (IOException unreadable) {
            throw new WrongUsage("--password-file: " + file + " (expected: a readable file)");
        }
        throw new WrongUsage("--password-file: its first line (expected: " + PasswordHash.RULE + ")");
    }
}
