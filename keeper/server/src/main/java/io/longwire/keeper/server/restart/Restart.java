package io.longwire.keeper.server.restart;

import io.grpc.StatusRuntimeException;
import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.cluster.Member;
import io.longwire.keeper.server.reach.Hosts;
import io.longwire.keeper.server.reach.Processes;
import io.longwire.rpc.keeper.Signals;
import io.longwire.rpc.operate.RestartReport;
import io.longwire.rpc.operate.RestartRequest;
import io.longwire.rpc.operate.RestartState;
import io.longwire.rpc.operate.RestartState.Phase;
import io.longwire.rpc.operate.RestartStep;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One rolling restart, from its first wave to its report, on a virtual thread of its own. Between two waves it asks the
 * gates; what they find pauses it, and an operator decides: resume asks them again. A process that does not come back,
 * or a wave that lost sessions, ends it at once: nothing further is touched. What the gate finds after the last wave,
 * or the ledger in the end, is how it ends.
 */
final class Restart implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(Restart.class);
    private static final Duration GATE_PATIENCE = Duration.ofSeconds(30);
    private static final Duration LOOK = Duration.ofMillis(200);

    private final Board board;
    private final RestartRequest request;
    private final Processes processes;
    private final Gates gates;
    private final Backends backends;
    private final OneProcess one;
    private final LedgerBooks books;
    private final Mark mark;
    private final Clock clock;

    Restart(Board board, Processes processes, Hosts hosts, LedgerBooks books, Mark mark, Clock clock) {
        this.board = board;
        this.request = board.now().getRequest();
        this.processes = processes;
        this.gates = new Gates(processes, request);
        this.backends = new Backends(processes);
        this.one = new OneProcess(board, processes, hosts, gates, clock);
        this.books = books;
        this.mark = mark;
        this.clock = clock;
    }

    @Override
    public void run() {
        try {
            Phase end = waves();
            Optional<String> lost = lost(report());
            finish(lost.isPresent() ? Phase.FAILED : end,
                    lost.orElse(end == Phase.ABORTED ? "by an operator" : ""));
        } catch (Broken broken) {
            LOG.warn("restart {}: {}", board.now().getId(), broken.getMessage());
            report();
            finish(Phase.FAILED, String.valueOf(broken.getMessage()));
        } catch (InterruptedException ending) {
            finish(Phase.ABORTED, "its keeper ends");
            Thread.currentThread().interrupt();
        } catch (RuntimeException bug) {
            LOG.error("restart {} failed", board.now().getId(), bug);
            finish(Phase.FAILED, "a bug of the keeper: " + bug);
        }
    }

    private Phase waves() throws InterruptedException, Broken {
        int waves = board.now().getWaves();
        for (int wave = 0; wave < waves; wave++) {
            if (!passes(wave, wave == waves - 1)) {
                return Phase.ABORTED;
            }
            Map<String, Long> before = gates.counted();
            Map<String, Signals> calls = backends.calls();
            Optional<String> drained = wave(wave);
            int done = wave + 1;
            RestartState now = board.change(old -> old.toBuilder().setWavesDone(done).build());
            Optional<String> lost = Gates.lost(now.getStepsList().stream().filter(step -> step.getWave() == done - 1)
                    .toList());
            if (lost.isPresent()) {
                throw new Broken(lost.get());
            }
            sleep(Duration.ofMillis(Integer.toUnsignedLong(request.getBakeMs())));
            Optional<String> grown = drained.or(() -> gates.grown(before)).or(() -> backends.failing(calls));
            if (done == waves) {
                last(grown.isPresent() ? grown : awaitHealth());
            } else {
                grown.ifPresent(board::found);
            }
        }
        return Phase.DONE;
    }

    // Nothing comes after it that could wait for an operator.
    private static void last(Optional<String> wrong) throws Broken {
        if (wrong.isPresent()) {
            throw new Broken("gate after the last wave: " + wrong.get());
        }
    }

    // True = the next wave may go; false = it was aborted meanwhile.
    private boolean passes(int wave, boolean last) throws InterruptedException, Broken {
        while (board.goesOn()) {
            Optional<String> wrong = awaitHealth();
            if (wrong.isPresent()) {
                LOG.warn("restart {} waits before wave {}: {}", board.now().getId(), wave + 1, wrong.get());
                board.found(wrong.get());
            } else if (board.begins(last)) {
                return true;
            }
        }
        return false;
    }

    private Optional<String> awaitHealth() throws InterruptedException, Broken {
        long end = clock.nanos() + GATE_PATIENCE.toNanos();
        while (true) {
            Optional<String> wrong = unmarked().or(() -> gates.unhealthy(board.now().getStepsCount()));
            if (wrong.isEmpty() || clock.nanos() - end > 0) {
                return wrong;
            }
            sleep(LOOK);
        }
    }

    // Without its mark another keeper may have begun one: that one goes on, not this.
    private Optional<String> unmarked() throws Broken {
        try {
            if (mark.ours()) {
                return Optional.empty();
            }
        } catch (StatusRuntimeException away) {
            return Optional.of(String.valueOf(away.getStatus().getDescription()));
        }
        throw new Broken("the mark of this restart is gone: this keeper's session with ZooKeeper has ended "
                + "(expected: it lives as long as the restart)");
    }

    // All of a wave at once, each on a thread of its own; the first that breaks is told when all have ended. What the
    // processes counted while they were drained, which they may not; empty = nothing.
    private Optional<String> wave(int wave) throws InterruptedException, Broken {
        RestartState state = board.now();
        List<Integer> going = IntStream.range(0, state.getStepsCount())
                .filter(i -> state.getSteps(i).getWave() == wave).boxed().toList();
        Duration within = plan(going);
        LOG.info("restart {}: wave {} of {}, {} processes, drained within {} ms", state.getId(), wave + 1,
                state.getWaves(), going.size(), within.toMillis());
        var failures = new ArrayList<String>();
        Optional<String> grown = Optional.empty();
        try (var threads = Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("restart-step-", 0).factory())) {
            var steps = going.stream().map(index -> threads.submit(() -> one.restart(index, within))).toList();
            for (var step : steps) {
                try {
                    Optional<String> found = step.get();
                    grown = grown.or(() -> found);
                } catch (ExecutionException failed) {
                    Throwable cause = failed.getCause();
                    failures.add(String.valueOf(cause == null ? failed.getMessage() : cause.getMessage()));
                }
            }
        }
        if (!failures.isEmpty()) {
            throw new Broken(String.join("; ", failures));
        }
        return grown;
    }

    private Duration plan(List<Integer> going) {
        long sessions = 0;
        RestartState state = board.now();
        List<String> leaving = going.stream().map(i -> state.getSteps(i).getInstance()).toList();
        long free = 0;
        for (Member member : processes.list(request.getPart())) {
            if (leaving.contains(member.instance())) {
                sessions += number(member, "sessions");
            } else if (!member.draining()) {
                free += number(member, "freeAccept");
            }
        }
        return RestartPlan.drain(request, sessions, free);
    }

    private static long number(Member member, String attribute) {
        try {
            return Math.max(0, Long.parseLong(member.attributes().getOrDefault(attribute, "0")));
        } catch (NumberFormatException strange) {
            return 0;
        }
    }

    private RestartReport report() {
        var report = RestartReport.newBuilder();
        for (RestartStep step : board.now().getStepsList()) {
            report.setSessionsMoved(report.getSessionsMoved()
                    + Math.max(0, step.getSessionsBefore() - step.getSessionsLeft() - step.getOffline()))
                    .setSessionsCut(report.getSessionsCut() + step.getSessionsLeft())
                    .setFalseOffline(report.getFalseOffline() + step.getOffline());
        }
        books.account(clock.wallMillis()).write(report);
        return board.change(now -> now.toBuilder().setReport(report.setTakenMs(clock.wallMillis() - now.getBeganMs()))
                .build()).getReport();
    }

    // Phones may go offline of their own, within the gate's bound; messages may not.
    private static Optional<String> lost(RestartReport report) {
        return report.getMessagesLost() == 0
                ? Optional.empty()
                : Optional.of("the ledger misses " + report.getMessagesLost() + " of " + report.getMessagesAccepted()
                        + " messages accepted meanwhile (expected: none)");
    }

    private void finish(Phase phase, String reason) {
        board.change(now -> now.toBuilder().setPhase(phase).setReason(reason).setEndedMs(clock.wallMillis()).build());
        RestartState state = board.now();
        LOG.info("restart {} of {}: {} {}, {} of {} waves, {} sessions moved, {} cut, {} messages lost of {}",
                state.getId(), request.getPart(), phase, reason, state.getWavesDone(), state.getWaves(),
                state.getReport().getSessionsMoved(), state.getReport().getSessionsCut(),
                state.getReport().getMessagesLost(), state.getReport().getMessagesAccepted());
    }

    static void sleep(Duration time) throws InterruptedException {
        new CountDownLatch(1).await(time.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** It ends here: a process did not come back, or too much was lost; the message is one sentence. */
    static final class Broken extends Exception {
        private static final long serialVersionUID = 1;

        Broken(String message) {
            super(message);
        }

        static Broken of(RestartStep step, StatusRuntimeException refused) {
            return new Broken(step.getHost() + "/" + step.getProcess() + ": " + refused.getStatus().getDescription());
        }
    }
}
