package io.longwire.cli.operator;

import io.longwire.cli.terminal.Connection;
import io.longwire.cli.terminal.Output;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The console in the browser: where it is; who may use it. */
@Command(name = "console", mixinStandardHelpOptions = true, subcommands = ConsoleUserCommand.class,
        description = "Tells the console's address, of a `longwire up` on this machine.")
public final class ConsoleCommand implements Runnable {
    @Mixin
    private Connection connection = new Connection();

    @Mixin
    private Output output = new Output();

    @Override
    public void run() {
        String address = connection.file().console();
        output.print(Map.of("console", address), () -> output.line(address));
    }
}
