package io.longwire.cli.fleet;

import io.longwire.cli.terminal.Output;
import io.longwire.cli.terminal.Table;
import io.longwire.rpc.process.HeapReply;
import io.longwire.rpc.process.HeapRequest;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What fills the heap of a running process. */
@Command(name = "heap", mixinStandardHelpOptions = true,
        description = "Prints the live objects of a running process by "
                + "class. A full collection comes first, which pauses it.")
public final class HeapCommand implements Runnable {
    @Mixin
    private KeeperAt keeper = new KeeperAt();

    @Mixin
    private Output output = new Output();

    @Mixin
    private ProcessOption process = new ProcessOption();

    @Option(names = "--limit", defaultValue = "30", description = "How many classes (default: ${DEFAULT-VALUE}).")
    private int limit;

    /** One class, as JSON. */
    record HeapClass(String name, long instances, long bytes) {
    }

    @Override
    public void run() {
        var request = io.longwire.rpc.operate.HeapCommand.newBuilder().setProcess(process.ref())
                .setHeap(HeapRequest.newBuilder().setLimit(limit));
        HeapReply reply = keeper.call(stub -> stub.heap(request.build()));
        List<HeapClass> classes = reply.getClassesList().stream()
                .map(one -> new HeapClass(one.getName(), one.getInstances(), one.getBytes())).toList();
        var table = new Table("CLASS", "OBJECTS", "BYTES");
        classes.forEach(one -> table.row(one.name(), one.instances(), one.bytes()));
        table.row("all " + reply.getClassCount() + " classes", reply.getInstances(), reply.getBytes());
        output.list(classes, table);
    }
}
