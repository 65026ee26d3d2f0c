package io.longwire.keeper.server.restart;

import io.grpc.StatusRuntimeException;
import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.cluster.Member;
import io.longwire.keeper.server.reach.Hosts;
import io.longwire.keeper.server.reach.Processes;
import io.longwire.rpc.operate.RestartReport;
import io.longwire.rpc.operate.RestartRequest;
import io.longwire.rpc.operate.RestartState;
import io.longwire.rpc.operate.RestartState.Phase;
import io.longwire.rpc.operate.RestartStep;
import io.longwire.rpc.saver.Conservation;
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
 * gates; what they find pauses it, and an operator decides: resume asks them again. A process that does not come back
 * ends it at once: nothing further is touched.
 */
final class Restart implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(Restart.class);
    private static final Duration GATE_PATIENCE = Duration.ofSeconds(30);
    private static final Duration BOOKS_PATIENCE = Duration.ofSeconds(30);
    private static final Duration LOOK = Duration.ofMillis(200);

    private final Board board;
    private final RestartRequest request;
    private final Processes processes;
    private final Gates gates;
    private final OneProcess one;
    private final LedgerBooks books;
    private final Clock clock;

    Restart(Board board, Processes processes, Hosts hosts, LedgerBooks books, Clock clock) {
        this.board = board;
        this.request = board.now().getRequest();
        this.processes = processes;
        this.gates = new Gates(processes, request);
        this.one = new OneProcess(board, processes, hosts, gates, clock);
        this.books = books;
        this.clock = clock;
    }

    @Override
    public void run() {
        try {
            Phase end = waves();
            report();
            finish(end, end == Phase.ABORTED ? "by an operator" : "");
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
            if (!passes(wave)) {
                return Phase.ABORTED;
            }
            Map<String, Long> before = gates.counted();
            wave(wave);
            int done = wave + 1;
            board.change(now -> now.toBuilder().setWavesDone(done).build());
            sleep(Duration.ofMillis(Integer.toUnsignedLong(request.getBakeMs())));
            gates.grown(before).ifPresent(grown -> board.pause("gate: " + grown));
        }
        return Phase.DONE;
    }

    // True = the next wave may go; false = it was aborted meanwhile.
    private boolean passes(int wave) throws InterruptedException {
        while (board.goesOn()) {
            Optional<String> wrong = awaitHealth();
            if (wrong.isEmpty()) {
                return true;
            }
            LOG.warn("restart {} waits before wave {}: {}", board.now().getId(), wave + 1, wrong.get());
            board.pause("gate: " + wrong.get());
        }
        return false;
    }

    private Optional<String> awaitHealth() throws InterruptedException {
        long end = clock.nanos() + GATE_PATIENCE.toNanos();
        while (true) {
            Optional<String> wrong = gates.unhealthy(board.now().getStepsCount());
            if (wrong.isEmpty() || clock.nanos() - end > 0) {
                return wrong;
            }
            sleep(LOOK);
        }
    }

    // All of a wave at once, each on a thread of its own; the first that breaks is told when all have ended.
    private void wave(int wave) throws InterruptedException, Broken {
        RestartState state = board.now();
        List<Integer> going = IntStream.range(0, state.getStepsCount())
                .filter(i -> state.getSteps(i).getWave() == wave).boxed().toList();
        Duration within = plan(going);
        LOG.info("restart {}: wave {} of {}, {} processes, drained within {} ms", state.getId(), wave + 1,
                state.getWaves(), going.size(), within.toMillis());
        var failures = new ArrayList<String>();
        try (var threads = Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("restart-step-", 0).factory())) {
            var steps = going.stream().map(index -> threads.submit(() -> {
                one.restart(index, within);
                return null;
            })).toList();
            for (var step : steps) {
                try {
                    step.get();
                } catch (ExecutionException failed) {
                    Throwable cause = failed.getCause();
                    failures.add(String.valueOf(cause == null ? failed.getMessage() : cause.getMessage()));
                }
            }
        }
        if (!failures.isEmpty()) {
            throw new Broken(String.join("; ", failures));
        }
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

    // Rows whose append is under way count as hidden for a moment.
    private void report() {
        var report = RestartReport.newBuilder();
        for (RestartStep step : board.now().getStepsList()) {
            report.setSessionsMoved(report.getSessionsMoved()
                    + Math.max(0, step.getSessionsBefore() - step.getSessionsLeft() - step.getOffline()))
                    .setSessionsCut(report.getSessionsCut() + step.getSessionsLeft())
                    .setFalseOffline(report.getFalseOffline() + step.getOffline());
        }
        long end = clock.nanos() + BOOKS_PATIENCE.toNanos();
        Optional<Conservation> account = books.account();
        while (account.isPresent() && LedgerBooks.lost(account.get()) > 0 && clock.nanos() - end < 0
                && !Thread.currentThread().isInterrupted()) {
            java.util.concurrent.locks.LockSupport.parkNanos(LOOK.toNanos());
            account = books.account();
        }
        LedgerBooks.write(account, report);
        board.change(now -> now.toBuilder().setReport(report.setTakenMs(clock.wallMillis() - now.getBeganMs()))
                .build());
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

    /** A process did not come back; the message is one sentence. */
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
