package io.longwire.bench;

import io.longwire.bench.device.DevicesCommand;
import io.longwire.bench.figure.BadBackendFigure;
import io.longwire.bench.figure.BytesFigure;
import io.longwire.bench.figure.CenterBroadcastsFigure;
import io.longwire.bench.figure.DispatcherFigure;
import io.longwire.bench.figure.EventsOutFigure;
import io.longwire.bench.figure.FairShareFigure;
import io.longwire.bench.figure.LedgerCostFigure;
import io.longwire.bench.figure.ListUploadFigure;
import io.longwire.bench.figure.MulticastFigure;
import io.longwire.bench.figure.QueuedFigure;
import io.longwire.bench.figure.RegisterLookupFigure;
import io.longwire.bench.figure.RegisterTableFigure;
import io.longwire.bench.figure.RoomBroadcastFigure;
import io.longwire.bench.figure.RoomIdleFigure;
import io.longwire.bench.figure.RoomLoginFigure;
import io.longwire.bench.figure.RoomPingFigure;
import io.longwire.bench.figure.RoomUnicastFigure;
import io.longwire.bench.figure.SamplingFigure;
import io.longwire.bench.figure.SaverAppendFigure;
import io.longwire.bench.figure.TimelineFigure;
import io.longwire.bench.figure.UnicastBesideBroadcastFigure;
import io.longwire.bench.figure.UplinkFigure;
import io.longwire.bench.figure.WholePathFigure;
import io.longwire.bench.micro.MicroCommand;
import io.longwire.bench.rig.StoresCommand;
import io.longwire.keeper.config.ConfigException;
import io.longwire.keeper.service.StartFailure;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The {@code bench} command. Exit codes: 0 measured, 1 failed, 2 wrong usage or something did not start. */
@Command(name = "bench", mixinStandardHelpOptions = true, version = "bench 0.1.0",
        description = "Measures Longwire: one JSON line per figure.")
public final class BenchMain implements Runnable {
    @Spec
    private CommandSpec spec;

    BenchMain() {
        this.spec = CommandSpec.create(); // picocli puts the real one here
    }

    public static void main(String[] args) {
        System.exit(command().setOut(printer(System.out)) // allowed: the terminal
                .setErr(printer(System.err)) // allowed: the terminal
                .execute(args));
    }

    static CommandLine command() {
        var command = new CommandLine(new BenchMain());
        command.addSubcommand(new DevicesCommand());
        for (Object figure : new Object[]{new RoomIdleFigure(), new RoomLoginFigure(), new RoomPingFigure(),
                new RoomUnicastFigure(), new RegisterTableFigure(), new RegisterLookupFigure(), new DispatcherFigure(),
                new SaverAppendFigure(), new WholePathFigure(), new TimelineFigure(), new MulticastFigure(),
                new LedgerCostFigure(), new BytesFigure(), new FairShareFigure(), new RoomBroadcastFigure(),
                new CenterBroadcastsFigure(), new ListUploadFigure(), new SamplingFigure(), new UplinkFigure(),
                new EventsOutFigure(), new QueuedFigure(), new BadBackendFigure(),
                new UnicastBesideBroadcastFigure()}) {
            command.addSubcommand(figure);
        }
        command.addSubcommand(new MicroCommand());
        command.addSubcommand(new StoresCommand());
        command.getSubcommands().forEach((name, sub) -> sub.getCommandSpec()
                .mixinStandardHelpOptions(!name.equals("micro")));
        return command.setExecutionExceptionHandler((failure, failed, _) -> explain(failure, failed));
    }

    private static PrintWriter printer(PrintStream stream) {
        return new PrintWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8), true);
    }

    private static int explain(Exception failure, CommandLine command) throws Exception {
        if (failure instanceof ConfigException || failure instanceof StartFailure) {
            command.getErr().println("bench: " + failure.getMessage());
            return 2;
        }
        throw failure;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing");
    }
}
