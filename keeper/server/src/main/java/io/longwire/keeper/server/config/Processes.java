package io.longwire.keeper.server.config;

import io.grpc.StatusRuntimeException;
import io.longwire.keeper.cluster.Cluster;
import io.longwire.keeper.cluster.Member;
import io.longwire.keeper.rpc.Rpc;
import io.longwire.rpc.keeper.ConfigLayer;
import io.longwire.rpc.keeper.ConfigMistake;
import io.longwire.rpc.keeper.ConfigScope;
import io.longwire.rpc.keeper.ProcessConfigGrpc;
import io.longwire.rpc.keeper.ProcessState;
import io.longwire.rpc.keeper.ProcessStateRequest;
import io.longwire.rpc.keeper.ValidateConfigRequest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
final class Processes implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Processes.class);
    private static final long DEADLINE_MILLIS = 2_000;
    private static final int AT_ONCE = 64;

    private final Rpc rpc;
    private final Cluster cluster;
    private final ExecutorService threads = Executors
            .newThreadPerTaskExecutor(Thread.ofVirtual().name("config-ask-", 0).factory());
    private final Semaphore asking = new Semaphore(AT_ONCE);

    Processes(Rpc rpc, Cluster cluster) {
        this.rpc = rpc;
        this.cluster = cluster;
    }

    /** Those that can be asked, by name. */
    List<Member> live(String part) {
        return cluster.members(part).list().stream().filter(member -> !member.rpcAddress().isEmpty())
                .sorted(Comparator.comparing(Processes::name)).toList();
    }

    /** service.name, or what is unique to this start of it. */
    static String name(Member member) {
        return member.attributes().getOrDefault("name", member.instance());
    }

    /** What those of the members answer that do, by member. */
    Map<String, ProcessState> states(List<Member> members, boolean values) {
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
     * Has one live process read the layers: one that they are for, where there is one.
     *
     * @param scope whose layer has changed
     * @return the mistakes; absent if no process answered
     */
    Optional<List<ConfigMistake>> prove(String part, ConfigScope scope, List<ConfigLayer> layers) {
        var best = new ArrayList<>(live(part));
        best.sort(Comparator.comparing((Member member) -> member.draining())
                .thenComparing(member -> !name(member).equals(scope.getInstance()))
                .thenComparing(member -> !member.host().equals(scope.getHost())));
        for (Member member : best) {
            try {
                return Optional.of(stub(member).validate(ValidateConfigRequest.newBuilder().addAllLayers(layers)
                        .setHost(scope.getHost()).setInstance(scope.getInstance()).build()).getMistakesList());
            } catch (StatusRuntimeException silent) {
                LOG.warn("{} did not check a configuration: {}", member.instance(), silent.toString());
            }
        }
        return Optional.empty();
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }

    private ProcessConfigGrpc.ProcessConfigBlockingStub stub(Member member) {
        return ProcessConfigGrpc.newBlockingStub(rpc.channel(member.rpcAddress())).withDeadlineAfter(DEADLINE_MILLIS,
                TimeUnit.MILLISECONDS);
    }
}
