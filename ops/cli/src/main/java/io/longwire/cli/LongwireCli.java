package io.longwire.cli;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.longwire.center.client.call.BackendException;
import io.longwire.cli.demo.DemoCommand;
import io.longwire.cli.fleet.DescribeCommand;
import io.longwire.cli.fleet.HeapCommand;
import io.longwire.cli.fleet.HostCommand;
import io.longwire.cli.fleet.ProfileCommand;
import io.longwire.cli.fleet.RestartCommand;
import io.longwire.cli.fleet.SamplingCommand;
import io.longwire.cli.fleet.ThreadsCommand;
import io.longwire.cli.operator.AppCommand;
import io.longwire.cli.operator.AuditCommand;
import io.longwire.cli.operator.AuditLogCommand;
import io.longwire.cli.operator.ConfigCommand;
import io.longwire.cli.operator.ConsoleCommand;
import io.longwire.cli.operator.KeyCommand;
import io.longwire.cli.product.BanCommand;
import io.longwire.cli.product.BroadcastCommand;
import io.longwire.cli.product.CallbackCommand;
import io.longwire.cli.product.CancelCommand;
import io.longwire.cli.product.ConsumeCommand;
import io.longwire.cli.product.DeadLettersCommand;
import io.longwire.cli.product.EndpointCommand;
import io.longwire.cli.product.KickCommand;
import io.longwire.cli.product.ListCommand;
import io.longwire.cli.product.PresenceCommand;
import io.longwire.cli.product.PushCommand;
import io.longwire.cli.product.ReceiptsCommand;
import io.longwire.cli.product.RevokeCommand;
import io.longwire.cli.product.ScheduleCommand;
import io.longwire.cli.product.StatusCommand;
import io.longwire.cli.terminal.KeeperRefused;
import io.longwire.cli.terminal.Moments;
import io.longwire.cli.terminal.WrongUsage;
import io.longwire.keeper.config.ConfigException;
import io.longwire.keeper.service.StartFailure;
import io.longwire.sdk.LongwireException;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The {@code longwire} command. Exit codes: 0 done, 1 failed at its work, 2 wrong usage or could not start. */
@Command(name = "longwire", mixinStandardHelpOptions = true, version = "longwire 0.1.0",
        description = "A push platform that keeps one long connection to each phone and loses no accepted message.",
        subcommands = {
                DemoCommand.class, UpCommand.class, RunCommand.class, SecretsCommand.class, DeviceCommand.class,
                ShareListCommand.class,
                PushCommand.class, BroadcastCommand.class, ListCommand.class, StatusCommand.class, CancelCommand.class,
                RevokeCommand.class,
                ScheduleCommand.class, EndpointCommand.class, KickCommand.class, BanCommand.class,
                ReceiptsCommand.class, ConsumeCommand.class, PresenceCommand.class,
                CallbackCommand.class,
                DeadLettersCommand.class,
                AppCommand.class, KeyCommand.class, AuditCommand.class, AuditLogCommand.class,
                ConfigCommand.class, ConsoleCommand.class,
                DescribeCommand.class, ProfileCommand.class, ThreadsCommand.class, HeapCommand.class,
                SamplingCommand.class,
                RestartCommand.class, HostCommand.class})
public final class LongwireCli implements Runnable {
    @Spec
    private CommandSpec spec;

    LongwireCli() {
        this.spec = CommandSpec.create(); // picocli puts the real one here
    }

    public static void main(String[] args) {
        int code = 70; // a broken installation must end, too, whatever threads the parts have left
        try {
            code = run(terminal(System.out), terminal(System.err), args); // allowed: the command line prints
        } catch (Error broken) {
            terminal(System.err).println("longwire: broken: " + broken); // allowed: the command line prints
        } finally {
            if (!Interrupt.pending()) {
                System.exit(code);
            }
        }
    }

    private static PrintWriter terminal(PrintStream stream) {
        return new PrintWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8), true);
    }

    /** Runs one command line; what the process does but for the exit. */
    public static int run(PrintWriter out, PrintWriter err, String... args) {
        return new CommandLine(new LongwireCli()).setOut(out).setErr(err).setCaseInsensitiveEnumValuesAllowed(true)
                .registerConverter(Duration.class, Moments::duration)
                .setExecutionExceptionHandler((failure, command, _) -> explain(failure, command)).execute(args);
    }

    // What a person can mend is one sentence; anything else is a bug and shows where.
    private static int explain(Exception failure, CommandLine command) throws Exception {
        return switch (failure) {
            case ConfigException wrong -> sentence(command, wrong, 2);
            case StartFailure down -> sentence(command, down, 2);
            case WrongUsage wrong -> sentence(command, wrong, 2);
            case KeeperRefused refused -> sentence(command, refused, 1);
            case BackendException refused -> sentence(command, refused, 1);
            case StatusRuntimeException refused -> told(command, refused);
            case LongwireException refused -> sentence(command, refused, 1);
            default -> throw failure;
        };
    }

    // As a keeper or an agent says it; a value it cannot take is wrong usage.
    private static int told(CommandLine command, StatusRuntimeException refused) {
        String text = refused.getStatus().getDescription();
        command.getErr().println("longwire: " + (text == null ? refused.getStatus().getCode() : text));
        return refused.getStatus().getCode() == Status.Code.INVALID_ARGUMENT ? 2 : 1;
    }

    private static int sentence(CommandLine command, Exception failure, int code) {
        command.getErr().println("longwire: " + failure.getMessage());
        return code;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing");
    }
}
