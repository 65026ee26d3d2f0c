package io.longwire.saver;

import com.google.protobuf.ByteString;
import io.longwire.keeper.cluster.Slots;
import io.longwire.keeper.service.HaltPoints;
import io.longwire.rpc.saver.AliasRequest;
import io.longwire.rpc.saver.AppRecord;
import io.longwire.rpc.saver.Conservation;
import io.longwire.rpc.saver.ConservationRequest;
import io.longwire.rpc.saver.EndpointRecord;
import io.longwire.rpc.saver.Funnel;
import io.longwire.rpc.saver.FunnelRequest;
import io.longwire.rpc.saver.GetEndpointsReply;
import io.longwire.rpc.saver.GetEndpointsRequest;
import io.longwire.rpc.saver.LeaseSchedulesRequest;
import io.longwire.rpc.saver.ListSchedulesRequest;
import io.longwire.rpc.saver.MessageHead;
import io.longwire.rpc.saver.Profile;
import io.longwire.rpc.saver.ProfileUpdate;
import io.longwire.rpc.saver.PullReceiptsRequest;
import io.longwire.rpc.saver.Receipt;
import io.longwire.rpc.saver.ReceiptKind;
import io.longwire.rpc.saver.Schedule;
import io.longwire.rpc.saver.SettleScheduleRequest;
import io.longwire.rpc.saver.UpdateAppRequest;
import io.longwire.saver.append.RequestKeys;
import io.longwire.saver.ask.Funnels;
import io.longwire.saver.head.Heads;
import io.longwire.saver.ledger.Shard;
import io.longwire.saver.profile.AliasRules;
import io.longwire.saver.profile.Profiles;
import io.longwire.saver.receipt.PullReceipts;
import io.longwire.saver.receipt.Receipts;
import io.longwire.saver.schedule.Leases;
import io.longwire.saver.schedule.Schedules;
import java.nio.ByteBuffer;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static io.longwire.saver.Bench.get;
import static org.assertj.core.api.Assertions.assertThat;

/** The ledger is two databases: everything is kept on its shard, and what is asked of all of them is whole. */
final class TwoShardsIT {
    private static final Duration WEEK = Duration.ofDays(7);
    private static final int MANY = 12;

    private Bench bench;

    @BeforeEach
    void start() throws Exception {
        bench = new Bench(2);
    }

    @AfterEach
    void stop() {
        bench.close();
    }

    @Test
    void storesFetchesAndEndsMessagesOnBoth() throws Exception {
        bench.warm();
        long began = bench.clock.wallMillis();
        List<Long> endpoints = endpoints();
        for (long endpoint : endpoints) {
            long message = bench.accept(endpoint, "hello", WEEK);
            bench.accept(endpoint, "lives", WEEK);
            assertThat(bench.waiting(endpoint)).hasSize(2).startsWith(message);
            bench.ack(endpoint, message);
        }

        assertThat(rows("msg_log")).doesNotContain(0L).satisfies(sum(2 * MANY));
        assertThat(rows("end_log")).doesNotContain(0L).satisfies(sum(MANY));
        Conservation law = law(began);
        assertThat(law.getRows()).isEqualTo(2 * MANY);
        assertThat(law.getLive()).isEqualTo(MANY);
        assertThat(law.getGap() + law.getHidden()).isZero();

        bench.pass(Duration.ofHours(4));
        bench.partitions.round();
        bench.cold.refresh();
        assertThat(rows("msg_log")).containsExactly(0L, 0L);
        assertThat(rows("msg_cold")).doesNotContain(0L).satisfies(sum(MANY));
        assertThat(law(began).getGap()).isZero();
        assertThat(law(began).getLive()).isEqualTo(MANY);
    }

    @Test
    void tellsOfManyEndpointsWhatWaitsForThem() throws Exception {
        bench.warm();
        List<Long> endpoints = endpoints();
        for (int i = 0; i < MANY; i++) {
            for (int n = 0; n < i % 3; n++) {
                bench.accept(endpoints.get(i), "m", WEEK);
            }
        }
        var asked = new ArrayList<>(endpoints);
        asked.add(3, 4711L);
        var expected = new ArrayList<Integer>();
        for (int i = 0; i < MANY; i++) {
            expected.add(i % 3);
        }
        expected.add(3, 0);

        GetEndpointsReply fromInboxes = many(asked, bench.app);
        bench.pass(Duration.ofHours(4));
        bench.partitions.round(); // to msg_cold
        bench.accept(endpoints.getFirst(), "in msg_log", WEEK);
        expected.set(0, 1);
        bench.server.kill();
        GetEndpointsReply fromLedgers = many(asked, bench.app);

        assertThat(fromLedgers.getWaitingList()).isEqualTo(expected);
        expected.set(0, 0);
        assertThat(fromInboxes.getWaitingList()).isEqualTo(expected);
        assertThat(fromInboxes.getRecordsList()).extracting(EndpointRecord::getEndpointId)
                .containsExactlyElementsOf(asked.stream().map(id -> id == 4711 ? 0 : id).toList());
        assertThat(many(asked, bench.app + 1).getRecordsList()).extracting(EndpointRecord::getState)
                .containsOnly(EndpointRecord.State.ABSENT);
    }

    @Test
    void bindsAnAliasToEndpointsOfBoth() throws Exception {
        var profiles = new Profiles(bench.shards, AliasRules.NONE, bench.clock);
        List<Long> endpoints = endpoints();
        for (String alias : List.of("ann", "bob", "cid", "dan")) {
            for (long endpoint : endpoints) {
                assertThat(profiles.update(of(endpoint).addBindAliases(alias).addAddTags(alias).build()).getCode())
                        .isEqualTo(Profile.Code.OK);
            }
            assertThat(named(profiles, alias)).containsExactlyInAnyOrderElementsOf(endpoints);
        }
        profiles.update(of(endpoints.getFirst()).addUnbindAliases("bob").build());
        profiles.forget(endpoints.get(1), bench.app);

        assertThat(named(profiles, "bob")).containsExactlyInAnyOrderElementsOf(endpoints.subList(2, MANY));
        assertThat(named(profiles, "dan")).hasSize(MANY - 1);
        assertThat(profiles.get(endpoints.getFirst(), bench.app).getAliasesList()).containsExactly("ann", "cid", "dan");
        assertThat(rows("profile")).doesNotContain(0L);
        assertThat(rows("alias")).doesNotContain(0L);
    }

    @Test
    void keepsHeadsOnBothAndCountsTheirTargetsOverBoth() throws Exception {
        bench.warm();
        try (var heads = new Heads(bench.shards, bench.clock, bench.metrics)) {
            var funnels = new Funnels(bench.shards, heads, bench.calls);
            List<Long> endpoints = endpoints();
            for (int i = 0; i < MANY; i++) {
                long id = bench.newId();
                var head = head(id, endpoints).setPayload(ByteString.copyFromUtf8("to all " + i)).build();
                assertThat(get(heads.put(head))).isEqualTo(head);
                assertThat(get(heads.get(bench.app, id))).isEqualTo(head);
                assertThat(get(heads.payload(bench.app, id)).toStringUtf8()).isEqualTo("to all " + i);
            }
            long id = bench.newId();
            get(heads.put(head(id, endpoints).build()));
            for (long endpoint : endpoints.subList(1, MANY)) {
                bench.append(bench.item(endpoint, "to all", WEEK).setMessageId(id));
            }
            bench.ack(endpoints.getLast(), id);

            Funnel funnel = get(funnels.count(FunnelRequest.newBuilder().setAppId(bench.app).setMessageId(id)
                    .setNamed(true).build()));

            assertThat(funnel.getTargets()).isEqualTo(MANY);
            assertThat(funnel.getUnknown()).isEqualTo(1);
            assertThat(funnel.getWaitingIdsList()).containsExactlyInAnyOrderElementsOf(endpoints.subList(1, MANY - 1));
            assertThat(funnel.getEndedIdsList()).containsExactly(endpoints.getLast());
        }
        assertThat(rows("msg_head")).doesNotContain(0L);
    }

    @Test
    void givesEveryReceiptOfBothOnceByItsCursor() throws Exception {
        bench.apps.update(UpdateAppRequest.newBuilder().addMask("receipts")
                .setApp(AppRecord.newBuilder().setAppId(bench.app).setReceipts(true)).build());
        List<Long> endpoints = endpoints();
        try (var receipts = new Receipts(bench.shards, bench.apps, bench.clock, bench.metrics)) {
            for (long endpoint : endpoints) {
                get(receipts.add(bench.app, endpoint, 11, ByteString.EMPTY, ReceiptKind.DELIVERED, 0, 5));
                get(receipts.add(bench.app, endpoint, 11, ByteString.EMPTY, ReceiptKind.SHOWN, 0, 6));
            }
        }
        var pulls = new PullReceipts(bench.shards);
        var met = new ArrayList<Receipt>();
        var reply = pulls.pull(PullReceiptsRequest.newBuilder().setAppId(bench.app).setLimit(5).build());
        met.addAll(reply.getReceiptsList());
        while (reply.getMore()) {
            reply = pulls.pull(PullReceiptsRequest.newBuilder().setAppId(bench.app).setLimit(5)
                    .setCursor(reply.getCursor()).build());
            met.addAll(reply.getReceiptsList());
        }

        assertThat(met).hasSize(2 * MANY).doesNotHaveDuplicates();
        assertThat(met).extracting(Receipt::getEndpointId).containsAll(endpoints);
        assertThat(rows("receipt")).doesNotContain(0L);
    }

    /** Each shard's part of a page is cut by its bytes, at another place. */
    @Test
    void listsEveryScheduleOnceThoughItsPagesAreCut() throws Exception {
        try (var keys = new RequestKeys(bench.shards, bench.clock, HaltPoints.none())) {
            var schedules = new Schedules(bench.shards, keys, bench.calls, bench.clock);
            var ids = new ArrayList<Long>();
            for (int i = 0; i < 120; i++) {
                Schedule put = get(schedules.put(Schedule.newBuilder().setScheduleId(bench.newId())
                        .setAppId(bench.app).setState(Schedule.State.ACTIVE)
                        .setNextFireMs(bench.clock.wallMillis() + 1).setRequest(ByteString.copyFrom(
                                new byte[i % 3 == 0 ? 1 : 64 << 10]))
                        .build()));
                ids.add(put.getScheduleId());
            }
            Collections.sort(ids);

            var met = new ArrayList<Long>();
            List<Schedule> page;
            int pages = 0;
            do {
                page = get(schedules.list(ListSchedulesRequest.newBuilder().setAppId(bench.app)
                        .setAfterId(met.isEmpty() ? 0 : met.getLast()).build())).getSchedulesList();
                page.forEach(schedule -> met.add(schedule.getScheduleId()));
                assertThat(page.stream().mapToInt(Schedule::getSerializedSize).sum()).isLessThan(3 << 20);
                pages++;
            } while (!page.isEmpty());

            assertThat(met).isEqualTo(ids);
            assertThat(pages).isGreaterThan(3);
            assertThat(rows("schedule")).doesNotContain(0L);
            firesEachOnce(schedules, new HashSet<>(ids));
        }
    }

    private void firesEachOnce(Schedules schedules, Set<Long> ids) throws Exception {
        var leases = new Leases(bench.shards, bench.calls, bench.clock);
        bench.clock.advance(Duration.ofSeconds(1));
        List<Schedule> due;
        do {
            due = get(leases.lease(LeaseSchedulesRequest.newBuilder().setLeaseMs(30_000)
                    .setNowMs(bench.clock.wallMillis()).build())).getSchedulesList();
            for (Schedule schedule : due) {
                assertThat(ids.remove(schedule.getScheduleId())).as("leased once").isTrue();
                assertThat(get(schedules.settle(SettleScheduleRequest.newBuilder().setAppId(bench.app)
                        .setScheduleId(schedule.getScheduleId()).setFiredMs(schedule.getNextFireMs()).build()))
                        .getState()).isEqualTo(Schedule.State.DONE);
            }
        } while (!due.isEmpty());
        assertThat(ids).isEmpty();
    }

    /** Half of them on each shard. */
    private List<Long> endpoints() throws SQLException {
        var endpoints = new ArrayList<Long>();
        int[] missing = {MANY / 2, MANY / 2};
        while (endpoints.size() < MANY) {
            long endpoint = bench.newEndpoint();
            if (missing[bench.shards.of(Slots.of(endpoint)).number()]-- > 0) {
                endpoints.add(endpoint);
            }
        }
        return endpoints;
    }

    private GetEndpointsReply many(List<Long> endpoints, int app) throws Exception {
        return get(bench.many.get(GetEndpointsRequest.newBuilder().setAppId(app).addAllEndpointIds(endpoints).build()));
    }

    private ProfileUpdate.Builder of(long endpoint) {
        return ProfileUpdate.newBuilder().setAppId(bench.app).setEndpointId(endpoint);
    }

    private List<Long> named(Profiles profiles, String alias) throws SQLException {
        return profiles.find(AliasRequest.newBuilder().setAppId(bench.app).setAlias(alias).build())
                .getEndpointIdsList();
    }

    private MessageHead.Builder head(long id, List<Long> endpoints) {
        var bytes = ByteBuffer.allocate(endpoints.size() * Long.BYTES);
        endpoints.stream().sorted(Long::compareUnsigned).forEach(bytes::putLong);
        return MessageHead.newBuilder().setAppId(bench.app).setMessageId(id)
                .setExpireAtMs(bench.clock.wallMillis() + WEEK.toMillis())
                .setEndpoints(ByteString.copyFrom(bytes.flip()));
    }

    private Conservation law(long began) throws Exception {
        return bench.conservation.scan(ConservationRequest.newBuilder().setFromMs(began - 60_000)
                .setToMs(began + Duration.ofHours(1).toMillis()).build());
    }

    /** Of a table, on each shard. */
    private List<Long> rows(String table) throws SQLException {
        var rows = new ArrayList<Long>();
        for (Shard shard : bench.shards.list()) {
            try (var connection = shard.connectForJob();
                    var statement = connection.createStatement();
                    var row = statement.executeQuery("SELECT COUNT(*) FROM " + table)) {
                row.next();
                rows.add(row.getLong(1));
            }
        }
        return rows;
    }

    private static Consumer<List<? extends Long>> sum(long expected) {
        return rows -> assertThat(rows.stream().mapToLong(Long::longValue).sum()).isEqualTo(expected);
    }
}
