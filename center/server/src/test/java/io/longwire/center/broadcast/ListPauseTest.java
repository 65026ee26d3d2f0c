package io.longwire.center.broadcast;

import io.longwire.center.fakes.FakeBroadcastStore;
import io.longwire.center.fakes.FakeListStore;
import io.longwire.center.fakes.FakeNeighbours;
import io.longwire.rpc.saver.Broadcast;
import io.longwire.rpc.saver.Broadcast.State;
import io.longwire.rpc.saver.BroadcastChange;
import io.longwire.rpc.saver.Pace;
import io.longwire.testkit.time.VirtualClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Pauses and other changes of a broadcast to a list: how soon they are in force, and what a long one leaves open. */
class ListPauseTest {
    private final ListCenters all = new ListCenters();
    private final VirtualClock clock = all.clock;
    private final FakeBroadcastStore store = all.store;
    private final FakeListStore lists = all.lists;
    private final FakeNeighbours parts = all.parts;

    @Test
    void hearsWithinASecondOfAPauseThatAnotherCenterMadeAlthoughARoomHangs() {
        all.broadcast(ListCenters.together(60), ListCenters.paced(10));
        all.hang(all.center("c1"));
        int before = all.reached().size();
        all.change(BroadcastChange.newBuilder().setState(State.PAUSED));
        clock.advance(Duration.ofMillis(500));
        int reached = all.reached().size();

        clock.advance(Duration.ofSeconds(2));

        assertThat(before).isPositive();
        assertThat(all.reached()).hasSize(reached).hasSizeLessThan(60);
        all.change(BroadcastChange.newBuilder().setState(State.RUNNING));
        clock.advance(Duration.ofSeconds(1));
        assertThat(all.reached().size()).isGreaterThan(reached + 4);
    }

    @Test
    void goesAtANewPaceWithinASecondAlthoughARoomHangs() {
        all.broadcast(ListCenters.together(60), ListCenters.paced(1));
        all.hang(all.center("c1"));
        all.change(BroadcastChange.newBuilder().setPace(Pace.newBuilder().setRatePerSecond(40)));

        clock.advance(Duration.ofSeconds(1));

        assertThat(all.reached().size()).isGreaterThan(15);
    }

    @Test
    void givesAnotherIdAfterALongPauseOnlyToThoseWhoDoNotHaveIt() {
        all.broadcast(ListCenters.together(5), ListCenters.paced(1));
        all.center("c1");
        clock.advance(Duration.ofMillis(3_500));
        all.change(BroadcastChange.newBuilder().setState(State.PAUSED));
        clock.advance(Duration.ofMinutes(30));
        assertThat(all.reached().size()).isBetween(2, 4);
        all.change(BroadcastChange.newBuilder().setState(State.RUNNING));

        clock.advance(Duration.ofSeconds(10));

        assertThat(all.reached()).hasSize(5);
        assertThat(lists.noted()).as("one is noted in the pause, and too old at its end").hasSize(3);
        assertThat(lists.noted().getLast().getNumber()).isEqualTo(2);
        assertThat(all.progress().getWritten()).isEqualTo(5);
    }

    @Test
    void reachesEachOnceAlthoughItWasPausedForLongerThanEndsAreKeptAndAllCentersBeganAnew() {
        all.broadcast(ListCenters.together(23), ListCenters.paced(2));
        ListCenters.Center first = all.center("c1");
        clock.advance(Duration.ofMillis(4_800));
        all.change(BroadcastChange.newBuilder().setState(State.PAUSED));
        clock.advance(Duration.ofMinutes(13));
        int reached = all.reached().size();
        int noted = lists.noted().size();
        clock.advance(Duration.ofMinutes(30));
        assertThat(lists.noted()).as("a pause costs each range a slice, not more").hasSize(noted);
        first.walking().close();
        all.waitLongerThanEndsAreKept();
        all.center("c2");
        all.change(BroadcastChange.newBuilder().setState(State.RUNNING));

        clock.advance(Duration.ofSeconds(30));

        assertThat(reached).as("in the middle of a slice").isBetween(6, 9);
        assertThat(all.reached()).hasSize(23);
        assertThat(store.broadcast(ListCenters.ID).getState()).isEqualTo(State.WALKED);
        assertThat(all.progress().getWritten()).isEqualTo(23);
    }

    @Test
    void findsOutInThePauseWhatACenterLeftOpenThatDiedInIt() {
        all.broadcast(ListCenters.together(23), ListCenters.paced(2));
        ListCenters.Center first = all.center("c1");
        clock.advance(Duration.ofMillis(5_500));
        first.walking().close();
        all.change(BroadcastChange.newBuilder().setState(State.PAUSED));
        clock.advance(Duration.ofHours(1));
        int reached = all.reached().size();
        ListCenters.Center second = all.center("c2");
        clock.advance(Duration.ofMinutes(1));
        assertThat(all.reached()).hasSize(reached);
        second.walking().close();
        all.waitLongerThanEndsAreKept();
        all.center("c3");
        all.change(BroadcastChange.newBuilder().setState(State.RUNNING));

        clock.advance(Duration.ofSeconds(30));

        assertThat(all.reached()).hasSize(23);
        assertThat(all.progress().getWritten()).isEqualTo(23);
    }

    @Test
    void givesNoOtherIdToThoseWhoHaveItAlthoughTheAnswerWasLost() {
        all.loseAnswers();
        all.broadcast(ListCenters.together(5), Broadcast.newBuilder());
        all.center("c1");
        clock.advance(Duration.ofMillis(1_500));
        all.change(BroadcastChange.newBuilder().setState(State.PAUSED));
        clock.advance(Duration.ofMinutes(30));
        parts.appendAnswers.clear();
        all.change(BroadcastChange.newBuilder().setState(State.RUNNING));

        clock.advance(Duration.ofSeconds(10));

        assertThat(all.reached()).hasSize(5);
        assertThat(all.progress().getWritten()).isEqualTo(5);
        assertThat(lists.noted()).hasSize(1);
    }
}
