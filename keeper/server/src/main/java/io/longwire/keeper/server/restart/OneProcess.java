package io.longwire.keeper.server.restart;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.cluster.Member;
import io.longwire.keeper.server.reach.Hosts;
import io.longwire.keeper.server.reach.Processes;
import io.longwire.keeper.server.restart.Restart.Broken;
import io.longwire.rpc.agent.HostReport;
import io.longwire.rpc.agent.Order;
import io.longwire.rpc.agent.OrderEvent;
import io.longwire.rpc.operate.RestartRequest;
import io.longwire.rpc.operate.RestartStep;
import io.longwire.rpc.operate.RestartStep.State;
import io.longwire.rpc.process.Description;
import java.time.Duration;
import java.util.Iterator;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/** Takes one process through its restart: drained, ended, started, healthy. Called by several threads at once. */
final class OneProcess {
    private static final Duration SETTLE_PATIENCE = Duration.ofSeconds(3);
    private static final Duration END_PATIENCE = Duration.ofSeconds(20);
    private static final Duration JOIN_PATIENCE = Duration.ofSeconds(90);
    private static final Duration LOOK = Duration.ofMillis(100);
    private static final Duration BETWEEN_TRIES = Duration.ofSeconds(1);
    /** What an agent says that is away, begins anew, or is busy with another order. */
    private static final Set<Status.Code> PASSING = Set.of(Status.Code.UNAVAILABLE, Status.Code.NOT_FOUND,
            Status.Code.FAILED_PRECONDITION);

    private final Board board;
    private final RestartRequest request;
    private final Processes processes;
    private final Hosts hosts;
    private final Gates gates;
    private final Clock clock;

    OneProcess(Board board, Processes processes, Hosts hosts, Gates gates, Clock clock) {
        this.board = board;
        this.request = board.now().getRequest();
        this.processes = processes;
        this.hosts = hosts;
        this.gates = gates;
        this.clock = clock;
    }

    /**
     * Returns when the new process is healthy: what the old one counted while it was drained, which it may not; empty =
     * nothing.
     */
    Optional<String> restart(int index, Duration within) throws Broken, InterruptedException {
        RestartStep step = board.now().getSteps(index);
        try {
            Member old = member(step.getInstance())
                    .orElseThrow(() -> new Broken(step.getInstance() + ": gone (expected: it runs)"));
            HostReport report = hosts.report(step.getHost());
            Optional<String> lacking = RestartPlan.lacking(request, step, report);
            if (lacking.isPresent()) {
                throw new Broken(lacking.get());
            }
            Description before = gates.describe(old);
            Optional<String> grown;
            long ended;
            String fresh;
            var asked = new AtomicBoolean();
            var ending = new AtomicBoolean();
            try {
                grown = drain(index, step, old, before, within, asked);
                ended = clock.nanos();
                fresh = startAgain(index, step, ending);
            } catch (StatusRuntimeException refused) {
                if (ending.get() || (!asked.get() && !drains(old))) {
                    throw Broken.of(step, refused);
                }
                throw new Broken(Broken.of(step, refused).getMessage() + "; "
                        + back(index, step, RestartPlan.version(step, report), old, within));
            }
            join(index, fresh);
            board.step(index, now -> now.toBuilder().setState(State.BACK)
                    .setAwayMs((int) ((clock.nanos() - ended) / 1_000_000)).build());
            return grown;
        } catch (StatusRuntimeException refused) {
            Broken broken = Broken.of(step, refused);
            broken(index, broken);
            throw broken;
        } catch (Broken broken) {
            broken(index, broken);
            throw broken;
        }
    }

    // Whether it was asked to drain. One that does not say is let be: if it was not, its phones would be cut off.
    private boolean drains(Member old) {
        try {
            return gates.describe(old).getDrain().getBegun();
        } catch (StatusRuntimeException silent) {
            return false;
        }
    }

    // A drain is for ever: a process that was asked to drain and was not ended takes nobody until it is started again.
    // Its phones have the time that was planned for them all the same; an agent that is away may be back by then.
    private String back(int index, RestartStep step, String version, Member old, Duration within)
            throws InterruptedException {
        awaitDrained(index, old, within);
        long end = clock.nanos() + JOIN_PATIENCE.toNanos();
        while (true) {
            var ending = new AtomicBoolean();
            try {
                Optional<String> fresh = start(step, version, ending);
                return fresh.map(instance -> "started again with " + version + ": " + instance)
                        .orElse("started again with " + version + ", which the agent did not see serve");
            } catch (StatusRuntimeException refused) {
                if (ending.get() || !PASSING.contains(refused.getStatus().getCode()) || clock.nanos() - end > 0) {
                    return "it may be drained, and could not be started again with " + version + ": "
                            + refused.getStatus().getDescription();
                }
            }
            Restart.sleep(BETWEEN_TRIES);
        }
    }

    private void awaitDrained(int index, Member old, Duration within) throws InterruptedException {
        long end = clock.nanos() + within.toNanos() + SETTLE_PATIENCE.toNanos();
        while (clock.nanos() - end < 0 && !drained(index, old)) {
            Restart.sleep(LOOK);
        }
    }

    // One that is not in the cluster any more has ended.
    private boolean drained(int index, Member old) {
        if (member(old.instance()).isEmpty()) {
            return true;
        }
        try {
            Description now = gates.describe(old);
            board.step(index, step -> step.toBuilder().setSessionsNow(sessions(now)).build());
            return !now.getDrain().getBegun() || now.getDrain().getOver();
        } catch (StatusRuntimeException silent) {
            return false; // until it says so
        }
    }

    // Asked: the agent sends its first word when the process has been told.
    private Optional<String> drain(int index, RestartStep step, Member old, Description before, Duration within,
            AtomicBoolean asked) throws InterruptedException {
        long sessions = sessions(before);
        board.step(index, now -> now.toBuilder().setState(State.DRAINING).setSessionsBefore(sessions)
                .setSessionsNow(sessions).setDrainMs((int) within.toMillis()).build());
        long began = clock.nanos();
        Iterator<OrderEvent> events = hosts.order(Order.newBuilder().setHost(step.getHost())
                .setProcess(step.getProcess()).setVerb("drain").setWithinMs((int) within.toMillis()).build());
        while (events.hasNext()) {
            OrderEvent event = events.next();
            asked.set(true);
            if (event.getText().matches("\\d{1,18}")) {
                board.step(index, now -> now.toBuilder().setSessionsNow(Long.parseLong(event.getText())).build());
            }
        }
        Description after = settled(old);
        board.step(index, now -> now.toBuilder().setDrainedMs((int) ((clock.nanos() - began) / 1_000_000))
                .setSessionsLeft(sessions(after)).setSessionsNow(sessions(after))
                .setOffline(after.getCountersOrDefault(RoomFigures.NOWHERE, 0)
                        - before.getCountersOrDefault(RoomFigures.NOWHERE, 0))
                .build());
        return Gates.grown(before, after);
    }

    // Phones that have left may be known to be elsewhere a moment later.
    private Description settled(Member old) throws InterruptedException {
        long end = clock.nanos() + SETTLE_PATIENCE.toNanos();
        Description now = gates.describe(old);
        while (sessions(now) > 0 && clock.nanos() - end < 0) {
            Restart.sleep(LOOK);
            now = gates.describe(old);
        }
        return now;
    }

    // The instance that serves now.
    private String startAgain(int index, RestartStep step, AtomicBoolean ending) throws Broken {
        board.step(index, now -> now.toBuilder().setState(State.RESTARTING).build());
        return start(step, request.getVersion(), ending).orElseThrow(() -> new Broken(step.getHost() + "/"
                + step.getProcess() + ": the agent did not say that it serves"));
    }

    // The instance that serves now, if the agent says so. Ending: the agent has begun to end the old one.
    private Optional<String> start(RestartStep step, String version, AtomicBoolean ending) {
        Iterator<OrderEvent> events = hosts.order(Order.newBuilder().setHost(step.getHost())
                .setProcess(step.getProcess()).setVerb("restart").setVersion(version)
                .setWithinMs((int) END_PATIENCE.toMillis()).build());
        Optional<String> fresh = Optional.empty();
        while (events.hasNext()) {
            OrderEvent event = events.next();
            ending.set(ending.get() || event.getStep().equals("stopping"));
            if (event.getStep().equals("serving")) {
                fresh = Optional.of(event.getText());
            }
        }
        return fresh;
    }

    private void join(int index, String fresh) throws Broken, InterruptedException {
        board.step(index, now -> now.toBuilder().setState(State.JOINING).setNewInstance(fresh).build());
        long end = clock.nanos() + JOIN_PATIENCE.toNanos();
        while (true) {
            Optional<String> wrong = member(fresh).map(gates::unhealthy)
                    .orElseGet(() -> Optional.of(fresh + ": not listed"));
            if (wrong.isEmpty()) {
                return;
            }
            if (clock.nanos() - end > 0) {
                throw new Broken(wrong.get() + " (expected: healthy within " + JOIN_PATIENCE.toSeconds() + " s)");
            }
            Restart.sleep(LOOK);
        }
    }

    // Who was still there when a drain broke counts as cut: nobody looked where they went.
    private void broken(int index, Broken broken) {
        board.step(index, now -> {
            RestartStep.Builder step = now.toBuilder().setState(State.BROKEN)
                    .setDetail(String.valueOf(broken.getMessage()));
            return (now.getState() == State.DRAINING ? step.setSessionsLeft(now.getSessionsNow()) : step).build();
        });
    }

    private Optional<Member> member(String instance) {
        return processes.list(request.getPart()).stream().filter(member -> member.instance().equals(instance))
                .findFirst();
    }

    private static long sessions(Description description) {
        return Math.round(description.getGaugesOrDefault(RoomFigures.SESSIONS, 0));
    }
}
