package io.longwire.coordinator;

import io.longwire.coordinator.channel.ChannelName;
import io.longwire.coordinator.client.Partitions;
import io.longwire.coordinator.presence.PresenceConfig;
import io.longwire.coordinator.presence.PresenceStore;
import io.longwire.coordinator.presence.RoomSight;
import io.longwire.coordinator.presence.RoomWatch;
import io.longwire.coordinator.presence.Snapshots;
import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.cluster.Member;
import io.longwire.keeper.config.LiveValue;
import io.longwire.rpc.coordinator.PresenceChunk;
import io.longwire.rpc.coordinator.PresenceItem;
import io.longwire.rpc.coordinator.PresenceItem.Kind;
import io.longwire.rpc.coordinator.PresenceResult;
import io.longwire.rpc.coordinator.PresenceResult.Code;
import io.longwire.rpc.room.ListSessionsReply;
import io.longwire.rpc.room.ListSessionsRequest;
import io.longwire.rpc.room.ListedSession;
import io.longwire.testkit.cluster.FakeCluster;
import io.longwire.testkit.stores.RedisServer;
import io.longwire.testkit.stores.Stores;
import io.longwire.testkit.time.VirtualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/** How presence comes in, on a real Redis. */
final class PresenceIT {
    private static final int PARTITION = Partitions.of(Rig.ENDPOINT);
    private static final int ROOM = 17;
    private static final long HALF_AN_HOUR = Duration.ofMinutes(30).toNanos();

    private RedisServer redis;
    private Rig rig;
    private PresenceStore store;

    @BeforeEach
    void start() {
        redis = Stores.shared().freshRedis();
        rig = Rig.start("a", redis.port());
        store = store(1 << 20);
    }

    @AfterEach
    void stop() {
        rig.close();
    }

    private PresenceStore store(long bytesPerPartition) {
        return new PresenceStore(rig.redis, new PresenceConfig(25, Duration.ofSeconds(1)), bytesPerPartition * 64,
                Clock.system(), rig.metrics);
    }

    @Test
    void keepsAChunkOnceAndOnlyForWhoListens() throws Exception {
        PresenceResult nobody = tell(chunk(1, item(Kind.ONLINE, 5)));
        assertThat(nobody.getCode()).isEqualTo(Code.KEPT);
        assertThat(nobody.getUnwantedAppsList()).containsExactly(Rig.APP);
        FakeTaker taker = taker("watch");

        PresenceChunk chunk = chunk(2, item(Kind.ONLINE, 6), item(Kind.OFFLINE, 6).toBuilder().setAppId(8).build(),
                item(Kind.NETWORK, 6).toBuilder().setNetwork("wifi").build());
        assertThat(tell(chunk).getUnwantedAppsList()).containsExactly(8);
        tell(chunk);
        tell(chunk(1, item(Kind.OFFLINE, 4)));
        tell(chunk(3, item(Kind.OFFLINE, 6)));

        await().until(() -> taker.taken.size() == 3);
        assertThat(taker.texts()).containsExactly("{\"kind\":\"online\",\"conn_seq\":6,\"via\":17}",
                "{\"kind\":\"network\",\"conn_seq\":6,\"via\":17,\"network\":\"wifi\"}",
                "{\"kind\":\"offline\",\"conn_seq\":6,\"via\":17}");
    }

    @Test
    void closesARoomThatIsAwayForItsGraceTimeWithOneEventForEachPartition() throws Exception {
        FakeTaker taker = taker("watch");
        tell(chunk(1, item(Kind.ONLINE, 5)));
        store.note(PARTITION, ROOM + 1).get(5, TimeUnit.SECONDS);
        FakeCluster cluster = FakeCluster.of("coordinator");
        cluster.show("room", FakeCluster.member("room", ROOM), FakeCluster.member("room", ROOM + 1));
        try (var watch = new RoomWatch(store, cluster, () -> Duration.ofSeconds(1), Clock.system(), rig.metrics)) {
            assertThat(watch).isNotNull();
            cluster.show("room", FakeCluster.member("room", ROOM + 1));
            await().until(() -> taker.taken.size() == 2);
            cluster.show("room");
            await().until(() -> taker.taken.size() == 3);
        }

        assertThat(taker.texts()).containsExactly("{\"kind\":\"online\",\"conn_seq\":5,\"via\":17}",
                "{\"kind\":\"room_gone\",\"via\":17}", "{\"kind\":\"room_gone\",\"via\":18}");
        assertThat(store.close(PARTITION, ROOM).get(5, TimeUnit.SECONDS)).as("again").isFalse();
        assertThat(tell(chunk(2, item(Kind.ONLINE, 6))).getCode()).as("a straggler").isEqualTo(Code.GONE);
        assertThat(tell(chunk(3, item(Kind.ONLINE, 6)).toBuilder().setRevive(true).build()).getCode())
                .isEqualTo(Code.KEPT);
        await().until(() -> taker.taken.size() == 4);
    }

    @Test
    void judgesARoomThatIsAwayByANewGraceTime() throws Exception {
        FakeTaker taker = taker("watch");
        tell(chunk(1, item(Kind.ONLINE, 5)));
        var grace = new LiveValue<>(Duration.ofHours(1));
        FakeCluster cluster = FakeCluster.of("coordinator");
        cluster.show("room", FakeCluster.member("room", ROOM));
        var clock = new VirtualClock();
        long began = clock.nanos();
        try (var watch = new RoomWatch(store, cluster, grace::get, clock, rig.metrics)) {
            assertThat(watch).isNotNull();
            cluster.show("room");
            clock.advance(Duration.ofMinutes(1));

            grace.set(Duration.ofSeconds(10));
            await().until(() -> {
                clock.advance(Duration.ofSeconds(1));
                return taker.taken.size() == 2;
            });
        }
        assertThat(taker.texts()).endsWith("{\"kind\":\"room_gone\",\"via\":17}");
        assertThat(clock.nanos() - began).as("long before an hour is over").isLessThan(HALF_AN_HOUR);
    }

    @Test
    void dropsWhatHasNoRoomAndTellsThatFirstWhenThereIsSome() throws Exception {
        store = store(4_000); // a quarter of it is for presence
        FakeTaker taker = taker("watch");
        taker.rdy(0);
        int number = 1;
        while (rig.metrics.counter(CoordinatorMetric.PRESENCE, "outcome", "full").count() == 0) {
            tell(chunk(number, item(Kind.ONLINE, number++)));
        }
        int kept = number - 2;
        assertThat(kept).isBetween(5, 9);
        assertThat(rig.send(Rig.ENDPOINT, 1, "an uplink")).as("has room of its own")
                .isEqualTo(io.longwire.rpc.coordinator.UplinkResult.Code.KEPT);

        taker.rdy(100);
        await().until(() -> taker.taken.size() == kept);
        taker.finAll();
        int next = number;
        var numbers = new int[]{next};
        await().until(() -> {
            tell(chunk(numbers[0], item(Kind.ONLINE, numbers[0]++)));
            return taker.taken.size() > kept + 1;
        });

        assertThat(taker.texts().get(kept)).isEqualTo("{\"kind\":\"resync\",\"via\":17}");
        assertThat(taker.texts().subList(kept + 1, taker.texts().size())).noneMatch(text -> text.contains("resync"));
    }

    @Test
    void tellsALossOnceThereIsRoomThoughNothingHappensAnyMore() throws Exception {
        store = store(4_000);
        FakeTaker taker = taker("watch");
        taker.rdy(0);
        int number = 1;
        while (rig.metrics.counter(CoordinatorMetric.PRESENCE, "outcome", "full").count() == 0) {
            tell(chunk(number, item(Kind.ONLINE, number++)));
        }
        int kept = number - 2;
        FakeCluster cluster = FakeCluster.of("coordinator");
        cluster.show("room", FakeCluster.member("room", ROOM));
        try (var watch = new RoomWatch(store, cluster, () -> Rig.MINUTE, Clock.system(), rig.metrics)) {
            assertThat(watch).isNotNull();
            taker.rdy(100);
            await().until(() -> taker.taken.size() == kept);
            taker.finAll();

            await().until(() -> taker.taken.size() == kept + 1);
            await().until(() -> store.standing(PARTITION).get(5, TimeUnit.SECONDS).losses().isEmpty());
        }

        assertThat(taker.texts().getLast()).isEqualTo("{\"kind\":\"resync\",\"via\":17}");
        assertThat(taker.taken).as("once").hasSize(kept + 1);
    }

    @Test
    void tellsALossToAllWhoListen() throws Exception {
        FakeTaker taker = taker("watch");
        FakeTaker other = new FakeTaker(rig.channels, new ChannelName(300, PresenceStore.TYPE, "watch"), Rig.MINUTE,
                100).attached();

        tell(chunk(1, PresenceItem.newBuilder().setKind(Kind.RESYNC).build()));

        await().until(() -> taker.taken.size() == 1 && other.taken.size() == 1);
        assertThat(other.texts()).containsExactly("{\"kind\":\"resync\",\"via\":17}");
        assertThat(io.longwire.rpc.coordinator.UplinkItem.parseFrom(other.taken.getFirst().value()).getAppId())
                .isEqualTo(300);
    }

    @Test
    void aSnapshotGoesRoomByRoomAndSlotBySlotBehindItsCursor() throws Exception {
        var asked = new ArrayList<String>();
        FakeCluster cluster = rooms(ROOM);
        var snapshots = new Snapshots(store, new RoomSight(cluster), request -> list(request, asked), rig.metrics);
        cluster.show("room", members(30, 10, 20)); // the one that tells something has left
        assertThatThrownBy(() -> snapshots.page(Rig.APP, PARTITION, "", 3).get(5, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class).hasMessageContaining("channel: none of type $presence");
        FakeTaker taker = taker("watch");
        tell(chunk(1, item(Kind.ONLINE, 5)));
        await().until(() -> taker.taken.size() == 1);

        var pages = new ArrayList<Snapshots.Page>();
        String next = "";
        do {
            pages.add(snapshots.page(Rig.APP, PARTITION, next, 3).get(5, TimeUnit.SECONDS));
            next = pages.getLast().next();
        } while (!next.isEmpty());

        int slot = PARTITION * 64;
        assertThat(pages).extracting(Snapshots.Page::cursor).containsOnly(taker.taken.getFirst().id().stream());
        assertThat(pages.stream().flatMap(page -> page.online().stream()).map(Snapshots.Online::via)).hasSize(128)
                .startsWith(10, 10).endsWith(30, 30);
        assertThat(pages).allMatch(page -> page.online().size() <= 4);
        assertThat(asked).contains("10 from " + slot, "10 from " + (slot + 3), "20 from " + slot, "30 from " + slot);
        assertThat(store.standing(PARTITION).get(5, TimeUnit.SECONDS).rooms()).extracting(PresenceStore.RoomMark::via)
                .as("whose end is to be told").contains(10, 20, 30);
        assertThatThrownBy(() -> snapshots.page(Rig.APP, PARTITION + 1, pages.getFirst().next(), 3))
                .hasMessageContaining("page: ");
    }

    @Test
    void aSnapshotFailsWhileARoomMayBeOutOfSight() throws Exception {
        FakeCluster cluster = rooms(10);
        var snapshots = new Snapshots(store, new RoomSight(cluster), request -> list(request, new ArrayList<>()),
                rig.metrics);
        taker("watch");
        tell(chunk(1, item(Kind.ONLINE, 5)));

        assertThatThrownBy(() -> snapshots.page(Rig.APP, PARTITION, "", 3).get(5, TimeUnit.SECONDS))
                .as("it told something and was never seen").isInstanceOf(ExecutionException.class)
                .hasMessageContaining("UNAVAILABLE: room: 17 ");
        cluster.show("room", members(10, ROOM));
        assertThat(snapshots.page(Rig.APP, PARTITION, "", 1_000).get(5, TimeUnit.SECONDS).online()).hasSize(128)
                .extracting(Snapshots.Online::via).contains(ROOM);
        cluster.show("room", members(10));
        assertThat(snapshots.page(Rig.APP, PARTITION, "", 1_000).get(5, TimeUnit.SECONDS).online())
                .as("it was seen to leave").hasSize(64);

        cluster.fence(true);
        assertThatThrownBy(() -> snapshots.page(Rig.APP, PARTITION, "", 3).get(5, TimeUnit.SECONDS))
                .hasMessageContaining("UNAVAILABLE: ZooKeeper: cut off");
    }

    private static FakeCluster rooms(int... indexes) {
        FakeCluster cluster = FakeCluster.of("coordinator");
        cluster.show("room", members(indexes));
        return cluster;
    }

    private static Member[] members(int... indexes) {
        return FakeCluster.members("room", indexes).list().toArray(Member[]::new);
    }

    // A session in every slot; room 20 is another incarnation by now.
    private static CompletableFuture<ListSessionsReply> list(ListSessionsRequest request, List<String> asked) {
        asked.add(request.getRoomIncarnation() + " from " + request.getFromSlot());
        var reply = ListSessionsReply.newBuilder();
        if (request.getRoomIncarnation() == 20) {
            return CompletableFuture.completedFuture(reply.setNotHere(true).build());
        }
        int slot = request.getFromSlot();
        while (slot < request.getToSlot() && reply.getSessionsCount() < request.getLimit()) {
            reply.addSessions(ListedSession.newBuilder().setEndpointId(4096L * 5 + slot++).setConnSeq(9));
        }
        return CompletableFuture.completedFuture(reply.setNextSlot(slot).build());
    }

    private FakeTaker taker(String channel) throws Exception {
        return new FakeTaker(rig.channels, new ChannelName(Rig.APP, PresenceStore.TYPE, channel), Rig.MINUTE, 100)
                .attached();
    }

    private PresenceResult tell(PresenceChunk chunk) throws Exception {
        return store.tell(chunk).get(10, TimeUnit.SECONDS);
    }

    private static PresenceChunk chunk(int number, PresenceItem... items) {
        return PresenceChunk.newBuilder().setVia(ROOM).setPartition(PARTITION).setNumber(number)
                .addAllItems(List.of(items)).build();
    }

    private static PresenceItem item(Kind kind, long connSeq) {
        return PresenceItem.newBuilder().setKind(kind).setAppId(Rig.APP).setEndpointId(Rig.ENDPOINT)
                .setConnSeq(connSeq).setAtMs(1_000).build();
    }
}
