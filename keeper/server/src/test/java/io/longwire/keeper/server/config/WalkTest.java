package io.longwire.keeper.server.config;

import io.longwire.keeper.server.config.WalkRig.Room;
import io.longwire.rpc.keeper.ConfigState;
import io.longwire.rpc.keeper.Rollout;
import io.longwire.rpc.keeper.Watched;
import io.longwire.rpc.keeper.WatchedRollout;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

final class WalkTest {
    private static final Duration BAKE = Duration.ofMillis(WalkRig.BAKE_MILLIS);
    private static final Duration LONG = Duration.ofMinutes(10);

    @Test
    void bringsAGoodVersionToAllStepByStep() {
        var rig = begun(20);

        rig.run(Duration.ofSeconds(12));
        assertThat(rig.rollout().getStep()).isEqualTo(1);
        assertThat(rig.told()).hasSize(1);
        rig.run(BAKE);
        assertThat(rig.rollout().getStep()).as("5 % of 20 is that one").isEqualTo(3);
        assertThat(rig.told()).hasSize(5);
        rig.run(LONG);

        assertThat(rig.rollout().getState()).as(rig.rollout().getReason()).isEqualTo(Rollout.State.DONE);
        assertThat(rig.state.getInForce()).isEqualTo(2);
    }

    @Test
    void takesBackAVersionThatLosesCallers() {
        var rig = begun(20);
        rig.processes.values().forEach(process -> process.loses = 10);

        rig.run(LONG);

        assertThat(rig.rollout().getState()).isEqualTo(Rollout.State.ROLLED_BACK);
        assertThat(rig.rollout().getStep()).isEqualTo(1);
        assertThat(rig.rollout().getReason()).contains("of its connections a minute");
    }

    @Test
    void takesBackAVersionThatIsSlow() {
        var rig = begun(20);
        rig.processes.values().forEach(process -> process.slow = true);

        rig.run(LONG);

        assertThat(rig.rollout().getState()).isEqualTo(Rollout.State.ROLLED_BACK);
        assertThat(rig.rollout().getStep()).isEqualTo(1);
        assertThat(rig.rollout().getReason()).contains("p99 is ").contains("times the 10 ms of before");
    }

    @Test
    void takesBackAVersionWhoseProcessesAreStoppedAgainAndAgain() {
        var rig = begun(20);
        var ever = new HashSet<String>();

        // A watchdog stops whoever has had it for 4 s: it drains for a second, and is started again.
        var clockOf = new TreeMap<String, Integer>();
        rig.run(LONG, () -> rig.told().forEach(one -> {
            ever.add(one.name);
            int looks = clockOf.merge(one.name, 1, Integer::sum);
            one.draining = looks >= 8;
            if (looks == 10) {
                one.again();
                clockOf.put(one.name, 0);
            }
        }));

        assertThat(rig.rollout().getState()).isEqualTo(Rollout.State.ROLLED_BACK);
        assertThat(rig.rollout().getReason()).contains("drained after they were told it");
        assertThat(ever).as("processes that ever had it").hasSizeLessThanOrEqualTo(2);
        assertThat(rig.state.getInForce()).isEqualTo(1);
    }

    @Test
    void doesNotBakeOnNobody() {
        var rig = begun(20);
        rig.run(Duration.ofSeconds(14));
        Room first = rig.told().getFirst();

        rig.run(Duration.ofSeconds(2), () -> first.draining = true); // an operator takes that host away
        rig.processes.remove(first.name);
        rig.run(BAKE.plusSeconds(4));

        assertThat(rig.rollout().getStep()).isEqualTo(1);
        assertThat(rig.told()).as("another one in its place").hasSize(1).doesNotContain(first);
        rig.run(BAKE.minusSeconds(12));
        assertThat(rig.rollout().getStep()).as("that one is watched as long").isEqualTo(1);
        rig.told().getFirst().fails = 60;
        rig.run(LONG);
        assertThat(rig.rollout().getState()).isEqualTo(Rollout.State.ROLLED_BACK);
        assertThat(rig.rollout().getReason()).contains("calls failed");
    }

    @Test
    void watchesTheNewStartOfAProcessThatDrained() {
        var rig = begun(20);
        rig.run(Duration.ofSeconds(14));
        Room first = rig.told().getFirst();

        rig.run(Duration.ofSeconds(2), () -> first.draining = true);
        first.again();
        rig.run(BAKE.minusSeconds(2));
        assertThat(rig.rollout().getStep()).as("its bake time began with its new start").isEqualTo(1);
        first.fails = 60;
        rig.run(Duration.ofSeconds(2));

        assertThat(rig.rollout().getState()).isEqualTo(Rollout.State.ROLLED_BACK);
        assertThat(rig.rollout().getReason()).contains(first.name, "calls failed");
    }

    @Test
    void takesOneThatDrainedAndLeftBetweenTwoLooksForNoCrash() {
        var rig = begun(20);
        rig.run(Duration.ofSeconds(14));
        Room first = rig.told().getFirst();

        first.leave();
        rig.run(Duration.ofSeconds(3));
        first.again();
        rig.run(BAKE.minusSeconds(2));
        assertThat(rig.rollout().getStep()).as("its bake time began with its new start").isEqualTo(1);
        rig.run(LONG);

        assertThat(rig.rollout().getState()).as(rig.rollout().getReason()).isEqualTo(Rollout.State.DONE);
    }

    @Test
    void takesACrashAsOne() {
        var rig = begun(20);
        rig.run(Duration.ofSeconds(14));

        rig.told().getFirst().again();
        rig.run(Duration.ofSeconds(1));

        assertThat(rig.rollout().getState()).isEqualTo(Rollout.State.ROLLED_BACK);
        assertThat(rig.rollout().getReason()).contains("its process has ended");
    }

    @Test
    void haltsIfNobodyIsLeftToBeWatched() {
        var rig = begun(1);
        rig.run(Duration.ofSeconds(14));
        rig.run(Duration.ofSeconds(1), () -> rig.processes.values().forEach(one -> one.draining = true));
        rig.processes.clear();

        rig.run(LONG);

        assertThat(rig.rollout().getState()).isEqualTo(Rollout.State.HALTED);
        assertThat(rig.rollout().getReason()).contains("none that can be told");
    }

    @Test
    void haltsIfWhatIsWatchedIsOfAnotherRollout() {
        var rig = begun(20);
        rig.run(Duration.ofSeconds(14));
        rig.watched = WatchedRollout.newBuilder().setNumber(6).addWatched(Watched.newBuilder().setInstance("room-1"))
                .build();

        rig.run(LONG);

        assertThat(rig.rollout().getState()).isEqualTo(Rollout.State.HALTED);
        assertThat(rig.told()).hasSize(1);
    }

    @Test
    void changesNothingIfAnotherKeeperHasWalkedOnMeanwhile() {
        var rig = begun(20);
        rig.run(Duration.ofSeconds(9));
        var ahead = new AtomicReference<ConfigState>();
        WatchedRollout theirs = WatchedRollout.newBuilder().setNumber(7).addWatched(Watched.newBuilder().setInstance(
                "room-1")).build();
        rig.asking = () -> { // this one froze while it asked; another keeper is at the third step by now
            if (ahead.get() == null) {
                rig.state = rig.state.toBuilder().addTaking("room-1").setRollout(rig.rollout().toBuilder().setStep(3)
                        .setState(Rollout.State.STEPPING)).build();
                rig.watched = theirs;
                ahead.set(rig.state);
            }
        };
        rig.clock.advance(Duration.ofSeconds(5));

        rig.walk.look(WalkRig.PART);

        assertThat(rig.state).isEqualTo(ahead.get());
        assertThat(rig.watched).isEqualTo(theirs);
    }

    @Test
    void goesOnWatchingAHaltedRollout() {
        var rig = begun(20);
        rig.run(Duration.ofSeconds(14));
        rig.state = rig.state.toBuilder().setRollout(rig.rollout().toBuilder().setState(Rollout.State.HALTED)
                .setNextMs(0)).build();
        rig.run(LONG);
        assertThat(rig.rollout().getState()).as("nothing is wrong").isEqualTo(Rollout.State.HALTED);
        assertThat(rig.told()).hasSize(1);

        rig.told().getFirst().fails = 60;
        rig.run(Duration.ofMinutes(30));

        assertThat(rig.rollout().getState()).isEqualTo(Rollout.State.ROLLED_BACK);
    }

    @Test
    void countsSilenceOnlyWhileItAsks() {
        var rig = begun(20);
        rig.run(Duration.ofSeconds(14));
        Room first = rig.told().getFirst();
        first.silent = true;
        rig.run(Duration.ofSeconds(1));
        rig.clock.advance(Duration.ofMinutes(60)); // ZooKeeper was away, or another keeper led

        rig.run(Duration.ofSeconds(1));
        assertThat(rig.rollout().getState()).isEqualTo(Rollout.State.BAKING);
        rig.run(Duration.ofSeconds(11));
        assertThat(rig.rollout().getReason()).contains("has not answered for 10");
    }

    @Test
    void triesAHostsLayerOnThatHost() {
        var rig = new WalkRig(60, 6);
        rig.version(2, Map.of("", "size: 1", "h7", "accept: {connections: 1}"));
        rig.processes.values().stream().filter(one -> one.host.equals("h7")).forEach(one -> one.fails = 100);
        rig.begin();

        rig.run(LONG);

        assertThat(rig.rollout().getState()).isEqualTo(Rollout.State.ROLLED_BACK);
        assertThat(rig.rollout().getStep()).isEqualTo(1);
        assertThat(rig.processes.values().stream().filter(one -> rig.rollout().getInstancesList().contains(one.name)))
                .singleElement().satisfies(one -> assertThat(one.host).isEqualTo("h7"));
    }

    @Test
    void doesNotLoseAHostsHarmInTheSumOfAll() {
        var rig = new WalkRig(120, 1);
        rig.version(2, Map.of("", "size: 2", "h7", "accept: {connections: 1}"));
        rig.processes.values().stream().filter(one -> one.host.equals("h7")).forEach(one -> one.fails = 100);
        rig.begin();

        rig.run(LONG);

        assertThat(rig.rollout().getState()).as("1 of 120 is less than 2 %").isEqualTo(Rollout.State.ROLLED_BACK);
        assertThat(rig.rollout().getReason()).startsWith("room-7: ");
    }

    @Test
    void reliesOnNoClockButTheProcesss() {
        var rig = begun(20);
        rig.run(Duration.ofSeconds(14));
        assertThat(rig.rollout().getState()).isEqualTo(Rollout.State.BAKING);
        rig.state = rig.state.toBuilder().setRollout(rig.rollout().toBuilder().setNextMs(rig.clock.wallMillis() - 1))
                .build(); // by a keeper whose clock is ahead

        rig.run(Duration.ofSeconds(5));

        assertThat(rig.rollout().getStep()).isEqualTo(1);
        assertThat(rig.rollout().getState()).isEqualTo(Rollout.State.BAKING);
    }

    private static WalkRig begun(int processes) {
        var rig = new WalkRig(processes, 1);
        rig.begin();
        return rig;
    }
}
