package io.longwire.cli;

import io.longwire.center.CenterMain;
import io.longwire.coordinator.CoordinatorMain;
import io.longwire.dispatcher.DispatcherMain;
import io.longwire.keeper.agent.AgentMain;
import io.longwire.keeper.server.KeeperMain;
import io.longwire.register.RegisterMain;
import io.longwire.room.RoomMain;
import io.longwire.saver.SaverMain;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Unmatched;

/** Runs one part as this process, against the ZooKeeper, Redis and MySQL its configuration names. */
@Command(name = "run", mixinStandardHelpOptions = false,
        description = "Runs one part as this process, e.g.: longwire run room --config room.yaml")
final class RunCommand implements Runnable {
    /** The parts that run as processes. */
    enum Part {
        KEEPER, REGISTER, SAVER, ROOM, CENTER, DISPATCHER, COORDINATOR, AGENT
    }

    @Parameters(index = "0", description = "One of: ${COMPLETION-CANDIDATES}")
    private Part part = Part.KEEPER;

    @Unmatched
    private List<String> rest = new ArrayList<>();

    @Override
    public void run() {
        String[] args = rest.toArray(String[]::new);
        switch (part) {
            case KEEPER -> KeeperMain.main(args);
            case REGISTER -> RegisterMain.main(args);
            case SAVER -> SaverMain.main(args);
            case ROOM -> RoomMain.main(args);
            case CENTER -> CenterMain.main(args);
            case DISPATCHER -> DispatcherMain.main(args);
            case COORDINATOR -> CoordinatorMain.main(args);
            case AGENT -> AgentMain.main(args);
        }
    }
}
