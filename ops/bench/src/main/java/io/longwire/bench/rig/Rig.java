package io.longwire.bench.rig;

import com.fasterxml.jackson.databind.JsonNode;
import io.longwire.bench.BenchMain;
import io.longwire.bench.process.CpuWatch;
import io.longwire.bench.process.Jvm;
import io.longwire.bench.process.ProcStat;
import io.longwire.bench.process.Profiler;
import io.longwire.bench.process.Role;
import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.cluster.Member;
import io.longwire.keeper.config.ConfigNode;
import io.longwire.keeper.service.HaltPoints;
import io.longwire.keeper.service.Service;
import io.longwire.keeper.service.StartFailure;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A running deployment: every part a process of its own, and this process a member that may call them. Everything ends
 * with it, in reverse order.
 */
public final class Rig implements AutoCloseable {
    private static final long START_SECONDS = 60;
    private static final String PASSWORD = "longwire-bench";

    private final Deployment deployment;
    private final Clock clock = Clock.system();
    private final Deque<AutoCloseable> owned = new ArrayDeque<>();
    private final Map<String, Long> pids = new LinkedHashMap<>();
    private JsonNode stores = com.fasterxml.jackson.databind.node.MissingNode.getInstance();
    private @Nullable Service self;

    private Rig(Deployment deployment) {
        this.deployment = deployment;
    }

    /** In this directory, nothing running yet. */
    public static Rig in(Path home) {
        return new Rig(Deployment.in(home.toAbsolutePath().normalize()));
    }

    public Deployment deployment() {
        return deployment;
    }

    /** Process ids by name: parts, stores. */
    public Map<String, Long> pids() {
        return new LinkedHashMap<>(pids);
    }

    /** The stores; with {@code all}, Redis and MariaDB beside ZooKeeper. */
    public Rig stores(boolean all) {
        var args = new ArrayList<>(List.of("stores", "--data", deployment.home().toString()));
        if (all) {
            args.addAll(List.of("--password", PASSWORD));
        }
        Role role = own(Role.start("stores", Jvm.heap("256m").command(BenchMain.class.getName(), args),
                deployment.log("stores")));
        stores = role.answer();
        pids.put("zookeeper", role.pid());
        ProcStat.children(role.pid()).forEach((pid, name) -> pids.put(name, pid));
        Service joined = Service.start("bench", ConfigNode.of(Map.of("service", deployment.service("bench",
                zookeeper()))), _ -> "", (_, _) -> {
                }, HaltPoints.none());
        self = own(joined);
        return this;
    }

    public String zookeeper() {
        return stores.path("zookeeper").asText();
    }

    public String redis() {
        return stores.path("redis").asText();
    }

    public String mysql() {
        return stores.path("mysql").asText();
    }

    public String mysqlPassword() {
        return PASSWORD;
    }

    /** This process as a member: its rpc and its view of the cluster. */
    public Service self() {
        Service joined = self;
        if (joined == null) {
            throw new IllegalStateException("stores: not started (expected: first)");
        }
        return joined;
    }

    /**
     * Starts a part and waits until it is a member.
     *
     * @param name unique; its first word up to a dash is the part
     * @param own the part's own configuration
     */
    public Member part(String name, String mainClass, Jvm jvm, Map<String, ?> own) {
        String part = name.contains("-") ? name.substring(0, name.indexOf('-')) : name;
        var before = instances(part);
        Path file = deployment.configure(name, zookeeper(), own);
        var command = jvm.command(mainClass, List.of("--config", file.toString()));
        Role role = own(Role.start(name, command, deployment.log(name)));
        pids.put(name, role.pid());
        long end = clock.nanos() + START_SECONDS * 1_000_000_000L;
        while (role.alive() && clock.nanos() - end < 0) {
            for (Member member : self().cluster().members(part).list()) {
                if (!before.contains(member.instance())) {
                    return member;
                }
            }
            LockSupport.parkNanos(20_000_000);
        }
        throw new StartFailure(name + ": not up after " + START_SECONDS + " s, or ended; see " + deployment.log(name),
                null);
    }

    /** A process that the figure has started by itself, and whose processor time counts. */
    public void watched(String name, long pid) {
        pids.put(name, pid);
    }

    /** A fleet of devices. */
    public Role devices(String name, Jvm jvm, List<String> args) {
        var all = new ArrayList<>(List.of("devices"));
        all.addAll(args);
        Role role = own(Role.start(name, jvm.command(BenchMain.class.getName(), all), deployment.log(name)));
        role.answer();
        pids.put(name, role.pid());
        return role;
    }

    /** Processor time from now on, of every process here and of this one. */
    public CpuWatch watch() {
        Map<String, Long> all = pids();
        all.put("driver", ProcessHandle.current().pid());
        return CpuWatch.start(all, clock);
    }

    /**
     * Runs something while a part is sampled, and leaves the flame graph in the directory; nothing without an event.
     * Sampling costs a little, so it is never a run that counts.
     */
    public void profiled(String part, @Nullable String event, Path directory, String name, Runnable run) {
        if (event != null) {
            Profiler profiler = Profiler.start(pids.getOrDefault(part, 0L), event);
            run.run();
            profiler.stop(directory, name);
        }
    }

    public <T extends AutoCloseable> T own(T part) {
        owned.push(part);
        return part;
    }

    @Override
    public void close() {
        while (!owned.isEmpty()) {
            AutoCloseable last = owned.pop();
            try {
                last.close();
            } catch (Exception late) {
                throw new IllegalStateException("closing " + last, late);
            }
        }
    }

    private List<String> instances(String part) {
        return self().cluster().members(part).list().stream().map(Member::instance).toList();
    }
}
