package io.longwire.cli.fleet;

import io.longwire.cli.terminal.Output;
import io.longwire.rpc.process.ThreadsReply;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** All threads of a running process. */
@Command(name = "threads", mixinStandardHelpOptions = true,
        description = "Prints all threads of a running process, virtual ones too, with their stacks.")
public final class ThreadsCommand implements Runnable {
    @Mixin
    private KeeperAt keeper = new KeeperAt();

    @Mixin
    private Output output = new Output();

    @Mixin
    private ProcessOption process = new ProcessOption();

    /** As JSON. */
    record Threads(int platform, int virtual, List<String> deadlocked, String text) {
    }

    @Override
    public void run() {
        ThreadsReply reply = keeper.call(stub -> stub.threads(process.ref()));
        var threads = new Threads(reply.getPlatform(), reply.getVirtual(), List.copyOf(reply.getDeadlockedList()),
                reply.getText());
        output.print(threads, () -> {
            output.line(threads.text());
            output.line(threads.platform() + " platform threads, " + threads.virtual() + " virtual ones"
                    + (threads.deadlocked().isEmpty() ? "" : ", DEADLOCKED: " + threads.deadlocked()));
        });
    }
}
