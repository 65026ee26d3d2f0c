package io.longwire.saver.schedule;

import com.google.protobuf.ByteString;
import io.longwire.keeper.service.HaltPoints;
import io.longwire.rpc.saver.Idempotency;
import io.longwire.rpc.saver.LeaseSchedulesRequest;
import io.longwire.rpc.saver.ListSchedulesRequest;
import io.longwire.rpc.saver.Schedule;
import io.longwire.rpc.saver.ScheduleRequest;
import io.longwire.rpc.saver.SettleScheduleRequest;
import io.longwire.saver.Bench;
import io.longwire.saver.RunningSaver;
import io.longwire.saver.append.RequestKeys;
import io.longwire.saver.ledger.ColdCalls;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static io.longwire.saver.Bench.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

final class SchedulesIT {
    private static final Duration LEASE = Duration.ofSeconds(30);

    private Bench bench;
    private ColdCalls calls;
    private RequestKeys keys;
    private Schedules schedules;
    private Leases leases;

    @BeforeEach
    void start() throws Exception {
        bench = new Bench();
        calls = new ColdCalls(8);
        keys = new RequestKeys(bench.shards, bench.clock, HaltPoints.none());
        schedules = new Schedules(bench.shards, keys, calls, bench.clock);
        leases = new Leases(bench.shards, calls, bench.clock);
    }

    @AfterEach
    void stop() {
        keys.close();
        calls.close();
        bench.close();
    }

    @Test
    void keepsWhatItWasGivenAndListsItById() throws Exception {
        Schedule first = put(once(60_000).setLabel("first").setCron("*/5 * * * *").setZone("Europe/Paris"));
        Schedule second = put(once(120_000));

        assertThat(first.getRequest().toStringUtf8()).isEqualTo("request");
        assertThat(first.getVersion()).isEqualTo(1);
        assertThat(look(first.getScheduleId())).isEqualTo(first);
        assertThat(list(0)).containsExactly(first, second);
        assertThat(list(first.getScheduleId())).containsExactly(second);
        assertThat(get(schedules.get(ScheduleRequest.newBuilder().setAppId(bench.app + 1)
                .setScheduleId(first.getScheduleId()).build())).getState()).isEqualTo(Schedule.State.ABSENT);
        assertThatThrownBy(() -> put(once(1).clearNextFireMs())).hasMessageContaining("next_fire_ms");
    }

    @Test
    void givesTheSameScheduleForTheSameKeyAndShowsAnotherBody() throws Exception {
        Idempotency key = RunningSaver.key("k", "body");
        Schedule made = put(once(60_000).setIdempotency(key));

        Schedule again = put(once(70_000).setIdempotency(key));
        Schedule other = put(once(70_000).setIdempotency(RunningSaver.key("k", "another body")));

        assertThat(again).isEqualTo(made);
        assertThat(other.getScheduleId()).isEqualTo(made.getScheduleId());
        assertThat(other.getIdempotency().getBodyHash()).as("the caller sees whose it is")
                .isEqualTo(key.getBodyHash());
        assertThat(list(0)).hasSize(1);
    }

    @Test
    void completesAPutThatDiedBehindItsClaim() throws Exception {
        Idempotency key = RunningSaver.key("k", "body");
        Schedule died = once(60_000).setIdempotency(key).build();
        get(keys.claim(bench.app, key, died.getScheduleId(), old -> CompletableFuture.completedFuture(false)));

        bench.clock.advance(Duration.ofMinutes(11));
        Schedule retried = put(once(60_000).setIdempotency(key));

        assertThat(retried.getState()).isEqualTo(Schedule.State.ACTIVE);
        assertThat(list(0)).containsExactly(retried);
    }

    @Test
    void leasesWhatIsDueToOneCallerAndAgainWhenItDied() throws Exception {
        Schedule due = put(once(1_000));
        put(once(3_600_000));
        bench.clock.advance(Duration.ofSeconds(2));

        assertThat(lease(10)).containsExactly(due);
        assertThat(lease(10)).isEmpty();
        bench.clock.advance(LEASE.plusSeconds(1));

        List<Schedule> again = lease(10);
        assertThat(again).as("who had it died: the same fire time, so the same idempotency key").containsExactly(due);
        assertThat(again.getFirst().getNextFireMs()).isEqualTo(due.getNextFireMs());
    }

    @Test
    void givesEachToOneOfManyCallers() throws Exception {
        for (int i = 0; i < 100; i++) {
            put(once(1_000));
        }
        bench.clock.advance(Duration.ofSeconds(2));

        var callers = new ArrayList<CompletableFuture<List<Schedule>>>();
        for (int i = 0; i < 16; i++) {
            callers.add(leases.lease(LeaseSchedulesRequest.newBuilder().setLimit(10)
                    .setLeaseMs((int) LEASE.toMillis()).build()).thenApply(reply -> reply.getSchedulesList()));
        }

        Set<Long> leased = new HashSet<>();
        int count = 0;
        for (var caller : callers) {
            for (Schedule schedule : get(caller)) {
                leased.add(schedule.getScheduleId());
                count++;
            }
        }
        assertThat(count).as("none is given twice").isEqualTo(leased.size());
        for (List<Schedule> more = lease(100); !more.isEmpty(); more = lease(100)) {
            more.forEach(schedule -> leased.add(schedule.getScheduleId()));
        }
        assertThat(leased).hasSize(100);
    }

    @Test
    void goesOnWithItsNextTimeWhenSettledAndIsDoneWithoutOne() throws Exception {
        Schedule due = put(once(1_000));
        bench.clock.advance(Duration.ofSeconds(2));
        lease(10);
        long first = due.getNextFireMs();

        Schedule settled = settle(due, first, first + 60_000, 77, "");

        assertThat(settled.getFired()).isEqualTo(1);
        assertThat(settled.getLastMessageId()).isEqualTo(77);
        assertThat(settled.getLastFireMs()).isEqualTo(first);
        assertThat(settled.getNextFireMs()).isEqualTo(first + 60_000);
        assertThat(settle(due, first, first + 60_000, 78, "")).as("late, or repeated").isEqualTo(settled);
        bench.clock.advance(Duration.ofSeconds(60));
        assertThat(lease(10)).as("the lease ended with the settle").hasSize(1);

        Schedule done = settle(due, first + 60_000, 0, 0, "missed: nobody was there");
        assertThat(done.getState()).isEqualTo(Schedule.State.DONE);
        assertThat(done.getFired()).isEqualTo(1);
        assertThat(done.getLastMessageId()).as("nothing was sent").isEqualTo(77);
        assertThat(done.getLastProblem()).isEqualTo("missed: nobody was there");
        bench.clock.advance(LEASE.plusSeconds(1));
        assertThat(lease(10)).isEmpty();
    }

    @Test
    void firesNoMoreWhilePausedOrOnceDeleted() throws Exception {
        Schedule due = put(once(1_000));
        bench.clock.advance(Duration.ofSeconds(2));

        Schedule paused = change(due, Schedule.State.PAUSED);
        assertThat(paused.getState()).isEqualTo(Schedule.State.PAUSED);
        assertThat(paused.getVersion()).isEqualTo(2);
        assertThat(lease(10)).isEmpty();
        assertThat(change(due, Schedule.State.ACTIVE).getState()).isEqualTo(Schedule.State.ACTIVE);
        assertThat(lease(10)).hasSize(1);
        assertThat(settle(due, due.getNextFireMs(), 0, 5, "").getState()).isEqualTo(Schedule.State.DONE);
        assertThat(change(due, Schedule.State.ACTIVE).getState()).as("done is done").isEqualTo(Schedule.State.DONE);

        Schedule other = put(once(1_000));
        assertThat(change(other, Schedule.State.DELETED).getState()).isEqualTo(Schedule.State.DELETED);
        assertThat(change(other, Schedule.State.ACTIVE).getState()).isEqualTo(Schedule.State.DELETED);
        bench.clock.advance(Duration.ofSeconds(2));
        assertThat(lease(10)).isEmpty();
        assertThat(list(0)).extracting(Schedule::getScheduleId).containsExactly(due.getScheduleId());
    }

    @Test
    void settlesWhatWasPausedWhileItFired() throws Exception {
        Schedule due = put(once(1_000));
        bench.clock.advance(Duration.ofSeconds(2));
        lease(10);
        change(due, Schedule.State.PAUSED);

        Schedule settled = settle(due, due.getNextFireMs(), due.getNextFireMs() + 60_000, 9, "");

        assertThat(settled.getState()).isEqualTo(Schedule.State.PAUSED);
        assertThat(settled.getNextFireMs()).isEqualTo(due.getNextFireMs() + 60_000);
        assertThat(settled.getFired()).isEqualTo(1);
    }

    private Schedule.Builder once(long inMillis) {
        return Schedule.newBuilder().setScheduleId(bench.newId()).setAppId(bench.app)
                .setState(Schedule.State.ACTIVE).setNextFireMs(bench.clock.wallMillis() + inMillis)
                .setRequest(ByteString.copyFromUtf8("request"));
    }

    private Schedule put(Schedule.Builder schedule) throws Exception {
        return get(schedules.put(schedule.build()));
    }

    private Schedule look(long id) throws Exception {
        return get(schedules.get(ScheduleRequest.newBuilder().setAppId(bench.app).setScheduleId(id).build()));
    }

    private Schedule change(Schedule schedule, Schedule.State state) throws Exception {
        return get(schedules.get(ScheduleRequest.newBuilder().setAppId(bench.app)
                .setScheduleId(schedule.getScheduleId()).setState(state).build()));
    }

    private List<Schedule> list(long after) throws Exception {
        return get(schedules.list(ListSchedulesRequest.newBuilder().setAppId(bench.app).setAfterId(after).build()))
                .getSchedulesList();
    }

    private List<Schedule> lease(int limit) throws Exception {
        return get(leases.lease(LeaseSchedulesRequest.newBuilder().setNowMs(bench.clock.wallMillis()).setLimit(limit)
                .setLeaseMs((int) LEASE.toMillis()).build())).getSchedulesList();
    }

    private Schedule settle(Schedule schedule, long fired, long next, long message, String problem) throws Exception {
        return get(schedules.settle(SettleScheduleRequest.newBuilder().setAppId(bench.app)
                .setScheduleId(schedule.getScheduleId()).setFiredMs(fired).setNextFireMs(next).setMessageId(message)
                .setProblem(problem).build()));
    }
}
