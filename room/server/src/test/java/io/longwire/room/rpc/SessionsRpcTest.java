package io.longwire.room.rpc;

import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.longwire.keeper.cluster.Slots;
import io.longwire.room.presence.PresenceFeed;
import io.longwire.room.presence.SessionBook;
import io.longwire.room.rig.FakeMetrics;
import io.longwire.rpc.coordinator.PresenceChunk;
import io.longwire.rpc.coordinator.PresenceItem.Kind;
import io.longwire.rpc.coordinator.PresenceResult;
import io.longwire.rpc.room.ListSessionsReply;
import io.longwire.rpc.room.ListSessionsRequest;
import io.longwire.rpc.room.ListedSession;
import io.longwire.testkit.time.VirtualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class SessionsRpcTest {
    private static final int ROOM = 7;
    private static final int APP = 12;
    private static final Duration TICK = Duration.ofMillis(50);

    private final VirtualClock clock = new VirtualClock();
    private final List<PresenceChunk> chunks = new ArrayList<>();
    private final PresenceFeed feed = new PresenceFeed(new TwoInEachSlot(), chunk -> {
        chunks.add(chunk);
        return CompletableFuture.completedFuture(PresenceResult.newBuilder().addUnwantedApps(APP).build());
    }, new Home(), clock, new FakeMetrics(), Runnable::run);
    private final SessionsRpc rpc = new SessionsRpc(new TwoInEachSlot(), feed, () -> ROOM);

    @Test
    void showsTheAppsSessionsOfWholeSlotsUpToTheLimit() {
        ListSessionsReply reply = list(ROOM, 64, 128, 3);

        assertThat(reply.getSessionsList()).extracting(ListedSession::getEndpointId).containsExactly(64L, 65L, 66L);
        assertThat(reply.getNextSlot()).isEqualTo(67);
        assertThat(list(ROOM, 126, 128, 3).getNextSlot()).isEqualTo(128);
    }

    @Test
    void anotherIncarnationIsNotHere() {
        assertThat(list(ROOM + 1, 0, 64, 3).getNotHere()).isTrue();
    }

    @Test
    void refusesSlotsThatAreNone() {
        var told = new ArrayList<Throwable>();
        rpc.list(ListSessionsRequest.newBuilder().setRoomIncarnation(ROOM).setFromSlot(0).setToSlot(4097).build(),
                new Observer(new ArrayList<>(), told));

        assertThat(Status.fromThrowable(told.getFirst()).getDescription())
                .isEqualTo("slots: 0 to 4097 (expected: a range within 0 to 4096)");
    }

    @Test
    void whoeverAskedForTheAppIsToldOfItFromThenOn() {
        feed.note(Kind.NETWORK, APP, 5, 9, "wifi");
        clock.advance(TICK);
        feed.note(Kind.NETWORK, APP, 5, 9, "4g"); // nobody wants it
        clock.advance(TICK);

        list(ROOM, 0, 64, 100);
        feed.note(Kind.NETWORK, APP, 5, 9, "5g");
        clock.advance(TICK);

        assertThat(chunks).extracting(chunk -> chunk.getItems(0).getNetwork()).containsExactly("wifi", "5g");
    }

    private ListSessionsReply list(int room, int from, int to, int limit) {
        var replies = new ArrayList<ListSessionsReply>();
        rpc.list(ListSessionsRequest.newBuilder().setRoomIncarnation(room).setAppId(APP).setFromSlot(from)
                .setToSlot(to).setLimit(limit).build(), new Observer(replies, new ArrayList<>()));
        return replies.getFirst();
    }

    private record Observer(List<ListSessionsReply> replies, List<Throwable> told)
            implements
                StreamObserver<ListSessionsReply> {
        @Override
        public void onNext(ListSessionsReply reply) {
            replies.add(reply);
        }

        @Override
        public void onError(Throwable broken) {
            told.add(broken);
        }

        @Override
        public void onCompleted() {
            // the answer is there
        }
    }

    // One of the app, one of another.
    private static final class TwoInEachSlot implements SessionBook {
        @Override
        public boolean has(long endpointId, long connSeq) {
            return true;
        }

        @Override
        public void forEach(int slot, Visitor visitor) {
            visitor.session(slot, 9, APP);
            visitor.session(slot + Slots.COUNT, 9, APP + 1);
        }
    }

    private static final class Home implements PresenceFeed.Home {
        @Override
        public int incarnation() {
            return ROOM;
        }

        @Override
        public boolean fenced() {
            return false;
        }
    }
}
