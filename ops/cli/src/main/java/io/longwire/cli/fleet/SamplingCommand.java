package io.longwire.cli.fleet;

import io.longwire.cli.terminal.Output;
import io.longwire.cli.terminal.WrongUsage;
import io.longwire.rpc.operate.GetSamplingRequest;
import io.longwire.rpc.operate.SampleCommand;
import io.longwire.rpc.operate.SampleReply;
import io.longwire.rpc.process.SampleRequest;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** The switch of low-rate sampling. */
@Command(name = "sampling", mixinStandardHelpOptions = true, description = "Switches low-rate CPU sampling of all "
        + "processes, those that start later too, or shows how it is switched. The last 15 minutes are kept; `longwire "
        + "profile PART --past` shows them.")
public final class SamplingCommand implements Callable<Integer> {
    @Mixin
    private KeeperAt keeper = new KeeperAt();

    @Mixin
    private Output output = new Output();

    @Parameters(index = "0", paramLabel = "on|off|show", description = "Which.")
    private String turn = "";

    @Parameters(index = "1", arity = "0..1", paramLabel = "PART", defaultValue = "",
            description = "Of this part (default: of all).")
    private String part = "";

    /** As JSON. */
    record Switched(int switched, List<String> failed) {
    }

    /** As JSON. */
    record Shown(List<String> parts, List<String> sampled, List<String> waiting) {
    }

    @Override
    public Integer call() {
        return switch (turn) {
            case "on", "off" -> turn(turn.equals("on"));
            case "show" -> show();
            default -> throw new WrongUsage("sampling: " + turn + " (expected: on, off or show)");
        };
    }

    private int turn(boolean on) {
        SampleReply reply = keeper.call(stub -> stub.sample(SampleCommand.newBuilder().setPart(part)
                .setSample(SampleRequest.newBuilder().setOn(on)).build()));
        var switched = new Switched(reply.getSwitched(), List.copyOf(reply.getFailedList()));
        output.print(switched, () -> {
            output.line(switched.switched() + " processes: sampling " + turn);
            switched.failed().forEach(failed -> output.line("not yet: " + failed));
        });
        return switched.failed().isEmpty() ? 0 : 1;
    }

    private int show() {
        var state = keeper.call(stub -> stub.getSampling(GetSamplingRequest.getDefaultInstance()));
        var shown = new Shown(List.copyOf(state.getPartsList()), List.copyOf(state.getSampledList()),
                List.copyOf(state.getWaitingList()));
        output.print(shown, () -> {
            output.line("sampling of " + (shown.parts().isEmpty() ? "no part" : String.join(", ", shown.parts())));
            shown.sampled().forEach(instance -> output.line("sampled  " + instance));
            shown.waiting().forEach(instance -> output.line("not yet  " + instance));
        });
        return 0;
    }
}
