package io.longwire.keeper.server.config;

import io.longwire.keeper.cluster.Member;
import io.longwire.keeper.follow.ConfigFollower;
import io.longwire.keeper.metrics.PrometheusMetrics;
import io.longwire.keeper.server.slots.KeeperMetric;
import io.longwire.rpc.keeper.ConfigLayer;
import io.longwire.rpc.keeper.ConfigScope;
import io.longwire.rpc.keeper.ConfigState;
import io.longwire.rpc.keeper.ConfigVersion;
import io.longwire.rpc.keeper.ProcessState;
import io.longwire.rpc.keeper.Rollout;
import io.longwire.rpc.keeper.Signals;
import io.longwire.rpc.keeper.WatchedRollout;
import io.longwire.testkit.time.VirtualClock;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A rollout of version 2 over version 1 on a virtual clock: a store in memory, and processes that do as told. */
final class WalkRig implements RolloutStore, Fleet {
    static final String PART = "room";
    static final int BAKE_MILLIS = 20_000;
    private static final Duration LOOK = Duration.ofMillis(500);

    final VirtualClock clock = new VirtualClock();
    final Walk walk = new Walk(this, this, clock, new PrometheusMetrics().counter(KeeperMetric.ROLLED_BACK));
    final Map<String, Room> processes = new TreeMap<>();
    private final Map<Long, ConfigVersion> versions = new HashMap<>();
    ConfigState state = ConfigState.getDefaultInstance();
    WatchedRollout watched = WatchedRollout.getDefaultInstance();
    /** Of the starts of processes, those that drained between two looks. */
    final Set<String> drained = new HashSet<>();
    /** Runs when processes are asked. */
    Runnable asking = () -> {};

    /** One process: counts 100 calls at each look, of 10 ms each, for 1000 callers. */
    final class Room {
        final String name;
        final String host;
        int start = 1;
        boolean draining;
        boolean gone;
        boolean silent;
        /** Of 100 calls, while it has version 2. */
        long fails;
        /** Of its callers, at each look, while it has version 2. */
        long loses;
        /** Whether its calls take a second while it has version 2. */
        boolean slow;
        private long work;
        private long failures;
        private long disconnects;
        private long slowCalls;
        private long begun = clock.millis();

        Room(String name, String host) {
            this.name = name;
            this.host = host;
        }

        boolean has() {
            return ConfigFollower.wanted(state, name) == 2;
        }

        /** Drains and ends, between two looks. */
        void leave() {
            drained.add(name + "#" + start);
            gone = true;
        }

        /** Starts anew, as a supervisor does with one that was told to end. */
        void again() {
            start++;
            draining = false;
            gone = false;
            work = 0;
            failures = 0;
            disconnects = 0;
            slowCalls = 0;
            begun = clock.millis();
        }

        private void works() {
            work += 100;
            if (has()) {
                failures += fails;
                disconnects += loses;
                slowCalls += slow ? 100 : 0;
            }
        }

        private Member member() {
            return new Member(PART, name + "#" + start, 1, host, "local", "127.0.0.1:1", "", begun, draining,
                    Map.of("name", name));
        }

        private ProcessState told() {
            long wanted = ConfigFollower.wanted(state, name);
            return ProcessState.newBuilder().setInstance(name).setMember(name + "#" + start).setVersion(wanted)
                    .setWanted(wanted).setSignals(Signals.newBuilder().setWork(work).setFailures(failures)
                            .setDisconnects(disconnects).setOpen(1000).addAllBoundsSeconds(List.of(0.01, 1.0))
                            .addAllCounts(List.of(work - slowCalls, slowCalls, 0L))
                            .setUptimeMs(1 + clock.millis() - begun))
                    .build();
        }
    }

    WalkRig(int count, int onEachHost) {
        for (int i = 0; i < count; i++) {
            var process = new Room("room-" + i, "h" + i / onEachHost);
            processes.put(process.name, process);
        }
        version(1, Map.of("", "size: 1"));
        version(2, Map.of("", "size: 2"));
        state = state.toBuilder().setInForce(1).setHead(2).build();
    }

    /** @param layers YAML by host; "" = the cluster's */
    void version(long number, Map<String, String> layers) {
        var version = ConfigVersion.newBuilder().setPart(PART).setNumber(number);
        layers.forEach((host, yaml) -> version.addLayers(ConfigLayer.newBuilder().setYaml(yaml)
                .setScope(ConfigScope.newBuilder().setHost(host))));
        versions.put(number, version.build());
    }

    void begin() {
        long now = clock.wallMillis();
        state = state.toBuilder().setCandidate(2).setRollout(Rollout.newBuilder().setPart(PART).setNumber(7)
                .setVersion(2).setFrom(1).setState(Rollout.State.OBSERVING).setStartedMs(now).setChangedMs(now)
                .setNextMs(now + 10_000).setBakeMs(BAKE_MILLIS).setLimits(Judge.USUAL)).build();
    }

    /** Looks twice a second; something else happens before each look. */
    void run(Duration time, Runnable each) {
        for (long left = time.toMillis(); left > 0; left -= LOOK.toMillis()) {
            each.run();
            processes.values().forEach(Room::works);
            walk.look(PART);
            clock.advance(LOOK);
        }
    }

    void run(Duration time) {
        run(time, () -> {});
    }

    Rollout rollout() {
        return state.getRollout();
    }

    /** Those that have version 2. */
    List<Room> told() {
        return processes.values().stream().filter(Room::has).toList();
    }

    @Override
    public List<String> parts() {
        return List.of(PART);
    }

    @Override
    public ConfigState state(String part) {
        return state;
    }

    @Override
    public WatchedRollout watched(String part) {
        return watched;
    }

    @Override
    public ConfigVersion version(String part, long number) {
        return versions.getOrDefault(number, ConfigVersion.getDefaultInstance());
    }

    @Override
    public ConfigState change(String part, UnaryOperator<ConfigState> change) {
        return change(part, change, null);
    }

    @Override
    public ConfigState change(String part, UnaryOperator<ConfigState> change, @Nullable WatchedRollout fresh) {
        ConfigState after = change.apply(state);
        if (!after.equals(state)) {
            state = after;
            watched = fresh == null ? watched : fresh;
        }
        return after;
    }

    @Override
    public List<Member> live(String part) {
        return processes.values().stream().filter(process -> !process.gone).map(Room::member)
                .sorted(Comparator.comparing(Processes::name)).toList();
    }

    @Override
    public boolean drained(String member) {
        return drained.contains(member);
    }

    @Override
    public Map<String, ProcessState> states(List<Member> members, boolean values) {
        asking.run();
        var states = new HashMap<String, ProcessState>();
        for (Member member : members) {
            Room process = processes.get(Processes.name(member));
            if (process != null && !process.silent) {
                states.put(member.instance(), process.told());
            }
        }
        return states;
    }
}
