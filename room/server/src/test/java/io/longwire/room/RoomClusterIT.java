package io.longwire.room;

import io.longwire.device.Code;
import io.longwire.device.FrameType;
import io.longwire.device.v1.Ack;
import io.longwire.device.v1.ConnectAck;
import io.longwire.device.v1.Pong;
import io.longwire.device.v1.Profile;
import io.longwire.device.v1.ProfileAck;
import io.longwire.device.v1.Push;
import io.longwire.device.v1.Unbind;
import io.longwire.keeper.service.Service;
import io.longwire.room.transport.SocketPhone;
import io.longwire.rpc.register.Session;
import io.longwire.testkit.chaos.ChaosProxy;
import io.longwire.testkit.chaos.Direction;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** A room against a real ZooKeeper it can be cut off from, and register owners that fail it. */
@Timeout(90)
class RoomClusterIT {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final int PHONES = 20;

    @TempDir
    @Nullable
    private Path directory;
    private @Nullable Deployment deployment;

    @BeforeEach
    void start() throws Exception {
        deployment = new Deployment(Objects.requireNonNull(directory));
    }

    @AfterEach
    void stop() {
        deployment().close();
    }

    @Test
    void aRoomThatLostItsSessionPutsEverythingAgainAndFetchesForEverybodyWhileItsPhonesStay() throws Exception {
        Deployment.Owner owner = deployment().register();
        deployment().publish(owner);
        try (var link = ChaosProxy.to(deployment().zookeeper.port(), 1)) {
            Service room = deployment().room(link.port(), "3s");
            List<SocketPhone> phones = phones(room);
            await().atMost(SOON).until(() -> owner.register().table().size() == PHONES);
            Map<Long, Session> before = owner.register().table();
            int index = room.cluster().self().index();

            link.refuse(true);
            link.cut();
            await().atMost(SOON).until(() -> owner.service().cluster().members("room").isEmpty());
            List<Long> missed = new ArrayList<>(); // accepted by others while nobody could find these phones
            for (int i = 0; i < PHONES; i++) {
                missed.add(deployment().store(100 + i));
            }
            link.refuse(false);
            await().atMost(SOON).until(() -> room.cluster().self().index() != index);

            for (int i = 0; i < PHONES; i++) {
                Push push = phones.get(i).push();
                assertThat(push.getMessageId()).isEqualTo(missed.get(i));
                phones.get(i).send(FrameType.ACK, Ack.newBuilder().setUptoSeq(push.getSeq()).build());
            }
            Map<Long, Session> after = owner.register().table();
            assertThat(after.keySet()).isEqualTo(before.keySet());
            after.forEach((endpoint, session) -> assertThat(session).isEqualTo(Objects.requireNonNull(
                    before.get(endpoint)).toBuilder().setRoomIncarnation(room.cluster().self().index()).build()));
            await().atMost(SOON).until(() -> deployment().saver.store.inboxes.values().stream()
                    .allMatch(Map::isEmpty));
            close(phones);
        }
    }

    @Test
    void aProfileReachesASaverAndItsAnswerThePhone() throws Exception {
        Service room = deployment().room(deployment().zookeeper.port(), "10s");
        try (SocketPhone phone = phone(room, 5)) {
            phone.send(FrameType.PROFILE,
                    Profile.newBuilder().setReqId(9).setEndpointId(5).addBindAliases("ann").build());

            ProfileAck answer = phone.next(FrameType.PROFILE_ACK, ProfileAck.parser());
            assertThat(answer.getReqId()).isEqualTo(9);
            assertThat(answer.getCode()).isEqualTo(Code.OK);
            assertThat(deployment().saver.store.profiles).hasSize(1);
            assertThat(deployment().saver.store.profiles.getFirst().getBindAliasesList()).containsExactly("ann");
        }
    }

    @Test
    void aRoomThatIsCutOffAloneTakesNoLoginsKeepsItsPhonesAndComesBack() throws Exception {
        Deployment.Owner owner = deployment().register();
        deployment().publish(owner);
        try (var link = ChaosProxy.to(deployment().zookeeper.port(), 1)) {
            Service room = deployment().room(link.port(), "3s");
            try (SocketPhone phone = phone(room, 5)) {
                link.toServer().blackHole(Direction.Hole.DISCARD);
                link.toClient().blackHole(Direction.Hole.DISCARD);

                // Peers with fresh contact are heard by what logins write to the register.
                await().atMost(SOON).until(() -> login(room, 6).getCode() == Code.NOT_SERVING);
                ConnectAck refused = login(room, 6);
                assertThat(refused.getCode()).isEqualTo(Code.NOT_SERVING);
                assertThat(refused.getRetryAfterMs()).isBetween(1_000L, 10_000L);
                phone.send(new byte[]{FrameType.PING, 0});
                phone.next(FrameType.PONG, Pong.parser());

                link.heal();
                await().atMost(SOON).until(() -> login(room, 6).getCode() == Code.OK);
                phone.send(new byte[]{FrameType.PING, 0});
                phone.next(FrameType.PONG, Pong.parser());
            }
        }
    }

    @Test
    void aPutThatNoOwnerTakesIsOwedAndFetchedForOnceItIsIn() throws Exception {
        Deployment.Owner owner = deployment().register();
        owner.register().fenced = true;
        deployment().publish(owner);
        Service room = deployment().room(deployment().zookeeper.port(), "10s");

        try (SocketPhone phone = phone(room, 5)) { // let in all the same
            assertThat(owner.register().table()).isEmpty();
            await().pollDelay(Duration.ofSeconds(2)).until(() -> true); // the fetch of the login is over
            long missed = deployment().store(5); // by a center that found nobody
            owner.register().fenced = false;

            assertThat(phone.push().getMessageId()).isEqualTo(missed);
            assertThat(owner.register().table()).containsOnlyKeys(5L);
        }
    }

    @Test
    void aSessionThatEndedWhileItsOwnerWasDeafIsErasedByTheSlotSentWhole() throws Exception {
        Deployment.Owner owner = deployment().register();
        deployment().publish(owner);
        Service room = deployment().room(deployment().zookeeper.port(), "10s");
        try (SocketPhone gone = phone(room, 5); SocketPhone stays = phone(room, 5 + 4096)) { // of one slot
            await().atMost(SOON).until(() -> owner.register().table().size() == 2);
            owner.register().fenced = true;

            gone.send(FrameType.UNBIND, Unbind.newBuilder().addEndpointIds(5).build());
            await().pollDelay(Duration.ofSeconds(1)).until(() -> owner.register().table().size() == 2);
            owner.register().fenced = false;

            await().atMost(SOON).until(() -> owner.register().table().size() == 1);
            assertThat(owner.register().table()).containsOnlyKeys(5L + 4096);
            stays.send(new byte[]{FrameType.PING, 0});
            stays.next(FrameType.PONG, Pong.parser());
        }
    }

    @Test
    void whatWasOwedToAnOwnerThatLeftGoesToTheNextOne() throws Exception {
        Deployment.Owner deaf = deployment().register();
        deaf.register().fenced = true;
        deployment().publish(deaf);
        Service room = deployment().room(deployment().zookeeper.port(), "10s");
        try (SocketPhone phone = phone(room, 5)) {
            long missed = deployment().store(5);
            Deployment.Owner next = deployment().register();
            deployment().publish(next);

            await().atMost(SOON).until(() -> next.register().table().containsKey(5L));
            assertThat(phone.push().getMessageId()).isEqualTo(missed);
            int settled = next.register().puts.get();
            await().pollDelay(Duration.ofSeconds(3)).until(() -> true);
            assertThat(next.register().puts.get()).isLessThanOrEqualTo(settled + 1); // not again each second
            assertThat(deaf.register().table()).isEmpty();
        }
    }

    private List<SocketPhone> phones(Service room) throws Exception {
        List<SocketPhone> phones = new ArrayList<>();
        for (int i = 0; i < PHONES; i++) {
            phones.add(phone(room, 100 + i));
        }
        return phones;
    }

    private static SocketPhone phone(Service room, long endpointId) throws Exception {
        SocketPhone phone = SocketPhone.tcp(Deployment.port(room));
        assertThat(phone.connect(Deployment.binding(room, endpointId)).getCode()).isEqualTo(Code.OK);
        return phone;
    }

    private static ConnectAck login(Service room, long endpointId) throws Exception {
        try (SocketPhone phone = SocketPhone.tcp(Deployment.port(room))) {
            return phone.connect(Deployment.binding(room, endpointId));
        }
    }

    private static void close(List<SocketPhone> phones) throws Exception {
        for (SocketPhone phone : phones) {
            phone.close();
        }
    }

    private Deployment deployment() {
        return Objects.requireNonNull(deployment);
    }
}
