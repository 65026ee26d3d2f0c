package io.longwire.keeper.server.config;

import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.cluster.Member;
import io.longwire.keeper.metrics.Metrics;
import io.longwire.rpc.keeper.ConfigState;
import io.longwire.rpc.keeper.ProcessState;
import io.longwire.rpc.keeper.Rollout;
import io.longwire.rpc.keeper.WatchedRollout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way of a rollout: tells the next processes when a bake time has passed without complaint, and takes the version
 * back from all of them at the first one. A step is over only if somebody that it told was watched for the whole bake
 * time: a process that drained meanwhile proves nothing, so another is told, or its new start watched instead; and
 * when processes drain again and again after they were told, that is what the version does to them.
 *
 * <p>All that is needed to go on stands in ZooKeeper, and what is watched is written in one step with the state it
 * belongs to. So another keeper goes on where one was killed, and one that thinks it still leads changes nothing. In
 * memory is only who is silent, which makes it more patient. One thread.
 */
final class Walk {
    static final long TAKEN_WITHIN_MILLIS = 10_000;
    private static final long JUDGED_AFTER_MILLIS = 10_000;
    /** How long nobody may be there to be told or watched, before the rollout halts. */
    private static final long NOBODY_MILLIS = 60_000;
    /** Of those told, how many may drain: somebody may be restarting one. */
    private static final double MAY_DRAIN = 0.05;
    private static final int SHOWN = 100;
    private static final String KEEPER = "keeper";
    private static final Logger LOG = LoggerFactory.getLogger(Walk.class);

    private final RolloutStore store;
    private final Fleet fleet;
    private final Clock clock;
    private final Metrics.Counter rolledBack;
    private final Silence silence;
    private final Map<String, Touched> touched = new HashMap<>();

    Walk(RolloutStore store, Fleet fleet, Clock clock, Metrics.Counter rolledBack) {
        this.store = store;
        this.fleet = fleet;
        this.clock = clock;
        this.rolledBack = rolledBack;
        this.silence = new Silence(clock);
    }

    /** No rollout is walked now. */
    void forget() {
        silence.forget();
        touched.clear();
    }

    /** One look at the rollout of a part, and what follows from it. Whether one is under way, or halted. */
    boolean look(String part) {
        ConfigState state = store.state(part);
        Rollout rollout = state.getRollout();
        boolean halted = rollout.getState() == Rollout.State.HALTED;
        if (!halted && !Rollouts.GOING.contains(rollout.getState())) {
            return false;
        }
        var crowd = new Crowd(state, store.watched(part), fleet.live(part), touched(part, rollout));
        if (rollout.getState() == Rollout.State.OBSERVING) {
            observe(part, crowd);
        } else if (rollout.getStep() > 0) {
            walk(part, crowd, halted);
        }
        return true;
    }

    private Touched touched(String part, Rollout rollout) {
        return touched.computeIfAbsent(part + " " + rollout.getNumber(), _ -> Touched.of(
                store.version(part, rollout.getFrom()), store.version(part, rollout.getVersion())));
    }

    private void walk(String part, Crowd crowd, boolean halted) {
        Rollout rollout = crowd.rollout();
        if (!crowd.known()) {
            halt(part, rollout, "watched: of another rollout (expected: of " + rollout.getNumber() + ")");
            return;
        }
        boolean drained = crowd.noteDrained(fleet::drained, !halted);
        Map<String, ProcessState> states = fleet.states(crowd.asked(), false);
        Optional<String> complaint = complaint(crowd, states);
        if (complaint.isPresent()) {
            back(part, rollout, complaint.get());
            return;
        }
        boolean came = crowd.adopt(states, clock.wallMillis());
        if (drained || came) {
            change(part, rollout, going -> came && rollout.getState() == Rollout.State.STEPPING
                    ? going.setNextMs(Math.max(going.getNextMs(), clock.wallMillis() + TAKEN_WITHIN_MILLIS))
                    : going, crowd.watched());
        } else if (rollout.getState() == Rollout.State.STEPPING) {
            taken(part, crowd, states);
        } else if (!halted && clock.wallMillis() >= rollout.getNextMs()) {
            baked(part, crowd, states);
        }
    }

    // What they count at first; and after the time for it, the first step.
    private void observe(String part, Crowd crowd) {
        Rollout rollout = crowd.rollout();
        long now = clock.wallMillis();
        if (crowd.known()) {
            if (now >= rollout.getNextMs()) {
                step(part, crowd, 1);
            }
            return;
        }
        change(part, rollout, going -> going, crowd.first(fleet.states(crowd.live(), false), now));
    }

    // What is wrong with the processes that were told, beside not having taken it yet.
    private Optional<String> complaint(Crowd crowd, Map<String, ProcessState> states) {
        Rollout rollout = crowd.rollout();
        if (crowd.drained() > Math.max(1, MAY_DRAIN * rollout.getTold())) {
            return Optional.of(crowd.drained() + " processes drained after they were told it, at last "
                    + crowd.lastDrained() + " (expected: that they go on; restart none during a rollout)");
        }
        long now = clock.wallMillis();
        Map<String, List<Judge.Seen>> seen = new LinkedHashMap<>(); // by the layer that changes something for them
        for (Crowd.Told one : crowd.judged()) {
            ProcessState process = states.get(one.watched().getMember());
            if (one.gone()) {
                return Optional.of(one.name() + ": its process has ended (expected: that it goes on)");
            }
            if (process == null) {
                Optional<String> silent = silence.silent(one.watched().getMember(), one.name());
                if (silent.isPresent()) {
                    return silent;
                }
                continue;
            }
            silence.answered(one.watched().getMember());
            if (!process.getRefused().isEmpty() && process.getWanted() == rollout.getVersion()) {
                return Optional.of(one.name() + ": refused it: " + process.getRefused());
            }
            one.touchedBy().ifPresent(layer -> seen.computeIfAbsent(layer, _ -> new ArrayList<>())
                    .add(new Judge.Seen(one.watched(), process.getSignals(), now)));
        }
        long least = Math.min(JUDGED_AFTER_MILLIS, rollout.getBakeMs());
        return seen.values().stream().map(some -> Judge.verdict(some, rollout.getLimits(), least))
                .flatMap(Optional::stream).findFirst();
    }

    private void taken(String part, Crowd crowd, Map<String, ProcessState> states) {
        Rollout rollout = crowd.rollout();
        List<String> missing = crowd.judged().stream().filter(one -> {
            ProcessState process = states.get(one.watched().getMember());
            return process == null || process.getVersion() != rollout.getVersion();
        }).map(Crowd.Told::name).toList();
        long now = clock.wallMillis();
        if (missing.isEmpty() && !crowd.proving().isEmpty()) {
            change(part, rollout, going -> going.setState(Rollout.State.BAKING).setNextMs(now + rollout.getBakeMs()),
                    crowd.watched());
        } else if (now >= rollout.getNextMs() && missing.isEmpty()) {
            another(part, crowd);
        } else if (now >= rollout.getNextMs()) {
            back(part, rollout, missing.getFirst() + ": has not taken version " + rollout.getVersion() + " (expected: "
                    + "within " + TAKEN_WITHIN_MILLIS + " ms)");
        }
    }

    // The bake time is over by this keeper's clock; whoever was told must have had it as long by its own.
    private void baked(String part, Crowd crowd, Map<String, ProcessState> states) {
        long now = clock.wallMillis();
        if (crowd.proving().isEmpty()) {
            another(part, crowd);
        } else if (crowd.proving().stream().anyMatch(one -> one.hasHadItMillis(states, now) >= crowd.rollout()
                .getBakeMs())) {
            onward(part, crowd);
        }
    }

    // Nobody that this step told can be watched: it tells others.
    private void another(String part, Crowd crowd) {
        if (!crowd.next(crowd.rollout().getStep()).isEmpty()) {
            step(part, crowd, crowd.rollout().getStep());
        } else {
            nobody(part, crowd.rollout());
        }
    }

    private void nobody(String part, Rollout rollout) {
        if (clock.wallMillis() > rollout.getNextMs() + NOBODY_MILLIS) {
            halt(part, rollout, "processes: none that can be told the version or be watched with it (expected: one)");
        }
    }

    private void onward(String part, Crowd crowd) {
        Rollout rollout = crowd.rollout();
        if (!crowd.everyone()) {
            step(part, crowd, crowd.nextStep());
            return;
        }
        store.change(part, now -> same(now, rollout)
                ? Rollouts.inForce(now, rollout.getVersion(), rollout.getAuthor(), "rollout", clock.wallMillis())
                        .toBuilder().setRollout(changed(now.getRollout()).setState(Rollout.State.DONE).setNextMs(0))
                        .build()
                : now);
        LOG.info("{}: version {} is in force", part, rollout.getVersion());
    }

    // Notes what the next ones count now, and tells them, in one write.
    private void step(String part, Crowd crowd, int step) {
        Rollout rollout = crowd.rollout();
        List<Member> next = crowd.next(step);
        if (next.isEmpty() && crowd.tellsNobody()) {
            nobody(part, rollout);
            return;
        }
        Map<String, ProcessState> states = fleet.states(next, false);
        for (Member member : next) {
            if (!states.containsKey(member.instance())) { // cannot be judged, so is not told: asked again
                silence.silent(member.instance(), Processes.name(member)).ifPresent(reason -> back(part, rollout,
                        reason));
                return;
            }
            silence.answered(member.instance());
        }
        tell(part, crowd, next, step, crowd.told(next, states, step, clock.wallMillis()));
    }

    private void tell(String part, Crowd crowd, List<Member> next, int step, WatchedRollout watched) {
        Rollout rollout = crowd.rollout();
        List<String> names = next.stream().map(Processes::name).toList();
        long now = clock.wallMillis();
        store.change(part, standing -> {
            if (!same(standing, rollout)) {
                return standing;
            }
            var after = standing.toBuilder().addAllTaking(names).setEveryone(step == Steps.ALL);
            var going = changed(rollout).setState(Rollout.State.STEPPING).setStep(step).setTold(after.getTakingCount())
                    .setProcesses(crowd.live().size()).setNextMs(now + TAKEN_WITHIN_MILLIS).clearInstances();
            after.getTakingList().stream().limit(SHOWN).forEach(going::addInstances);
            return after.setRollout(going).build();
        }, watched);
        LOG.info("{}: step {} tells version {} to {}", part, step, rollout.getVersion(), names);
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

    private void halt(String part, Rollout rollout, String reason) {
        if (rollout.getState() == Rollout.State.HALTED) {
            return;
        }
        store.change(part, now -> same(now, rollout)
                ? now.toBuilder().setRollout(changed(rollout).setState(Rollout.State.HALTED).setNextMs(0)
                        .setEndedBy(KEEPER).setReason(reason)).build()
                : now);
        LOG.warn("{}: the rollout of version {} halts: {}", part, rollout.getVersion(), reason);
    }

    private interface Going {
        Rollout.Builder of(Rollout.Builder rollout);
    }

    private void change(String part, Rollout rollout, Going going, WatchedRollout watched) {
        store.change(part, now -> same(now, rollout)
                ? now.toBuilder().setRollout(going.of(changed(now.getRollout()))).build()
                : now, watched);
    }

    // Always another than before, so that a write of the same state is known for what it is.
    private Rollout.Builder changed(Rollout rollout) {
        return rollout.toBuilder().setChangedMs(Math.max(clock.wallMillis(), rollout.getChangedMs() + 1));
    }

    // Nobody has halted it, rolled it back or walked it on meanwhile.
    private static boolean same(ConfigState now, Rollout rollout) {
        return now.getRollout().equals(rollout);
    }
}
