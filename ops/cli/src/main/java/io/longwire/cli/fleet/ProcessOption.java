package io.longwire.cli.fleet;

import io.longwire.rpc.operate.ProcessRef;
import picocli.CommandLine.Parameters;

/** The process a command is about. */
final class ProcessOption {
    @Parameters(index = "0", paramLabel = "PART[/INSTANCE]", description = "room, or one of them: room/room-1; a "
            + "beginning of the instance will do.")
    private String name = "";

    ProcessRef ref() {
        int slash = name.indexOf('/');
        return ProcessRef.newBuilder().setPart(slash < 0 ? name : name.substring(0, slash))
                .setInstance(slash < 0 ? "" : name.substring(slash + 1)).build();
    }
}
