package io.longwire.saver.account;

import com.google.protobuf.ByteString;
import io.longwire.keeper.cluster.Slots;
import io.longwire.rpc.saver.AliasRequest;
import io.longwire.rpc.saver.AppendResult;
import io.longwire.rpc.saver.EndpointRecord;
import io.longwire.rpc.saver.ProfileUpdate;
import io.longwire.rpc.saver.RegisterEndpointRequest;
import io.longwire.saver.Bench;
import io.longwire.saver.due.WorkedSlots;
import io.longwire.saver.inbox.SlotKeys;
import io.longwire.saver.keep.SameTime;
import io.longwire.saver.ledger.ColdCalls;
import io.longwire.saver.profile.AliasRules;
import io.longwire.saver.profile.Profiles;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static io.longwire.saver.Bench.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/** Months in seconds: the clock is the test's. */
final class AgingIT {
    private static final ByteString INSTALL = ByteString.copyFrom(new byte[16]);

    private Bench bench;
    private ColdCalls calls;
    private Endpoints endpoints;
    private Registration registration;
    private Profiles profiles;
    private Deletion deletion;
    private Seen seen;
    private Erasure erasure;
    private Aging aging;
    private WorkedSlots worked;

    @BeforeEach
    void start() throws Exception {
        bench = new Bench().warm();
        calls = new ColdCalls(4);
        endpoints = new Endpoints(bench.shards, bench.clock, bench.metrics);
        var apps = new Apps(bench.shard, bench.clock);
        apps.refresh();
        registration = new Registration(bench.shards, apps, endpoints, bench.clock);
        profiles = new Profiles(bench.shards, AliasRules.NONE, bench.clock);
        var slots = new SlotKeys(bench.clock);
        deletion = new Deletion(bench.shards, registration, profiles, calls, bench.redis, slots, bench.endings);
        seen = new Seen(bench.shards, bench.clock, bench.metrics);
        worked = new WorkedSlots(bench.cluster);
        erasure = new Erasure(bench.shards, profiles, endpoints, bench.redis, slots);
        aging = aging(database -> { // knows nothing of the test's months
        });
    }

    @AfterEach
    void stop() {
        worked.close();
        seen.close();
        deletion.close();
        endpoints.close();
        calls.close();
        bench.close();
    }

    @Test
    void notesAnEndpointSeenOnceInSixHours() throws Exception {
        long endpoint = register(7);
        long began = bench.clock.wallMillis();

        bench.clock.advance(Duration.ofHours(7));
        seen.note(endpoint, 0);
        await().until(() -> registration.get(endpoint, 0).getSeenMs() > began);
        long noted = registration.get(endpoint, 0).getSeenMs();
        seen.note(endpoint, 0);
        seen.note(endpoint, 0);
        bench.clock.advance(Duration.ofHours(24));
        seen.note(endpoint, 0);

        await().until(() -> registration.get(endpoint, 0).getSeenMs() > noted);
        assertThat(registration.get(endpoint, 0).getSeenMs()).isEqualTo(bench.clock.wallMillis());
        assertThat(bench.metrics.counter(io.longwire.saver.watch.SaverMetric.LEDGER_ROWS, "queue", "seen").count())
                .isEqualTo(2);
    }

    @Test
    void deletesWhatNobodySawFor270DaysAndErasesItWithin30More() throws Exception {
        long silent = register(7);
        long alive = bench.newEndpoint();
        profiles.update(ProfileUpdate.newBuilder().setAppId(bench.app).setEndpointId(silent).addBindAliases("ann")
                .addAddTags("red").build());
        bench.clock.advance(Duration.ofDays(269));
        work(silent);
        assertThat(state(silent)).isEqualTo(EndpointRecord.State.ACTIVE);
        seen.note(alive, 0);
        await().until(() -> registration.get(alive, 0).getSeenMs() == bench.clock.wallMillis());

        bench.clock.advance(Duration.ofDays(2));
        work(silent);
        work(alive);

        assertThat(state(silent)).isEqualTo(EndpointRecord.State.GONE);
        assertThat(registration.get(silent, 0).getGoneMs()).isEqualTo(bench.clock.wallMillis());
        assertThat(state(alive)).isEqualTo(EndpointRecord.State.ACTIVE);
        assertThat(aliases("ann")).isEmpty();
        assertThat(register(7)).as("gone for good: the install comes back as another one").isNotEqualTo(silent);

        bench.clock.advance(Duration.ofDays(28));
        work(silent);
        assertThat(state(silent)).isEqualTo(EndpointRecord.State.GONE);
        bench.clock.advance(Duration.ofDays(2));
        work(silent);

        assertThat(state(silent)).isEqualTo(EndpointRecord.State.ABSENT);
        assertThat(bench.count("SELECT COUNT(*) FROM profile")).isZero();
        assertThat(bench.count("SELECT COUNT(*) FROM install WHERE ep = " + silent)).isZero();
        assertThat(bench.count("SELECT COUNT(*) FROM install")).as("the one that came back, and the one alive")
                .isEqualTo(2);
    }

    @Test
    void endsWhatWaitsForAnEndpointNobodySaw() throws Exception {
        long silent = register(7);
        bench.clock.advance(Duration.ofDays(271));
        bench.partitions.round();
        bench.cold.refresh();
        bench.warm();
        long message = bench.accept(silent, "to nobody", Duration.ofDays(5));

        work(silent);

        assertThat(bench.count("SELECT COUNT(*) FROM end_log WHERE msg_id = " + message)).isEqualTo(1);
        bench.clock.advance(Duration.ofSeconds(61)); // what was known of the endpoint is believed for a minute
        assertThat(bench.append(bench.item(silent, "late", Duration.ofDays(1))).getCode())
                .isEqualTo(AppendResult.Code.REJECTED);
    }

    @Test
    void looksAtEverySlotWithinSixHours() throws Exception {
        long silent = register(7);
        bench.clock.advance(Duration.ofDays(271));
        try (var rounds = aging.start()) {
            for (int minute = 0; minute < 360; minute++) {
                rounds.runOnce();
            }
        }

        assertThat(state(silent)).isEqualTo(EndpointRecord.State.GONE);
    }

    @Test
    void deletesNothingByAClockThatIsWrong() throws Exception {
        long endpoint = register(7);
        bench.clock.advance(Duration.ofDays(271));

        assertThatThrownBy(() -> aging(SameTime.of(bench.clock)).work(Slots.of(endpoint)))
                .hasMessageContaining("from the database's (expected: within 60 min; nothing is deleted)");

        assertThat(state(endpoint)).isEqualTo(EndpointRecord.State.ACTIVE);
    }

    private Aging aging(SameTime time) {
        return new Aging(worked, bench.shards, time, deletion, erasure, bench.clock, bench.metrics);
    }

    private void work(long endpoint) throws Exception {
        aging.work(Slots.of(endpoint));
    }

    private java.util.List<Long> aliases(String alias) throws Exception {
        return profiles.find(AliasRequest.newBuilder().setAppId(bench.app).setAlias(alias).build())
                .getEndpointIdsList();
    }

    private EndpointRecord.State state(long endpoint) throws Exception {
        return registration.get(endpoint, 0).getState();
    }

    private long register(int number) throws Exception {
        return get(calls.call(() -> registration.register(RegisterEndpointRequest.newBuilder().setAppId(bench.app)
                .setInstallId(INSTALL).setProposedEndpointId(bench.clock.wallMillis() * 31 + number).build())))
                .getEndpointId();
    }
}
