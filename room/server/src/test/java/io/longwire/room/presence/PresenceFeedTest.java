package io.longwire.room.presence;

import io.longwire.keeper.cluster.Slots;
import io.longwire.register.client.PutResult;
import io.longwire.register.client.Session;
import io.longwire.register.client.SessionListener;
import io.longwire.room.metric.RoomMetric;
import io.longwire.room.rig.FakeMetrics;
import io.longwire.rpc.coordinator.PresenceChunk;
import io.longwire.rpc.coordinator.PresenceItem;
import io.longwire.rpc.coordinator.PresenceItem.Kind;
import io.longwire.rpc.coordinator.PresenceResult;
import io.longwire.rpc.coordinator.PresenceResult.Code;
import io.longwire.testkit.time.VirtualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class PresenceFeedTest {
    private static final int APP = 12;
    private static final long EP = 4096L * 99; // slot 0, partition 0
    private static final Duration TICK = Duration.ofMillis(50);
    private static final Duration RETRY = Duration.ofMillis(550);

    private final VirtualClock clock = new VirtualClock();
    private final FakeMetrics metrics = new FakeMetrics();
    private final Book book = new Book();
    private final Coordinator coordinator = new Coordinator();
    private final Room room = new Room();
    private final PresenceFeed feed = new PresenceFeed(book, coordinator, room, clock, metrics, Runnable::run);

    @AfterEach
    void close() {
        feed.close();
    }

    @Test
    void tellsAnOnlineAtTheFirstOwnerThatHadNothing() {
        SessionListener put = put(EP, 5);
        clock.advance(TICK);
        assertThat(coordinator.told()).isEmpty();

        put.onFirstAck(PutResult.STORED);
        put.onSecondAck(displaced());
        put.onSettled();
        clock.advance(TICK);

        assertThat(coordinator.told()).containsExactly("ONLINE 5");
        assertThat(coordinator.chunks.getFirst()).extracting(PresenceChunk::getVia, PresenceChunk::getPartition)
                .containsExactly(7, 0);
    }

    @Test
    void tellsAMoveWhenEveryOwnerThatAnsweredHadAnotherSession() {
        SessionListener put = put(EP, 5);
        put.onFirstAck(displaced());
        clock.advance(TICK);
        assertThat(coordinator.told()).isEmpty();

        put.onOwed(1);
        put.onSettled();
        clock.advance(TICK);

        assertThat(coordinator.told()).containsExactly("MOVED 5");
    }

    @Test
    void hasTheListenerHearWhatTheOwnersSay() {
        var heard = new ArrayList<String>();
        SessionListener put = feed.watch(new Arrival(APP, "", false), EP, 5, new SessionListener() {
            @Override
            public void onFirstAck(PutResult result) {
                heard.add("first");
            }

            @Override
            public void onSecondAck(PutResult result) {
                heard.add("second");
            }

            @Override
            public void onOwed(int acks) {
                heard.add("owed");
            }
        });

        put.onFirstAck(PutResult.STORED);
        put.onOwed(1);
        put.onSecondAck(PutResult.STORED);

        assertThat(heard).containsExactly("first", "owed", "second");
    }

    @Test
    void anOnlineThatComesBehindItsOwnOfflineIsNotTold() {
        SessionListener put = put(EP, 5);
        book.sessions.remove(EP);
        feed.watch(APP, EP, 5).onRemoved(1, 0, 0);
        put.onFirstAck(PutResult.STORED);
        clock.advance(TICK);

        assertThat(coordinator.told()).containsExactly("OFFLINE 5");
    }

    @Test
    void aSessionThatTheOwnersHaveForgottenGoesOfflineToo() {
        SessionListener put = put(EP, 5);
        put.onOwed(2);
        put.onSettled();
        clock.advance(TICK);

        book.sessions.remove(EP);
        feed.watch(APP, EP, 5).onRemoved(0, 0, 2);
        clock.advance(TICK);

        assertThat(coordinator.told()).containsExactly("ONLINE 5", "OFFLINE 5");
    }

    @Test
    void sendsTheSameChunkAgainUntilItIsAnsweredAndNothingBehindItMeanwhile() {
        coordinator.code = Code.UNAVAILABLE;
        online(EP, 5);
        clock.advance(TICK);
        online(EP + 4096, 6);
        clock.advance(RETRY);
        assertThat(coordinator.chunks).hasSize(2);
        assertThat(coordinator.chunks.get(1)).isEqualTo(coordinator.chunks.getFirst());

        coordinator.code = Code.KEPT;
        clock.advance(RETRY.multipliedBy(2));

        assertThat(coordinator.told()).containsExactly("ONLINE 5", "ONLINE 5", "ONLINE 5", "ONLINE 6");
        assertThat(coordinator.chunks).extracting(PresenceChunk::getNumber).containsExactly(1L, 1L, 1L, 2L);
        assertThat(metrics.count(RoomMetric.PRESENCE_FAILED)).isEqualTo(2);
    }

    @Test
    void aPartitionThatIsHeldUpHoldsUpNoOther() {
        coordinator.hold = true;
        online(EP, 5);
        clock.advance(TICK);
        coordinator.hold = false;

        online(EP + 64, 6);
        clock.advance(TICK);

        assertThat(coordinator.chunks).extracting(PresenceChunk::getPartition).containsExactly(0, 1);
    }

    @Test
    void givesUpTooManyAndTellsThatOnce() {
        coordinator.hold = true;
        online(EP, 1);
        clock.advance(TICK);
        for (int i = 0; i < Lane.MOST_WAITING + 10; i++) {
            online(EP + 4096L * i, 100 + i);
        }
        clock.advance(TICK);
        coordinator.hold = false;
        coordinator.release();
        clock.advance(TICK);

        assertThat(coordinator.told().subList(0, 2)).containsExactly("ONLINE 1", "RESYNC 0");
        assertThat(coordinator.told()).hasSize(2 + 9).filteredOn("RESYNC 0"::equals).hasSize(1);
        assertThat(metrics.count(RoomMetric.PRESENCE_LOST)).isEqualTo(Lane.MOST_WAITING + 1);
    }

    @Test
    void aFullQueueCostsThePartitionOfTheOneThatFoundNoPlace() {
        int queued = 65_536;
        for (int i = 0; i <= queued; i++) {
            feed.note(Kind.OFFLINE, APP, EP + 64L * i, 9, ""); // the last one is of partition 0 again
        }
        coordinator.hold = true;
        clock.advance(TICK);

        assertThat(metrics.count(RoomMetric.PRESENCE_LOST)).isEqualTo(1 + queued / 64);
        assertThat(coordinator.chunks).hasSize(64);
        assertThat(coordinator.chunks.getFirst().getItemsList()).extracting(PresenceItem::getKind)
                .containsExactly(Kind.RESYNC);
        assertThat(coordinator.chunks.get(1).getItemsList()).extracting(PresenceItem::getKind)
                .containsOnly(Kind.OFFLINE);
    }

    @Test
    void isSilentAboutAnAppThatNobodyWantsForHalfAMinute() {
        coordinator.unwanted = List.of(APP);
        online(EP, 5);
        clock.advance(TICK);
        online(EP, 6);
        clock.advance(TICK);
        assertThat(coordinator.told()).containsExactly("ONLINE 5");
        assertThat(feed.watch(new Arrival(APP, "", false), EP, 7, LISTENER)).isSameAs(LISTENER);

        coordinator.unwanted = List.of();
        clock.advance(Duration.ofSeconds(30));
        online(EP, 8);
        clock.advance(TICK);

        assertThat(coordinator.told()).containsExactly("ONLINE 5", "ONLINE 8");
    }

    @Test
    void staysSilentAboutAnUnwantedAppWhileNoCoordinatorAnswersAndTellsOnceOneDoes() {
        coordinator.unwanted = List.of(APP);
        online(EP, 5);
        clock.advance(TICK);
        coordinator.code = Code.UNAVAILABLE;
        coordinator.unwanted = List.of();
        clock.advance(Duration.ofSeconds(30));
        online(EP, 6);
        clock.advance(TICK);
        assertThat(coordinator.told()).as("is tried again").containsExactly("ONLINE 5", "ONLINE 6");

        clock.advance(Duration.ofSeconds(60));
        assertThat(wants()).as("nobody answered").isFalse();
        coordinator.code = Code.KEPT;
        clock.advance(Duration.ofSeconds(5));

        assertThat(wants()).as("not called unwanted").isTrue();
        coordinator.code = Code.UNAVAILABLE;
        online(EP, 7);
        clock.advance(TICK);
        assertThat(wants()).as("a failure says nothing of an app that is wanted").isTrue();
    }

    private boolean wants() {
        return !feed.watch(new Arrival(APP, "", false), EP, 9, LISTENER).equals(LISTENER);
    }

    @Test
    void anAnswerToWhatWasSentBeforeTheAppWasAskedForIsNotBelieved() {
        coordinator.hold = true;
        coordinator.unwanted = List.of(APP);
        online(EP, 5);
        clock.advance(TICK);
        feed.wanted(APP);
        coordinator.release();
        coordinator.hold = false;
        coordinator.unwanted = List.of();

        online(EP, 6);
        clock.advance(TICK);

        assertThat(coordinator.told()).containsExactly("ONLINE 5", "ONLINE 6");
    }

    @Test
    void tellsAllSessionsAgainUnderANewIncarnation() {
        book.sessions.put(EP, 5L);
        book.sessions.put(EP + 64 * 63 + 63, 6L);
        room.fenced = true;
        online(EP + 4096, 7);
        clock.advance(TICK);
        assertThat(coordinator.chunks).as("fenced").isEmpty();

        room.incarnation = 8;
        room.fenced = false;
        clock.advance(TICK);

        assertThat(coordinator.chunks).extracting(PresenceChunk::getVia).containsOnly(8);
        assertThat(coordinator.told()).contains("ONLINE 5", "ONLINE 6", "ONLINE 7");
    }

    @Test
    void opensItsIncarnationAnewIfItWasTakenForDead() {
        coordinator.code = Code.GONE;
        online(EP, 5);
        clock.advance(TICK);
        coordinator.code = Code.KEPT;
        clock.advance(RETRY);

        PresenceChunk again = coordinator.chunks.getLast();
        assertThat(again.getRevive()).isTrue();
        assertThat(again.getItemsList()).extracting(PresenceItem::getKind).containsExactly(Kind.RESYNC, Kind.ONLINE);
        online(EP, 6);
        clock.advance(TICK);
        assertThat(coordinator.chunks.getLast().getRevive()).isFalse();
    }

    private SessionListener put(long endpointId, long connSeq) {
        book.sessions.put(endpointId, connSeq);
        return feed.watch(new Arrival(APP, "wifi", false), endpointId, connSeq, LISTENER);
    }

    private void online(long endpointId, long connSeq) {
        put(endpointId, connSeq).onFirstAck(PutResult.STORED);
    }

    private static PutResult displaced() {
        return new PutResult.Displaced(new Session(EP, 4, 3, 1));
    }

    private static final SessionListener LISTENER = new SessionListener() {
        @Override
        public void onFirstAck(PutResult result) {
            // the room's business
        }

        @Override
        public void onSecondAck(PutResult result) {
            // the room's business
        }

        @Override
        public void onOwed(int acks) {
            // the room's business
        }
    };

    private static final class Room implements PresenceFeed.Home {
        private int incarnation = 7;
        private boolean fenced;

        @Override
        public int incarnation() {
            return incarnation;
        }

        @Override
        public boolean fenced() {
            return fenced;
        }
    }

    private static final class Book implements SessionBook {
        private final Map<Long, Long> sessions = new TreeMap<>();

        @Override
        public boolean has(long endpointId, long connSeq) {
            return sessions.getOrDefault(endpointId, 0L) == connSeq;
        }

        @Override
        public void forEach(int slot, Visitor visitor) {
            sessions.forEach((endpointId, connSeq) -> {
                if (Slots.of(endpointId) == slot) {
                    visitor.session(endpointId, connSeq, APP);
                }
            });
        }
    }

    private static final class Coordinator implements PresenceSink {
        private final List<PresenceChunk> chunks = new ArrayList<>();
        private final List<Runnable> held = new ArrayList<>();
        private Code code = Code.KEPT;
        private List<Integer> unwanted = List.of();
        private boolean hold;

        @Override
        public CompletableFuture<PresenceResult> tell(PresenceChunk chunk) {
            chunks.add(chunk);
            var answer = new CompletableFuture<PresenceResult>();
            PresenceResult result = PresenceResult.newBuilder().setCode(code).addAllUnwantedApps(unwanted).build();
            if (hold) {
                held.add(() -> answer.complete(result));
            } else {
                answer.complete(result);
            }
            return answer;
        }

        private void release() {
            List<Runnable> all = List.copyOf(held);
            held.clear();
            all.forEach(Runnable::run);
        }

        private List<String> told() {
            return chunks.stream().flatMap(chunk -> chunk.getItemsList().stream())
                    .map(item -> item.getKind() + " " + item.getConnSeq()).toList();
        }
    }
}
