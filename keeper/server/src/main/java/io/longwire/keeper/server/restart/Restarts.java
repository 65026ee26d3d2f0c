package io.longwire.keeper.server.restart;

import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.longwire.keeper.cluster.Member;
import io.longwire.keeper.server.reach.Hosts;
import io.longwire.keeper.server.reach.Processes;
import io.longwire.keeper.service.Service;
import io.longwire.rpc.agent.HostReport;
import io.longwire.rpc.operate.RestartRequest;
import io.longwire.rpc.operate.RestartState;
import io.longwire.rpc.operate.RestartState.Phase;
import io.longwire.rpc.operate.RestartStep;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.apache.curator.framework.CuratorFramework;
import org.apache.zookeeper.KeeperException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The restarts of the deployment: this keeper's own, and what is kept of the others' and of those that are over. In
 * ZooKeeper stands the state of each, the last 50 of them, and while one goes on an ephemeral node for its part, so
 * that two keepers cannot restart one part at once. A restart whose keeper died is over, wherever it was; the drained
 * process it left is started by its agent on demand. Thread-safe; calls block on ZooKeeper.
 */
public final class Restarts implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Restarts.class);
    private static final String KEPT = "/restarts/done";
    private static final int MOST = 50;
    private static final Duration AGAIN = Duration.ofSeconds(5);
    private static final Pattern ID = Pattern.compile("r[0-9a-z]{1,12}(-[a-z]{1,20})?");

    private final Service service;
    private final CuratorFramework zookeeper;
    private final Processes processes;
    private final Hosts hosts;
    private final Map<String, Board> mine = new ConcurrentHashMap<>();
    private final ExecutorService threads = Executors
            .newThreadPerTaskExecutor(Thread.ofVirtual().name("restart-", 0).factory());
    // States are written one after the other, in the order in which they came to be.
    private final ExecutorService writer = Executors
            .newSingleThreadExecutor(Thread.ofVirtual().name("restart-writer").factory());

    public Restarts(Service service, CuratorFramework zookeeper, Processes processes, Hosts hosts) {
        this.service = service;
        this.zookeeper = zookeeper;
        this.processes = processes;
        this.hosts = hosts;
    }

    /**
     * Begins one. Throws INVALID_ARGUMENT, FAILED_PRECONDITION while the part is being restarted or an agent lacks what
     * it will be asked for, NOT_FOUND for a host without an agent, or UNAVAILABLE.
     */
    public RestartState start(RestartRequest asked) {
        List<Member> members = processes.list(asked.getPart().isEmpty() ? "?" : asked.getPart());
        RestartRequest request = RestartPlan.check(asked);
        List<RestartStep> steps = RestartPlan.steps(request, members);
        askAgents(request, steps);
        long now = service.clock().wallMillis();
        String id = "r" + Long.toString(now, 36) + "-" + request.getPart();
        String keeper = service.cluster().self().instance();
        RestartState begun = RestartState.newBuilder().setId(id).setRequest(request).setBeganMs(now).addAllSteps(steps)
                .setWaves(steps.getLast().getWave() + 1).setKeeper(keeper).build();
        Mark mark = Mark.claim(zookeeper, request.getPart(), id + " " + keeper);
        try {
            begin(begun, mark);
        } catch (RuntimeException failed) {
            mine.remove(id);
            mark.free();
            throw failed;
        }
        LOG.info("restart {} of {} begun by {}: {} processes in {} waves", id, request.getPart(),
                request.getOperator(), steps.size(), begun.getWaves());
        return begun;
    }

    private void begin(RestartState begun, Mark mark) {
        var board = new Board(begun, this::writeLater);
        mine.put(begun.getId(), board);
        var books = LedgerBooks.of(service.rpc(), begun.getBeganMs(), service.clock());
        var restart = new Restart(board, processes, hosts, books, mark, service.clock());
        threads.submit(() -> {
            try {
                restart.run();
            } finally {
                mark.free();
            }
        });
        writeLater(begun);
    }

    // Before anything is touched: a typo, or a host that missed a deploy, must not be found with drained phones.
    private void askAgents(RestartRequest request, List<RestartStep> steps) {
        hosts.mayOrder();
        var reports = new HashMap<String, HostReport>();
        var lacking = new ArrayList<String>();
        for (RestartStep step : steps) {
            HostReport report = reports.computeIfAbsent(step.getHost(), hosts::report);
            RestartPlan.lacking(request, step, report).ifPresent(lacking::add);
        }
        if (!lacking.isEmpty()) {
            throw Status.FAILED_PRECONDITION.withDescription(lacking.getFirst()
                    + (lacking.size() > 1 ? ", and " + (lacking.size() - 1) + " more" : "")).asRuntimeException();
        }
    }

    /** Throws NOT_FOUND. */
    public RestartState get(String id) {
        Board board = mine.get(id);
        if (board != null) {
            return board.now();
        }
        if (ID.matcher(id).matches()) {
            try {
                return settled(RestartState.parseFrom(zookeeper.getData().forPath(KEPT + "/" + id)));
            } catch (KeeperException.NoNodeException gone) {
                throw unknown(id);
            } catch (Exception away) {
                throw away(away);
            }
        }
        throw unknown("?");
    }

    private static StatusRuntimeException unknown(String id) {
        return Status.NOT_FOUND.withDescription("restart: " + id + " (expected: one of the last " + MOST + ")")
                .asRuntimeException();
    }

    /** Newest first. */
    public List<RestartState> list() {
        var states = new ArrayList<RestartState>();
        try {
            for (String name : children(KEPT)) {
                if (!mine.containsKey(name)) {
                    read(name, states);
                }
            }
        } catch (Exception away) {
            throw away(away);
        }
        mine.values().forEach(board -> states.add(board.now()));
        states.sort(Comparator.comparingLong(RestartState::getBeganMs).reversed());
        return states.subList(0, Math.min(MOST, states.size()));
    }

    private void read(String name, List<RestartState> into) throws Exception {
        try {
            into.add(settled(RestartState.parseFrom(zookeeper.getData().forPath(KEPT + "/" + name))));
        } catch (KeeperException.NoNodeException | InvalidProtocolBufferException dropped) {
            LOG.info("restart {} was dropped while it was read, or is broken: {}", name, dropped.toString());
        }
    }

    /**
     * Throws NOT_FOUND, or FAILED_PRECONDITION if it is over or another keeper's; so do resume and abort. Pause and
     * abort also once the last wave has begun: nothing is left that could wait.
     */
    public RestartState pause(String id) {
        return own(id, board -> board.pause("by an operator"));
    }

    public RestartState resume(String id) {
        return own(id, Board::resume);
    }

    public RestartState abort(String id) {
        return own(id, Board::abort);
    }

    public static boolean over(RestartState state) {
        return state.getPhase() != Phase.RUNNING && state.getPhase() != Phase.PAUSED;
    }

    private RestartState own(String id, Predicate<Board> change) {
        RestartState state = get(id);
        Board board = mine.get(id);
        if (over(state) || (board != null && !change.test(board))) {
            RestartState now = board == null ? state : board.now();
            throw Status.FAILED_PRECONDITION.withDescription("restart: " + id + (over(now)
                    ? " is " + now.getPhase() + " (expected: one that goes on)"
                    : " is in its last wave (expected: one with a wave to come)")).asRuntimeException();
        }
        if (board == null) {
            throw Status.FAILED_PRECONDITION.withDescription("restart: " + id + " is done by " + state.getKeeper()
                    + " (expected: ask that keeper)").asRuntimeException();
        }
        return board.now();
    }

    // What a keeper that is no more has left is over.
    private RestartState settled(RestartState state) {
        boolean alive = service.cluster().members("keeper").list().stream()
                .anyMatch(keeper -> keeper.instance().equals(state.getKeeper()));
        return over(state) || alive
                ? state
                : state.toBuilder().setPhase(Phase.ABORTED).setReason("its keeper is gone").build();
    }

    private void writeLater(RestartState state) {
        if (!writer.isShutdown()) {
            writer.execute(() -> write(state));
        }
    }

    private void write(RestartState state) {
        // Of several that wait only the newest is worth writing.
        Board board = mine.get(state.getId());
        if (board != null && !board.now().equals(state)) {
            return;
        }
        try {
            String path = KEPT + "/" + state.getId();
            zookeeper.create().orSetData().creatingParentsIfNeeded().forPath(path, state.toByteArray());
            if (over(state)) {
                List<String> names = children(KEPT).stream().sorted().toList();
                for (String old : names.subList(0, Math.max(0, names.size() - MOST))) {
                    if (isOver(old)) { // one that waits for an operator holds its part: it must be there to be resumed
                        zookeeper.delete().quietly().forPath(KEPT + "/" + old);
                        mine.remove(old);
                    }
                }
            }
        } catch (Exception failed) {
            LOG.warn("restart {}: its state could not be kept, again in {}: {}", state.getId(), AGAIN,
                    failed.toString());
            service.clock().schedule(AGAIN, () -> writeLater(state)); // a report must outlive its keeper
        }
    }

    private boolean isOver(String id) {
        try {
            return over(get(id));
        } catch (StatusRuntimeException unknown) {
            return false;
        }
    }

    private List<String> children(String path) throws Exception {
        try {
            return zookeeper.getChildren().forPath(path);
        } catch (KeeperException.NoNodeException none) {
            return List.of();
        }
    }

    private static StatusRuntimeException away(Exception failure) {
        if (failure instanceof InterruptedException) {
            Thread.currentThread().interrupt();
        }
        return Status.UNAVAILABLE.withDescription("zookeeper: " + failure).asRuntimeException();
    }

    /** Ends what goes on where it stands. */
    @Override
    public void close() {
        threads.shutdownNow();
        try {
            threads.awaitTermination(3, TimeUnit.SECONDS);
            writer.shutdown();
            writer.awaitTermination(2, TimeUnit.SECONDS);
        } catch (InterruptedException hurried) {
            writer.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
