package io.longwire.keeper.server.config;

import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.cluster.Member;
import io.longwire.rpc.keeper.ConfigCode;
import io.longwire.rpc.keeper.ConfigSchema;
import io.longwire.rpc.keeper.ConfigState;
import io.longwire.rpc.keeper.ConfigVersion;
import io.longwire.rpc.keeper.Deployed;
import io.longwire.rpc.keeper.HaltRolloutRequest;
import io.longwire.rpc.keeper.ResumeRolloutRequest;
import io.longwire.rpc.keeper.RollbackRequest;
import io.longwire.rpc.keeper.Rollout;
import io.longwire.rpc.keeper.StartRolloutRequest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What operators do with rollouts: start, halt, resume, roll back. Any keeper does it; the one that leads walks on from
 * the state that stands then. Thread-safe; waits for ZooKeeper.
 */
final class Rollouts {
    static final Set<Rollout.State> GOING = Set.of(Rollout.State.OBSERVING, Rollout.State.STEPPING,
            Rollout.State.BAKING);
    private static final int DEPLOYED_KEPT = 50;
    private static final int USUAL_BAKE_MILLIS = 60_000;
    private static final int USUAL_OBSERVE_MILLIS = 10_000;
    private static final int MOST_BAKE_MILLIS = 7 * 24 * 3600_000;

    private final ConfigStore store;
    private final Drafts drafts;
    private final Processes processes;
    private final Clock clock;

    Rollouts(ConfigStore store, Drafts drafts, Processes processes, Clock clock) {
        this.store = store;
        this.drafts = drafts;
        this.processes = processes;
        this.clock = clock;
    }

    Rollout start(StartRolloutRequest request) {
        String part = request.getPart();
        ConfigSchema schema = drafts.schema(part);
        ConfigState standing = store.state(part);
        refuseIfUnderWay(standing);
        long number = request.getVersion() == 0 ? standing.getHead() : request.getVersion();
        ConfigVersion version = store.version(part, number);
        if (number == standing.getInForce()) {
            throw new ConfigRefused(ConfigCode.BAD_REQUEST, "version: " + number + " is in force (expected: another)");
        }
        int bake = millis("bake_ms", request.getBakeMs(), USUAL_BAKE_MILLIS);
        int observe = millis("observe_ms", request.getObserveMs(), USUAL_OBSERVE_MILLIS);
        List<Member> live = named(part);
        drafts.stillGood(version, true);
        ConfigVersion from = store.version(part, standing.getInForce());
        long now = clock.wallMillis();
        Rollout begun = Rollout.newBuilder().setPart(part).setNumber(standing.getRollout().getNumber() + 1)
                .setVersion(number).setFrom(standing.getInForce()).setState(Rollout.State.OBSERVING)
                .setProcesses(live.size()).setAuthor(Drafts.author(request.getAuthor())).setStartedMs(now)
                .setChangedMs(now).setNextMs(now + observe).setBakeMs(bake)
                .setLimits(Judge.orUsual(request.getLimits()))
                .addAllWaitingKeys(Changes.waiting(from, version, schema)).build();
        return store.change(part, state -> begun(state, standing, begun, request.getVersion() == 0)).getRollout();
    }

    /**
     * The state after a rollout has begun. Refuses CHANGED_MEANWHILE if it is not the one that the version was proven
     * against, which takes seconds: another may have rolled out the same version, and taken it back.
     *
     * @param newest the version was not named: it is the newest one
     */
    static ConfigState begun(ConfigState state, ConfigState asked, Rollout begun, boolean newest) {
        Rollout last = state.getRollout();
        if (state.getCandidate() == begun.getVersion() && last.getNumber() == begun.getNumber()
                && last.getStartedMs() == begun.getStartedMs() && last.getAuthor().equals(begun.getAuthor())) {
            return state; // begun before, and its answer was lost
        }
        refuseIfUnderWay(state);
        refuseUnlike("version in force", state.getInForce(), asked.getInForce());
        refuseUnlike("last rollout", last.getNumber(), asked.getRollout().getNumber());
        if (newest) {
            refuseUnlike("newest version", state.getHead(), asked.getHead());
        }
        return state.toBuilder().setCandidate(begun.getVersion()).clearTaking().setEveryone(false).setRollout(begun)
                .build();
    }

    Rollout halt(HaltRolloutRequest request) {
        return store.change(request.getPart(), state -> {
            if (!GOING.contains(state.getRollout().getState())) {
                throw none(request.getPart(), state);
            }
            return state.toBuilder().setRollout(state.getRollout().toBuilder().setState(Rollout.State.HALTED)
                    .setChangedMs(clock.wallMillis()).setNextMs(0).setEndedBy(Drafts.author(request.getAuthor()))
                    .setReason(Drafts.words("reason", request.getReason()))).build();
        }).getRollout();
    }

    /** Goes on with the step it was in, whose bake time begins anew. */
    Rollout resume(ResumeRolloutRequest request) {
        return store.change(request.getPart(), state -> {
            Rollout rollout = state.getRollout();
            if (rollout.getState() != Rollout.State.HALTED) {
                throw none(request.getPart(), state);
            }
            long now = clock.wallMillis();
            boolean begun = rollout.getStep() > 0;
            return state.toBuilder().setRollout(rollout.toBuilder()
                    .setState(begun ? Rollout.State.STEPPING : Rollout.State.OBSERVING).setChangedMs(now)
                    .setNextMs(now + Walk.TAKEN_WITHIN_MILLIS).clearReason().clearEndedBy()).build();
        }).getRollout();
    }

    Rollout rollback(RollbackRequest request) {
        String part = request.getPart();
        String author = Drafts.author(request.getAuthor());
        Drafts.words("reason", request.getReason());
        if (request.getVersion() == 0 && !request.hasRollout() && !request.hasInForce()) {
            throw new ConfigRefused(ConfigCode.BAD_REQUEST,
                    "rollout, in_force: neither (expected: what the caller saw, "
                            + "so that a repeated call takes nothing else back; or a version)");
        }
        if (request.getVersion() != 0) {
            drafts.stillGood(store.version(part, request.getVersion()), false);
        }
        return store.change(part, state -> rolledBack(state, request, author, clock.wallMillis())).getRollout();
    }

    /** The state after an operator's rollback. Refuses CHANGED_MEANWHILE if the state is not what the caller saw. */
    static ConfigState rolledBack(ConfigState state, RollbackRequest request, String author, long now) {
        boolean under = state.getCandidate() != 0;
        refuseUnseen(state, request, under);
        if (under && request.getVersion() == 0) {
            return back(state, author, request.getReason(), now);
        }
        long target = request.getVersion() != 0 ? request.getVersion() : before(request.getPart(), state);
        if (target == state.getInForce() && !under) {
            throw new ConfigRefused(ConfigCode.BAD_REQUEST, "version: " + target + " is in force (expected: "
                    + "another)");
        }
        return deployed(state.toBuilder().setRollout(state.getRollout().toBuilder().setPart(request.getPart())).build(),
                target, author, request.getReason(), now);
    }

    private static void refuseUnseen(ConfigState state, RollbackRequest request, boolean under) {
        if (request.hasRollout() && !(under && state.getRollout().getNumber() == request.getRollout())) {
            throw new ConfigRefused(ConfigCode.CHANGED_MEANWHILE, "rollout: " + request.getRollout() + " is over, and "
                    + state.getInForce() + " is in force (expected: one under way)");
        }
        if (request.hasInForce() && state.getInForce() != request.getInForce()) {
            throw new ConfigRefused(ConfigCode.CHANGED_MEANWHILE, "in_force: " + request.getInForce() + " (expected: "
                    + state.getInForce() + ", which is now)");
        }
        if (request.hasInForce() && !request.hasRollout() && under) {
            throw new ConfigRefused(ConfigCode.CHANGED_MEANWHILE, "rollout: " + state.getRollout().getNumber()
                    + " has begun (expected: none under way, or its number)");
        }
    }

    /** The state after a rollout that is given up: everybody has again what was in force. */
    static ConfigState back(ConfigState state, String by, String reason, long now) {
        return state.toBuilder().setCandidate(0).clearTaking().setEveryone(false).setHead(state.getInForce())
                .setRollout(state.getRollout().toBuilder().setState(Rollout.State.ROLLED_BACK).setChangedMs(now)
                        .setNextMs(0).setEndedBy(by).setReason(reason))
                .build();
    }

    /** The state after a version has come into force for everybody, with what was in force before it remembered. */
    static ConfigState inForce(ConfigState state, long version, String author, String why, long now) {
        var deployed = new ArrayList<>(state.getDeployedList());
        if (deployed.isEmpty()) {
            deployed.add(Deployed.newBuilder().setVersion(state.getInForce()).setAtMs(now).build());
        }
        deployed.add(Deployed.newBuilder().setVersion(version).setAtMs(now).setAuthor(author).setWhy(why).build());
        int more = Math.max(0, deployed.size() - DEPLOYED_KEPT);
        return state.toBuilder().setInForce(version).setCandidate(0).clearTaking().setEveryone(false)
                .clearDeployed().addAllDeployed(deployed.subList(more, deployed.size())).build();
    }

    // An older version for everybody at once. What was deployed after it is forgotten, so that a second rollback goes
    // further back instead of forth again.
    private static ConfigState deployed(ConfigState state, long target, String author, String reason, long now) {
        List<Deployed> kept = List.of();
        for (int i = state.getDeployedCount() - 1; i >= 0 && kept.isEmpty(); i--) {
            if (state.getDeployed(i).getVersion() == target) {
                kept = state.getDeployedList().subList(0, i + 1);
            }
        }
        ConfigState after = kept.isEmpty()
                ? inForce(state, target, author, reason, now)
                : state.toBuilder().setInForce(target).setCandidate(0).clearTaking().setEveryone(false)
                        .clearDeployed().addAllDeployed(kept).build();
        return after.toBuilder().setHead(target)
                .setRollout(Rollout.newBuilder().setPart(state.getRollout().getPart())
                        .setNumber(state.getRollout().getNumber() + 1).setVersion(target).setFrom(state.getInForce())
                        .setState(Rollout.State.ROLLED_BACK).setStep(Steps.ALL).setAuthor(author).setStartedMs(now)
                        .setChangedMs(now).setEndedBy(author).setReason(reason))
                .build();
    }

    private static long before(String part, ConfigState state) {
        for (int i = state.getDeployedCount() - 1; i >= 0; i--) {
            if (state.getDeployed(i).getVersion() != state.getInForce()) {
                return state.getDeployed(i).getVersion();
            }
        }
        throw new ConfigRefused(ConfigCode.NOTHING_BEFORE, "part: " + part + " had no version in force before "
                + state.getInForce() + " (expected: one that was, or a version by its number)");
    }

    private List<Member> named(String part) {
        List<Member> live = processes.live(part);
        if (live.isEmpty()) {
            throw new ConfigRefused(ConfigCode.NO_LIVE_PROCESS, "part: " + part + " has no live process (expected: one "
                    + "that takes the version first)");
        }
        var names = new HashSet<String>();
        for (Member member : live) {
            if (!names.add(Processes.name(member))) {
                throw new ConfigRefused(ConfigCode.BAD_REQUEST, "service.name: " + Processes.name(member)
                        + " is that of two processes of " + part + " (expected: each its own)");
            }
        }
        return live;
    }

    private static void refuseIfUnderWay(ConfigState state) {
        if (state.getCandidate() != 0) {
            throw new ConfigRefused(ConfigCode.ROLLOUT_UNDER_WAY, "rollout: version " + state.getCandidate()
                    + " is under way (expected: none; halt it and roll it back, or let it end)");
        }
    }

    private static void refuseUnlike(String what, long now, long asked) {
        if (now != asked) {
            throw new ConfigRefused(ConfigCode.CHANGED_MEANWHILE, what + ": " + now + " (expected: " + asked
                    + ", as when the rollout was asked for): look again");
        }
    }

    private static ConfigRefused none(String part, ConfigState state) {
        return new ConfigRefused(ConfigCode.NO_ROLLOUT, "rollout: of " + part + " is " + state.getRollout().getState()
                + " (expected: one under way to halt, or a halted one to resume)");
    }

    private static int millis(String name, int given, int usual) {
        if (given < 0 || given > MOST_BAKE_MILLIS) {
            throw new ConfigRefused(ConfigCode.BAD_REQUEST, name + ": " + Integer.toUnsignedString(given)
                    + " (expected: at most " + MOST_BAKE_MILLIS + ", a week)");
        }
        return given == 0 ? usual : given;
    }
}
