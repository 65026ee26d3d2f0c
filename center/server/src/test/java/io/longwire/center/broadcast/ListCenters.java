package io.longwire.center.broadcast;

import com.google.protobuf.ByteString;
import io.longwire.center.fakes.FakeBroadcastRooms;
import io.longwire.center.fakes.FakeBroadcastStore;
import io.longwire.center.fakes.FakeFeedback;
import io.longwire.center.fakes.FakeListStore;
import io.longwire.center.fakes.FakeMetrics;
import io.longwire.center.fakes.FakeNeighbours;
import io.longwire.center.list.ListWalks;
import io.longwire.center.mint.MessageIds;
import io.longwire.center.send.Sender;
import io.longwire.device.v1.Priority;
import io.longwire.device.v1.Push;
import io.longwire.keeper.service.HaltPoints;
import io.longwire.rpc.saver.AppendItem;
import io.longwire.rpc.saver.AppendResult;
import io.longwire.rpc.saver.Broadcast;
import io.longwire.rpc.saver.Broadcast.State;
import io.longwire.rpc.saver.BroadcastChange;
import io.longwire.rpc.saver.BroadcastProgress;
import io.longwire.rpc.saver.BroadcastRequest;
import io.longwire.rpc.saver.Pace;
import io.longwire.testkit.cluster.FakeCluster;
import io.longwire.testkit.time.VirtualClock;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

import static org.assertj.core.api.Assertions.assertThat;

/** Centers that walk lists over made neighbours, on virtual time; each of them with its rounds alone. */
final class ListCenters {
    static final long ID = 77;
    static final int APP = 3;

    final VirtualClock clock = new VirtualClock();
    final FakeBroadcastStore store = new FakeBroadcastStore(clock);
    final FakeListStore lists = new FakeListStore();
    final FakeBroadcastRooms rooms = new FakeBroadcastRooms();
    final FakeNeighbours parts = new FakeNeighbours();
    final FakeFeedback feedback = new FakeFeedback();
    final FakeMetrics metrics = new FakeMetrics();
    private final MessageIds ids = new MessageIds(clock, FakeCluster.of("center"));

    ListCenters() {
        store.lists(lists);
        parts.app(APP, 100_000);
    }

    record Center(Walking walking, ListWalks lists, Telling telling) {
    }

    Center center(String name) {
        var paces = new ProductPaces(feedback, clock, metrics).start();
        var walks = MadeWalks.of(parts, lists, ids, this::progress,
                new Sender.Tools(clock, HaltPoints.none(), metrics), paces);
        var telling = new Telling(rooms, walks, paces);
        return new Center(new Walking(store, rooms, telling, walks,
                new Walking.Pacing(new Stages(store, paces, clock, metrics, telling::tell), paces),
                new Walking.Self(() -> name, () -> false), new Walking.Tools(clock, HaltPoints.none(), metrics))
                .start(), walks, telling);
    }

    /** A center whose rounds hang at a room that does not answer from the next one on; its looks go on. */
    void hang(Center center) {
        new Changes(store, rooms, center.telling(), clock, metrics).start();
        rooms.room(11, 1);
        rooms.hang(11);
        store.create(Broadcast.newBuilder().setBroadcastId(ID + 9).setAppId(APP).setState(State.RUNNING).setStage(1)
                .setExpireAtMs(clock.wallMillis() + 86_400_000).build()).join();
        clock.advance(Duration.ofMillis(1_200));
        assertThat(rooms.walked()).isNotEmpty();
    }

    CompletableFuture<BroadcastProgress> progress(long broadcast) {
        return store.progress(BroadcastRequest.newBuilder().setBroadcastId(broadcast).build());
    }

    /** Endpoints in as many ranges. */
    static LongStream spread(int count) {
        return LongStream.rangeClosed(1, count).map(i -> i << 6);
    }

    /** Endpoints of the first range. */
    static LongStream together(int count) {
        return IntStream.rangeClosed(1, count).mapToLong(i -> (long) i << 12);
    }

    void broadcast(LongStream endpoints, Broadcast.Builder given) {
        long expires = clock.wallMillis() + Duration.ofDays(20).toMillis();
        var push = Push.newBuilder().setPayload(ByteString.copyFromUtf8("hi")).setCollapseKey(
                ByteString.copyFromUtf8("k")).setPriority(Priority.PRIORITY_HIGH).setAckNow(true);
        store.create(given.setBroadcastId(ID).setAppId(APP).setState(State.RUNNING).setStage(1)
                .setListId(lists.sealed(APP, endpoints)).setEnvelope(push.build().toByteString())
                .setExpireAtMs(expires).setCreatedMs(clock.wallMillis()).setStageMs(clock.wallMillis()).build()).join();
    }

    static Broadcast.Builder paced(int perSecond) {
        return Broadcast.newBuilder().setPace(Pace.newBuilder().setRatePerSecond(perSecond));
    }

    void change(BroadcastChange.Builder change) {
        store.change(change.setBroadcastId(ID).build()).join();
    }

    /** Endpoints that have it; fails if one has it under two ids. */
    Set<Long> reached() {
        Map<Long, Set<Long>> ids = List.copyOf(parts.appended).stream().collect(Collectors.groupingBy(
                AppendItem::getEndpointId, Collectors.mapping(AppendItem::getMessageId, Collectors.toSet())));
        assertThat(ids.values()).allMatch(each -> each.size() == 1);
        return new HashSet<>(ids.keySet());
    }

    BroadcastProgress progress() {
        return progress(ID).join();
    }

    /** The ledger deletes what it knows of the messages of before. */
    void waitLongerThanEndsAreKept() {
        parts.forgotten = ids.mint();
        clock.advance(Duration.ofDays(9));
    }

    void loseAnswers() {
        for (int i = 0; i < 1_000; i++) {
            parts.appendAnswers.add(FakeNeighbours.append(AppendResult.Code.UNAVAILABLE));
        }
    }
}
