package io.longwire.keeper.server.config;

import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.cluster.Member;
import io.longwire.keeper.metrics.Metrics;
import io.longwire.rpc.keeper.ConfigState;
import io.longwire.rpc.keeper.ProcessState;
import io.longwire.rpc.keeper.Rollout;
import io.longwire.rpc.keeper.Watched;
import io.longwire.rpc.keeper.WatchedRollout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Walks the rollouts while this keeper leads: looks twice a second, tells the next processes when a bake time has
 * passed without complaint, and takes the version back from all of them at the first one. All that it needs to go on
 * stands in ZooKeeper, so another keeper goes on where one was killed; what is in memory here (who was draining,
 * who is silent) can only make it more patient. One thread.
 */
final class RolloutWalker implements AutoCloseable {
    static final long TAKEN_WITHIN_MILLIS = 10_000;
    private static final long SILENT_MILLIS = 10_000;
    private static final Duration EVERY = Duration.ofMillis(500);
    private static final int SHOWN = 100;
    private static final String KEEPER = "keeper";
    private static final Logger LOG = LoggerFactory.getLogger(RolloutWalker.class);

    private final ConfigStore store;
    private final Processes processes;
    private final BooleanSupplier leading;
    private final Clock clock;
    private final Metrics.Counter rolledBack;
    private final ExecutorService thread = Executors
            .newSingleThreadExecutor(Thread.ofPlatform().daemon().name("keeper-rollouts").factory());
    private final Clock.Cancellable timer;
    private final AtomicBoolean looking = new AtomicBoolean();
    private final Set<String> drained = new HashSet<>(); // members seen draining in a rollout under way
    private final Map<String, Long> silentSince = new HashMap<>();

    RolloutWalker(ConfigStore store, Processes processes, BooleanSupplier leading, Clock clock,
            Metrics.Counter rolledBack) {
        this.store = store;
        this.processes = processes;
        this.leading = leading;
        this.clock = clock;
        this.rolledBack = rolledBack;
        this.timer = clock.every(EVERY, this::soon);
    }

    @Override
    public void close() {
        timer.cancel();
        thread.shutdownNow();
    }

    private void soon() {
        if (leading.getAsBoolean() && looking.compareAndSet(false, true)) {
            try {
                thread.execute(this::look);
            } catch (RejectedExecutionException closed) {
                LOG.debug("after the end", closed);
            }
        }
    }

    private void look() {
        try {
            boolean any = false;
            for (String part : store.parts()) {
                any |= look(part);
            }
            if (!any) {
                drained.clear();
                silentSince.clear();
            }
        } catch (ConfigRefused away) {
            LOG.warn("rollouts wait: {}", away.getMessage());
        } finally {
            looking.set(false);
        }
    }

    // Whether one is under way there. What goes wrong with one part does not keep those of the others.
    private boolean look(String part) {
        try {
            ConfigState state = store.state(part);
            if (!Rollouts.GOING.contains(state.getRollout().getState())) {
                return false;
            }
            walk(part, state);
        } catch (ConfigRefused away) {
            LOG.warn("the rollout of {} waits: {}", part, away.getMessage());
        } catch (RuntimeException bug) {
            LOG.error("walking the rollout of {} failed, trying again", part, bug);
        }
        return true;
    }

    private void walk(String part, ConfigState state) {
        List<Member> live = processes.live(part);
        live.stream().filter(Member::draining).forEach(member -> drained.add(member.instance()));
        Rollout rollout = state.getRollout();
        WatchedRollout watched = store.watched(part);
        if (rollout.getState() == Rollout.State.OBSERVING) {
            observe(part, state, live, watched);
            return;
        }
        Set<String> taking = new HashSet<>(state.getTakingList());
        List<Watched> told = watched.getWatchedList().stream().filter(Watched::hasTold)
                .filter(one -> state.getEveryone() || taking.contains(one.getInstance()))
                .filter(one -> !drained.contains(one.getMember())).toList();
        Set<String> members = live.stream().map(Member::instance).collect(Collectors.toSet());
        Set<String> asked = told.stream().map(Watched::getMember).collect(Collectors.toSet());
        Map<String, ProcessState> states = processes.states(
                live.stream().filter(member -> asked.contains(member.instance())).toList(), false);
        Optional<String> complaint = complaint(state, told, members, states);
        if (complaint.isPresent()) {
            back(part, rollout, complaint.get());
        } else if (rollout.getState() == Rollout.State.STEPPING) {
            taken(part, rollout, told, states);
        } else if (clock.wallMillis() >= rollout.getNextMs()) {
            onward(part, state, live);
        }
    }

    // What they count at first; and after the time for it, the first step. Only who leads writes what is watched.
    private void observe(String part, ConfigState state, List<Member> live, WatchedRollout watched) {
        Rollout rollout = state.getRollout();
        long now = clock.wallMillis();
        if (watched.getNumber() == rollout.getNumber()) {
            if (now >= rollout.getNextMs()) {
                step(part, state, live, 1);
            }
            return;
        }
        Map<String, ProcessState> states = processes.states(live, false);
        var first = WatchedRollout.newBuilder().setNumber(rollout.getNumber());
        for (Member member : live) {
            ProcessState process = states.get(member.instance());
            if (process != null) {
                first.addWatched(Watched.newBuilder().setInstance(Processes.name(member))
                        .setMember(member.instance()).setFirst(process.getSignals()).setFirstMs(now));
            }
        }
        store.watch(part, first.build());
    }

    // What is wrong with the processes that were told, beside not having taken it yet.
    private Optional<String> complaint(ConfigState state, List<Watched> told, Set<String> members,
            Map<String, ProcessState> states) {
        long now = clock.wallMillis();
        var seen = new ArrayList<Judge.Seen>();
        for (Watched one : told) {
            ProcessState process = states.get(one.getMember());
            if (!members.contains(one.getMember())) {
                return Optional.of(one.getInstance() + ": its process has ended (expected: that it goes on)");
            }
            if (process == null) {
                Optional<String> silent = silent(one.getMember(), one.getInstance(), now);
                if (silent.isPresent()) {
                    return silent;
                }
                continue;
            }
            silentSince.remove(one.getMember());
            if (!process.getRefused().isEmpty() && process.getWanted() == state.getCandidate()) {
                return Optional.of(one.getInstance() + ": refused it: " + process.getRefused());
            }
            seen.add(new Judge.Seen(one, process.getSignals(), now));
        }
        return Judge.verdict(seen, state.getRollout().getLimits());
    }

    // Why it counts as gone: it has not answered for too long.
    private Optional<String> silent(String member, String name, long now) {
        long since = silentSince.computeIfAbsent(member, _ -> now);
        return now - since > SILENT_MILLIS
                ? Optional.of(name + ": has not answered for " + (now - since) + " ms (expected: an answer)")
                : Optional.empty();
    }

    private void taken(String part, Rollout rollout, List<Watched> told, Map<String, ProcessState> states) {
        List<String> missing = told.stream().filter(one -> {
            ProcessState process = states.get(one.getMember());
            return process == null || process.getVersion() != rollout.getVersion();
        }).map(Watched::getInstance).toList();
        long now = clock.wallMillis();
        if (missing.isEmpty()) {
            change(part, rollout, going -> going.setState(Rollout.State.BAKING).setNextMs(now + rollout.getBakeMs()));
        } else if (now >= rollout.getNextMs()) {
            back(part, rollout, missing.getFirst() + ": has not taken version " + rollout.getVersion() + " (expected: "
                    + "within " + TAKEN_WITHIN_MILLIS + " ms)");
        }
    }

    private void onward(String part, ConfigState state, List<Member> live) {
        Rollout rollout = state.getRollout();
        if (!state.getEveryone()) {
            step(part, state, live, Steps.next(rollout.getStep(), rollout.getTold(), live.size()));
            return;
        }
        store.change(part, now -> same(now, rollout)
                ? Rollouts.inForce(now, rollout.getVersion(), rollout.getAuthor(), "rollout", clock.wallMillis())
                        .toBuilder().setRollout(changed(now.getRollout()).setState(Rollout.State.DONE).setNextMs(0))
                        .build()
                : now);
        LOG.info("{}: version {} is in force", part, rollout.getVersion());
    }

    // Notes what the next ones count now, then tells them.
    private void step(String part, ConfigState state, List<Member> live, int step) {
        Rollout rollout = state.getRollout();
        List<String> there = live.stream().filter(member -> !member.draining()).map(Processes::name).toList();
        List<String> names = Steps.choose(step, there, state.getTakingList(), rollout.getVersion());
        List<Member> next = live.stream().filter(member -> names.contains(Processes.name(member))).toList();
        Map<String, ProcessState> states = processes.states(next, false);
        long now = clock.wallMillis();
        WatchedRollout before = store.watched(part);
        Map<String, Watched> watched = new HashMap<>();
        if (before.getNumber() == rollout.getNumber()) {
            before.getWatchedList().forEach(one -> watched.put(one.getInstance(), one));
        }
        for (Member member : next) {
            String name = Processes.name(member);
            ProcessState process = states.get(member.instance());
            if (process == null) { // cannot be judged, so it is not told: asked again, for a while
                silent(member.instance(), name, now).ifPresent(reason -> back(part, rollout, reason));
                return;
            }
            silentSince.remove(member.instance());
            Watched known = watched.getOrDefault(name, Watched.getDefaultInstance());
            var fresh = known.getMember().equals(member.instance()) ? known.toBuilder() : Watched.newBuilder();
            watched.put(name, fresh.setInstance(name).setMember(member.instance()).setTold(process.getSignals())
                    .setToldMs(now).build());
        }
        store.watch(part, WatchedRollout.newBuilder().setNumber(rollout.getNumber()).addAllWatched(watched.values())
                .build());
        tell(part, rollout, names, live.size(), step);
    }

    private void tell(String part, Rollout rollout, List<String> next, int processCount, int step) {
        long now = clock.wallMillis();
        store.change(part, standing -> {
            if (!same(standing, rollout)) {
                return standing;
            }
            var after = standing.toBuilder().addAllTaking(next).setEveryone(step == Steps.ALL);
            int told = after.getTakingCount();
            var going = changed(rollout).setState(Rollout.State.STEPPING).setStep(step).setTold(told)
                    .setProcesses(processCount).setNextMs(now + TAKEN_WITHIN_MILLIS).clearInstances();
            after.getTakingList().stream().limit(SHOWN).forEach(going::addInstances);
            return after.setRollout(going).build();
        });
        LOG.info("{}: step {} tells version {} to {}", part, step, rollout.getVersion(), next);
    }

    private void back(String part, Rollout rollout, String reason) {
        ConfigState after = store.change(part, now -> same(now, rollout)
                ? Rollouts.back(now, KEEPER, reason, clock.wallMillis())
                : now);
        if (after.getRollout().getState() == Rollout.State.ROLLED_BACK) {
            rolledBack.increment();
            LOG.warn("{}: version {} rolled back at step {}: {}", part, rollout.getVersion(), rollout.getStep(),
                    reason);
        }
    }

    private interface Going {
        Rollout.Builder of(Rollout.Builder rollout);
    }

    private void change(String part, Rollout rollout, Going going) {
        store.change(part, now -> same(now, rollout)
                ? now.toBuilder().setRollout(going.of(changed(now.getRollout()))).build()
                : now);
    }

    private Rollout.Builder changed(Rollout rollout) {
        return rollout.toBuilder().setChangedMs(clock.wallMillis());
    }

    // Nobody has halted it, rolled it back or walked it on meanwhile.
    private static boolean same(ConfigState now, Rollout rollout) {
        return now.getRollout().equals(rollout);
    }
}
