package io.longwire.keeper.server.config;

import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.cluster.Cluster;
import io.longwire.keeper.cluster.Member;
import io.longwire.keeper.rpc.Rpc;
import io.longwire.rpc.keeper.ConfigLayer;
import io.longwire.rpc.keeper.ConfigMistake;
import io.longwire.rpc.keeper.ProcessConfigGrpc;
import io.longwire.rpc.keeper.ProcessState;
import io.longwire.rpc.keeper.ProcessStateRequest;
import io.longwire.rpc.keeper.ValidateConfigRequest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The live processes of a part, and what they answer. Thread-safe; asks up to 64 at once, each for 2 s, and waits for
 * all.
 */
final class Processes implements Fleet, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Processes.class);
    private static final long DEADLINE_MILLIS = 2_000;
    private static final long PROOF_MILLIS = 8_000; // of 500 layers at most; whoever calls waits for 20 s
    private static final int AT_ONCE = 64;
    private static final Set<Code> SILENT = Set.of(Code.UNAVAILABLE, Code.DEADLINE_EXCEEDED, Code.CANCELLED);

    private final Rpc rpc;
    private final Cluster cluster;
    private final Clock clock;
    private final Drains drains;
    private final ExecutorService threads = Executors
            .newThreadPerTaskExecutor(Thread.ofVirtual().name("config-ask-", 0).factory());
    private final Semaphore asking = new Semaphore(AT_ONCE);

    Processes(Rpc rpc, Cluster cluster, Clock clock) {
        this.rpc = rpc;
        this.cluster = cluster;
        this.clock = clock;
        this.drains = new Drains(cluster);
    }

    @Override
    public List<Member> live(String part) {
        drains.watch(part);
        return cluster.members(part).list().stream().filter(member -> !member.rpcAddress().isEmpty())
                .sorted(Comparator.comparing(Processes::name)).toList();
    }

    @Override
    public boolean drained(String member) {
        return drains.has(member);
    }

    /** service.name, or what is unique to this start of it. */
    static String name(Member member) {
        return member.attributes().getOrDefault("name", member.instance());
    }

    @Override
    public Map<String, ProcessState> states(List<Member> members, boolean values) {
        var answers = new ConcurrentHashMap<String, ProcessState>();
        var calls = new ArrayList<Future<?>>();
        for (Member member : members) {
            calls.add(threads.submit(() -> state(member, values).ifPresent(state -> answers.put(member.instance(),
                    state))));
        }
        for (Future<?> call : calls) {
            try {
                call.get();
            } catch (InterruptedException ending) {
                Thread.currentThread().interrupt();
                return answers;
            } catch (ExecutionException bug) {
                LOG.error("asking a process failed", bug);
            }
        }
        return answers;
    }

    /** What one answers; empty if it does not. */
    Optional<ProcessState> state(Member member, boolean values) {
        asking.acquireUninterruptibly();
        try {
            return Optional.of(stub(member).getState(ProcessStateRequest.newBuilder().setValues(values).build()));
        } catch (StatusRuntimeException silent) {
            LOG.debug("{} did not tell its state", member.instance(), silent);
            return Optional.empty();
        } finally {
            asking.release();
        }
    }

    /**
     * Has live processes read the layers, once for each of those that they are for.
     *
     * @return the mistakes; absent if no process answered in time
     */
    Optional<List<ConfigMistake>> prove(String part, List<ConfigLayer> layers) {
        long until = clock.millis() + PROOF_MILLIS;
        var able = new ArrayList<>(live(part));
        var mistakes = new LinkedHashMap<ConfigMistake, ConfigMistake>(); // each once, whoever says it first
        for (Reading reading : Reading.of(layers, able)) {
            Optional<List<ConfigMistake>> found = read(reading, layers, able, until);
            if (found.isEmpty()) {
                return mistakes.isEmpty() ? Optional.empty() : Optional.of(List.copyOf(mistakes.values()));
            }
            found.get().forEach(one -> mistakes.putIfAbsent(one.toBuilder().clearProcess().build(), one));
        }
        return Optional.of(List.copyOf(mistakes.values()));
    }

    // By the one that it is for if it can, else by another; who does not answer is not asked again.
    private Optional<List<ConfigMistake>> read(Reading reading, List<ConfigLayer> layers, List<Member> able,
            long until) {
        for (Member member : reading.best(able)) {
            long left = Math.min(DEADLINE_MILLIS, until - clock.millis());
            if (left <= 0) {
                return Optional.empty();
            }
            try {
                return Optional.of(ProcessConfigGrpc.newBlockingStub(rpc.channel(member.rpcAddress()))
                        .withDeadlineAfter(left, TimeUnit.MILLISECONDS)
                        .validate(ValidateConfigRequest.newBuilder().addAllLayers(layers).setHost(reading.host())
                                .setInstance(reading.instance()).setExact(true).build())
                        .getMistakesList());
            } catch (StatusRuntimeException failed) {
                LOG.warn("{} did not check a configuration: {}", member.instance(), failed.toString());
                if (!SILENT.contains(failed.getStatus().getCode())) {
                    return Optional.of(List.of(ConfigMistake.newBuilder().setProcess(name(member)).setMessage(
                            "it failed at reading this: " + failed.getStatus().getCode() + " (expected: an answer)")
                            .build()));
                }
                able.remove(member);
            }
        }
        return Optional.empty();
    }

    @Override
    public void close() {
        drains.close();
        threads.shutdownNow();
    }

    private ProcessConfigGrpc.ProcessConfigBlockingStub stub(Member member) {
        return ProcessConfigGrpc.newBlockingStub(rpc.channel(member.rpcAddress())).withDeadlineAfter(DEADLINE_MILLIS,
                TimeUnit.MILLISECONDS);
    }
}
