package io.longwire.keeper.server.config;

import io.longwire.keeper.cluster.Member;
import io.longwire.rpc.keeper.ConfigState;
import io.longwire.rpc.keeper.ProcessState;
import io.longwire.rpc.keeper.Rollout;
import io.longwire.rpc.keeper.Signals;
import io.longwire.rpc.keeper.Watched;
import io.longwire.rpc.keeper.WatchedRollout;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The processes of a part at one look at its rollout: who is there, who was told, who of them can still be judged, who
 * would be next. Made for one look; one thread.
 */
final class Crowd {
    private final ConfigState state;
    private final List<Member> live;
    private final Touched touched;
    private final Map<String, Member> members = new LinkedHashMap<>();
    private final Map<String, Watched> watched = new LinkedHashMap<>(); // by service.name
    private final long watchedNumber;
    private final Set<String> taking;
    private int drained;
    private String lastDrained = "one";

    /**
     * One that was told the version.
     *
     * @param gone the start of it that was told is no longer there
     * @param touchedBy the layer by which the version changes something for it
     */
    record Told(Watched watched, boolean gone, Optional<String> touchedBy) {
        String name() {
            return watched.getInstance();
        }

        /** By its own clock, if it tells its time; -1 = it did not answer. */
        long hasHadItMillis(Map<String, ProcessState> states, long now) {
            ProcessState process = states.get(watched.getMember());
            return process == null
                    ? -1
                    : Judge.millis(watched.getTold(), watched.getToldMs(), process.getSignals(), now);
        }
    }

    Crowd(ConfigState state, WatchedRollout watched, List<Member> live, Touched touched) {
        this.state = state;
        this.live = live;
        this.touched = touched;
        this.watchedNumber = watched.getNumber();
        this.drained = watched.getDrained();
        this.taking = new HashSet<>(state.getTakingList());
        live.forEach(member -> members.put(member.instance(), member));
        watched.getWatchedList().forEach(one -> this.watched.put(one.getInstance(), one));
    }

    Rollout rollout() {
        return state.getRollout();
    }

    List<Member> live() {
        return live;
    }

    boolean everyone() {
        return state.getEveryone();
    }

    boolean tellsNobody() {
        return taking.isEmpty();
    }

    /** Whether what is watched belongs to this rollout. */
    boolean known() {
        return watchedNumber == rollout().getNumber();
    }

    /** How often one drained that had been told. */
    int drained() {
        return drained;
    }

    String lastDrained() {
        return lastDrained;
    }

    /**
     * Marks those that drain since the look before, or did and are gone. Whether there are any.
     *
     * @param sawDraining whether a start of a process was seen to drain
     */
    boolean noteDrained(Predicate<String> sawDraining, boolean counting) {
        boolean any = false;
        for (Watched one : List.copyOf(watched.values())) {
            Member member = members.get(one.getMember());
            boolean drains = member == null ? sawDraining.test(one.getMember()) : member.draining();
            if (one.hasTold() && !one.getDraining() && drains) {
                watched.put(one.getInstance(), one.toBuilder().setDraining(true).build());
                drained += counting ? 1 : 0;
                lastDrained = one.getInstance();
                any = true;
            }
        }
        return any;
    }

    /** Those whose state a look wants: who is judged, and who has the version and is not watched yet. */
    List<Member> asked() {
        return live.stream().filter(member -> !member.draining() && has(Processes.name(member))).toList();
    }

    /**
     * Watches the new starts of those that drained, and those that started since all are told. Whether there are any.
     */
    boolean adopt(Map<String, ProcessState> states, long now) {
        boolean any = false;
        for (Member member : asked()) {
            Watched known = watched.getOrDefault(Processes.name(member), Watched.getDefaultInstance());
            ProcessState process = states.get(member.instance());
            boolean fresh = !known.getMember().equals(member.instance()) && (!known.hasTold() || known.getDraining());
            if (fresh && process != null) {
                watched.put(Processes.name(member), told(member, process.getSignals(),
                        known.hasTold() ? known.getStep() : rollout().getStep(), now).build());
                any = true;
            }
        }
        return any;
    }

    /** Those that were told and do not drain. */
    List<Told> judged() {
        return told().stream().filter(one -> !one.watched.getDraining()).toList();
    }

    /** Those of them whose fate decides about this step: whom it told, and for whom the version changes something. */
    List<Told> proving() {
        List<Told> all = told();
        List<Told> some = all.stream().filter(one -> one.touchedBy.isPresent()).toList();
        List<Told> changed = some.isEmpty() ? all : some;
        List<Told> here = changed.stream().filter(one -> one.watched.getStep() == rollout().getStep()).toList();
        return (here.isEmpty() ? changed : here).stream().filter(one -> !one.watched.getDraining() && !one.gone)
                .toList();
    }

    /** Those that a step tells besides those that were told. */
    List<Member> next(int step) {
        List<Member> there = live.stream().filter(member -> !member.draining()).toList();
        List<Member> from = step == Steps.ALL ? there : changed(there);
        List<String> names = Steps.choose(step, from.stream().map(Processes::name).toList(), taking,
                rollout().getVersion());
        return there.stream().filter(member -> names.contains(Processes.name(member))).toList();
    }

    int nextStep() {
        List<Member> changed = changed(live);
        long told = changed.stream().filter(member -> taking.contains(Processes.name(member))).count();
        return Steps.next(rollout().getStep(), (int) told, changed.size());
    }

    /** What all count at first. */
    WatchedRollout first(Map<String, ProcessState> states, long now) {
        var first = WatchedRollout.newBuilder().setNumber(rollout().getNumber());
        for (Member member : live) {
            ProcessState process = states.get(member.instance());
            if (process != null) {
                first.addWatched(Watched.newBuilder().setInstance(Processes.name(member)).setMember(member.instance())
                        .setFirst(process.getSignals()).setFirstMs(now));
            }
        }
        return first.build();
    }

    /** What is watched once these have been told as well. */
    WatchedRollout told(List<Member> next, Map<String, ProcessState> states, int step, long now) {
        for (Member member : next) {
            ProcessState process = states.getOrDefault(member.instance(), ProcessState.getDefaultInstance());
            Watched known = watched.getOrDefault(Processes.name(member), Watched.getDefaultInstance());
            var fresh = told(member, process.getSignals(), step, now);
            if (known.getMember().equals(member.instance()) && known.hasFirst()) {
                fresh.setFirst(known.getFirst()).setFirstMs(known.getFirstMs());
            }
            watched.put(Processes.name(member), fresh.build());
        }
        return watched();
    }

    WatchedRollout watched() {
        return WatchedRollout.newBuilder().setNumber(watchedNumber).setDrained(drained)
                .addAllWatched(watched.values()).build();
    }

    private static Watched.Builder told(Member member, Signals signals, int step, long now) {
        return Watched.newBuilder().setInstance(Processes.name(member)).setMember(member.instance()).setTold(signals)
                .setToldMs(now).setStep(step);
    }

    private List<Told> told() {
        var told = new ArrayList<Told>();
        for (Watched one : watched.values()) {
            if (one.hasTold() && has(one.getInstance())) {
                Member member = members.get(one.getMember());
                told.add(new Told(one, member == null, member == null
                        ? Optional.of(one.getInstance()) // on which host is no longer known
                        : by(member)));
            }
        }
        return told;
    }

    // Those for whom the version changes something; all, if it is for none that is there.
    private List<Member> changed(List<Member> of) {
        List<Member> changed = of.stream().filter(member -> by(member).isPresent()).toList();
        return changed.isEmpty() ? of : changed;
    }

    private Optional<String> by(Member member) {
        return touched.by(member.host(), Processes.name(member));
    }

    private boolean has(String name) {
        return state.getEveryone() || taking.contains(name);
    }
}
