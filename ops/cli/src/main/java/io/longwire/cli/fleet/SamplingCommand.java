package io.longwire.cli.fleet;

import io.longwire.cli.terminal.Output;
import io.longwire.cli.terminal.WrongUsage;
import io.longwire.rpc.operate.SampleCommand;
import io.longwire.rpc.operate.SampleReply;
import io.longwire.rpc.process.SampleRequest;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Low-rate sampling of all processes. */
@Command(name = "sampling", mixinStandardHelpOptions = true, description = "Switches low-rate CPU sampling of running "
        + "processes, the last 15 minutes kept; `longwire profile PART --past` shows them. Who starts later is not "
        + "sampled.")
public final class SamplingCommand implements Callable<Integer> {
    @Mixin
    private KeeperAt keeper = new KeeperAt();

    @Mixin
    private Output output = new Output();

    @Parameters(index = "0", paramLabel = "on|off", description = "Which.")
    private String turn = "";

    @Parameters(index = "1", arity = "0..1", paramLabel = "PART", defaultValue = "",
            description = "Of this part (default: of all).")
    private String part = "";

    /** As JSON. */
    record Switched(int switched, List<String> failed) {
    }

    @Override
    public Integer call() {
        if (!turn.equals("on") && !turn.equals("off")) {
            throw new WrongUsage("sampling: " + turn + " (expected: on or off)");
        }
        SampleReply reply = keeper.call(stub -> stub.sample(SampleCommand.newBuilder().setPart(part)
                .setSample(SampleRequest.newBuilder().setOn(turn.equals("on"))).build()));
        var switched = new Switched(reply.getSwitched(), List.copyOf(reply.getFailedList()));
        output.print(switched, () -> {
            output.line(switched.switched() + " processes: sampling " + turn);
            switched.failed().forEach(failed -> output.line("failed: " + failed));
        });
        return switched.failed().isEmpty() ? 0 : 1;
    }
}
