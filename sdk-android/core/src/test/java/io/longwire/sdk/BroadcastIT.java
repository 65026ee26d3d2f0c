package io.longwire.sdk;

import com.google.protobuf.ByteString;
import io.longwire.device.BroadcastSeen;
import io.longwire.device.FrameType;
import io.longwire.device.Limits;
import io.longwire.device.ProtocolError;
import io.longwire.device.id.MessageId;
import io.longwire.device.v1.Ack;
import io.longwire.device.v1.AckStatus;
import io.longwire.device.v1.Bind;
import io.longwire.device.v1.EndpointAck;
import io.longwire.device.v1.Ping;
import io.longwire.device.v1.Push;
import io.longwire.device.v1.PushKind;
import io.longwire.device.v1.Ready;
import io.longwire.sdk.loop.SdkClock;
import java.io.File;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static io.longwire.sdk.TestPhone.APP_7;
import static io.longwire.sdk.TestPhone.APP_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Broadcasts on a real socket: which of them a phone says it has, and what becomes of each. */
class BroadcastIT {
    @TempDir
    File directory;
    @AutoClose
    private final FakePlatform platform = new FakePlatform();
    private final FakeRoom room = platform.onlyRoom();

    @BeforeEach
    void begin() {
        room.broadcastFloor = 3;
    }

    @Test
    void hasNoStateAtFirstThenNamesWhatItHasSeenInEachConnect() throws Exception {
        try (var phone = new TestPhone(platform.dispatcher, directory)) {
            phone.add(APP_7);
            phone.start();
            FakeLink first = room.next();
            assertThat(first.connect().getBindings(0).getBcastSeen().isEmpty()).isTrue();
            deliver(first, broadcast(5, "five"));
            deliver(first, broadcast(7, "seven"));
            first.cut();

            assertThat(seen(room.next()).floor()).isEqualTo(3);
            room.close();
        }
        FakeRoom other = platform.onlyRoom();
        try (var phone = new TestPhone(platform.dispatcher, directory)) {
            phone.add(APP_7);
            phone.start();

            BroadcastSeen seen = seen(other.next());
            assertThat(seen.floor()).isEqualTo(3);
            assertThat(seen.sequences()).containsExactly(5, 7);
        }
    }

    @Test
    void aFloorWithNothingAboveItIsAState() throws Exception {
        room.broadcastFloor = 1;
        try (var phone = new TestPhone(platform.dispatcher, directory)) {
            phone.add(APP_7);
            phone.start();
            connected(phone, room.next()).cut();

            ByteString bytes = room.next().connect().getBindings(0).getBcastSeen();
            assertThat(bytes.isEmpty()).isFalse();
            assertThat(BroadcastSeen.decode(bytes).floor()).isEqualTo(1);
        }
    }

    @Test
    void followsTheFloorUpwardAndForgetsWhatItCovers() throws Exception {
        try (var phone = new TestPhone(platform.dispatcher, directory)) {
            phone.add(APP_7);
            phone.start();
            FakeLink first = room.next();
            deliver(first, broadcast(5, "five"));
            deliver(first, broadcast(8, "eight"));
            room.broadcastFloor = 6;
            first.cut();
            FakeLink second = room.next();
            assertThat(seen(second).sequences()).containsExactly(5, 8);
            // Answered after the floor was adopted, as it comes after CONNECT_ACK.
            deliver(second, broadcast(9, "nine"));
            room.broadcastFloor = 2;
            second.cut();
            FakeLink third = room.next();
            assertThat(seen(third).floor()).isEqualTo(6);
            deliver(third, broadcast(10, "ten"));
            third.cut();

            BroadcastSeen last = seen(room.next());
            assertThat(last.floor()).isEqualTo(6);
            assertThat(last.sequences()).containsExactly(8, 9, 10);
        }
    }

    @Test
    void namesWhatItHasSeenInABindToo() throws Exception {
        try (var phone = new TestPhone(platform.dispatcher, directory)) {
            phone.add(APP_8);
            phone.start();
            deliver(room.next(), broadcast(5, "five").toBuilder().setAppId(8).build());
        }
        room.close();
        FakeRoom other = platform.onlyRoom();
        try (var phone = new TestPhone(platform.dispatcher, directory)) {
            phone.add(APP_7);
            phone.start();
            FakeLink link = connected(phone, other.next());
            phone.add(APP_8);

            Bind bind = link.take(FrameType.BIND, Bind.parser());
            assertThat(BroadcastSeen.decode(bind.getBindings(0).getBcastSeen()).sequences()).containsExactly(5);
        }
    }

    @Test
    void defersABroadcastOfAPausedAppAndDoesNotCallItSeen() throws Exception {
        try (var phone = new TestPhone(platform.dispatcher, directory)) {
            var shown = phone.add(APP_7);
            phone.start();
            FakeLink link = room.next();
            Push push = broadcast(5, "later");
            shown.app().pause();

            assertThat(deliver(link, push).getStatus()).isEqualTo(AckStatus.ACK_DEFERRED);
            link.cut();
            FakeLink second = room.next();
            assertThat(seen(second).sequences()).isEmpty();
            assertThat(deliver(second, push).getStatus()).isEqualTo(AckStatus.ACK_DEFERRED);
            shown.app().resume();
            assertThat(second.take(FrameType.READY, Ready.parser()).getEndpointIdsList()).containsExactly(second.host);

            assertThat(deliver(second, push).getStatus()).isEqualTo(AckStatus.ACK_STORED);
            await().until(() -> shown.texts().equals(List.of("later")));
        }
    }

    @Test
    void showsADuplicateOnceAndAcksItAgain() throws Exception {
        try (var phone = new TestPhone(platform.dispatcher, directory)) {
            var shown = phone.add(APP_7);
            phone.start();
            FakeLink link = room.next();
            Push push = broadcast(5, "once");

            assertThat(deliver(link, push).getStatus()).isEqualTo(AckStatus.ACK_STORED);
            assertThat(deliver(link, push).getStatus()).isEqualTo(AckStatus.ACK_STORED);
            deliver(link, broadcast(6, "next"));

            await().until(() -> shown.texts().contains("next"));
            assertThat(shown.texts()).containsExactly("once", "next");
        }
    }

    @Test
    void takesAnExpiredOneForSeenAndDoesNotShowIt() throws Exception {
        try (var phone = new TestPhone(platform.dispatcher, directory)) {
            var shown = phone.add(APP_7);
            phone.start();
            FakeLink link = room.next();
            Push expired = broadcast(5, "late").toBuilder().setExpireAtMs(SdkClock.system().wallMillis() - 1000)
                    .build();

            assertThat(deliver(link, expired).getStatus()).isEqualTo(AckStatus.ACK_STORED);
            deliver(link, broadcast(6, "good"));

            await().until(() -> shown.texts().equals(List.of("good")));
            link.cut();
            assertThat(seen(room.next()).sequences()).containsExactly(5, 6);
        }
    }

    @Test
    void namesTheNewestHundredAndShowsNoneOfTheOthersAgain() throws Exception {
        int count = Limits.BROADCASTS_SEEN + 5;
        try (var phone = new TestPhone(platform.dispatcher, directory)) {
            var shown = phone.add(APP_7);
            phone.start();
            FakeLink link = room.next();
            Push oldest = broadcast(4, "4");
            deliver(link, oldest);
            for (int seq = 5; seq < 4 + count; seq++) {
                deliver(link, broadcast(seq, Integer.toString(seq)));
            }
            link.cut();
            FakeLink second = room.next();
            assertThat(seen(second).sequences()).hasSize(Limits.BROADCASTS_SEEN).contains(3 + count)
                    .doesNotContain(4, 5, 6, 7, 8);

            assertThat(deliver(second, oldest).getStatus()).isEqualTo(AckStatus.ACK_STORED);
            await().until(() -> shown.messages.size() >= count);
            assertThat(shown.texts()).doesNotHaveDuplicates();
        }
    }

    @Test
    void takesABroadcastBackThatWasShown() throws Exception {
        try (var phone = new TestPhone(platform.dispatcher, directory)) {
            var shown = phone.add(APP_7);
            phone.start();
            FakeLink link = room.next();
            Push push = broadcast(5, "wrong");
            deliver(link, push);
            await().until(() -> shown.texts().equals(List.of("wrong")));

            assertThat(deliver(link, revoke(6, push)).getStatus()).isEqualTo(AckStatus.ACK_STORED);

            await().until(() -> shown.revoked.equals(List.of(id(push))));
            link.cut();
            assertThat(seen(room.next()).sequences()).containsExactly(5, 6);
        }
    }

    @Test
    void neverShowsABroadcastThatWasTakenBackWhileItWaited() throws Exception {
        try (var phone = new TestPhone(platform.dispatcher, directory)) {
            phone.client.addApp(APP_7, message -> Receipt.NOT_RUNNING);
            phone.start();
            FakeLink link = room.next();
            Push push = broadcast(5, "wrong");
            assertThat(deliver(link, push).getStatus()).isEqualTo(AckStatus.ACK_STORED);

            assertThat(deliver(link, revoke(6, push)).getStatus()).isEqualTo(AckStatus.ACK_STORED);
        }
        room.close();
        FakeRoom other = platform.onlyRoom();
        try (var phone = new TestPhone(platform.dispatcher, directory)) {
            var shown = phone.add(APP_7);
            phone.start();
            FakeLink link = other.next();
            assertThat(seen(link).sequences()).containsExactly(5, 6);
            deliver(link, broadcast(7, "right"));

            await().until(() -> shown.texts().contains("right"));
            assertThat(shown.texts()).containsExactly("right");
            assertThat(shown.revoked).isEmpty();
        }
    }

    @Test
    void neverShowsABroadcastThatComesAfterItsRevocationAndCallsItSeen() throws Exception {
        try (var phone = new TestPhone(platform.dispatcher, directory)) {
            var shown = phone.add(APP_7);
            phone.start();
            FakeLink link = room.next();
            Push push = broadcast(5, "wrong");
            assertThat(deliver(link, revoke(6, push)).getStatus()).isEqualTo(AckStatus.ACK_STORED);
            assertThat(deliver(link, push).getStatus()).isEqualTo(AckStatus.ACK_STORED);
            deliver(link, broadcast(7, "right"));

            await().until(() -> shown.texts().contains("right"));
            assertThat(shown.texts()).containsExactly("right");
            assertThat(shown.revoked).isEmpty();
            link.cut();
            assertThat(seen(room.next()).sequences()).containsExactly(5, 6, 7);
        }
    }

    @Test
    void saysThatARevocationCameAfterTheUserHadOpenedTheMessage() throws Exception {
        try (var phone = new TestPhone(platform.dispatcher, directory)) {
            var shown = phone.add(APP_7);
            phone.start();
            FakeLink link = room.next();
            Push push = broadcast(5, "opened");
            deliver(link, push);
            await().until(() -> shown.messages.size() == 1);
            shown.app().reportClicked(id(push));
            Push revoke = revoke(6, push);

            assertThat(answer(link, 5).getStatus()).isEqualTo(AckStatus.ACK_CLICKED);
            assertThat(deliver(link, revoke).getStatus()).isEqualTo(AckStatus.ACK_REVOKE_LATE);
            assertThat(deliver(link, revoke).getStatus()).isEqualTo(AckStatus.ACK_REVOKE_LATE);
            assertThat(shown.revoked).isEmpty();
            link.cut();
            assertThat(seen(room.next()).sequences()).containsExactly(5, 6);
        }
    }

    @Test
    void collapsesBroadcastsAndSingleMessagesOfAKeyAlike() throws Exception {
        try (var phone = new TestPhone(platform.dispatcher, directory)) {
            var shown = phone.add(APP_7);
            phone.start();
            FakeLink link = room.next();
            Push early = keyed(broadcast(5, "early"));
            Push single = keyed(platform.message(link.host, 7, "single"));
            Push late = keyed(broadcast(6, "late"));
            link.ackedUpto(link.push(single));
            await().until(() -> shown.messages.size() == 1);

            assertThat(deliver(link, early).getStatus()).isEqualTo(AckStatus.ACK_STORED);
            deliver(link, late);

            await().until(() -> shown.texts().contains("late"));
            assertThat(shown.texts()).containsExactly("single", "late");
            assertThat(shown.messages.get(1).replaces()).isEqualTo(id(single));
            link.cut();
            assertThat(seen(room.next()).sequences()).containsExactly(5, 6);
        }
    }

    @Test
    void reportsABroadcastByItsSequenceOverARestart() throws Exception {
        Push push = broadcast(5, "hello");
        try (var phone = new TestPhone(platform.dispatcher, directory)) {
            var shown = phone.add(APP_7);
            phone.start();
            FakeLink link = room.next();
            deliver(link, push);
            await().until(() -> shown.messages.size() == 1);
            assertThat(shown.messages.get(0).isBroadcast()).isTrue();
            link.pongs = false;

            shown.app().reportShown(id(push));

            EndpointAck told = answer(link, 5);
            assertThat(told.getStatus()).isEqualTo(AckStatus.ACK_SHOWN);
            assertThat(told.getEndpointId()).isEqualTo(link.host);
            assertThat(told.getMessageIdsList()).isEmpty();
        }
        room.close();
        FakeRoom other = platform.onlyRoom();
        try (var phone = new TestPhone(platform.dispatcher, directory)) {
            phone.add(APP_7);
            phone.start();
            FakeLink link = other.next();

            EndpointAck again = answer(link, 5);
            assertThat(again.getStatus()).isEqualTo(AckStatus.ACK_SHOWN);
            assertThat(again.getMessageIdsList()).isEmpty();
            assertThat(link.take(FrameType.PING, Ping.parser()).getEcho()).isPositive();
        }
    }

    @Test
    void acksAgainOnTheNextSocketWhatMayHaveBeenLostWithThisOne() throws Exception {
        try (var phone = new TestPhone(platform.dispatcher, directory)) {
            var shown = phone.add(APP_7);
            phone.start();
            FakeLink link = room.next();
            deliver(link, broadcast(5, "five"));
            deliver(link, broadcast(6, "six"));
            link.cut();
            FakeLink second = room.next();

            assertThat(answer(second, 5).getStatus()).isEqualTo(AckStatus.ACK_STORED);
            second.cut();
            assertThat(answer(room.next(), 6).getBcastSeqsList()).as("until it is known to have arrived")
                    .containsExactly(5L, 6L);
            await().until(() -> shown.messages.size() == 2);
            assertThat(shown.texts()).containsExactly("five", "six");
        }
    }

    @Test
    void doesNotAckAgainWhatAnAnsweredPingProves() throws Exception {
        room.heartbeatSeconds = 1;
        try (var phone = new TestPhone(platform.dispatcher, directory)) {
            phone.add(APP_7);
            phone.start();
            FakeLink link = room.next();
            deliver(link, broadcast(5, "five"));
            link.forget(FrameType.PING); // those sent before it was acked
            link.take(FrameType.PING, Ping.parser()); // answered by now
            link.pongs = false;
            deliver(link, broadcast(6, "six"));
            link.cut();

            assertThat(answer(room.next(), 6).getBcastSeqsList()).containsExactly(6L);
        }
    }

    @Test
    void saysNothingOfABroadcastForAnAppThatIsNotHere() throws Exception {
        try (var phone = new TestPhone(platform.dispatcher, directory)) {
            phone.add(APP_7);
            phone.start();
            FakeLink link = room.next();

            link.send(FrameType.PUSH, broadcast(5, "astray").toBuilder().setAppId(99).build());
            deliver(link, broadcast(6, "mine"));

            assertThat(link.waiting(FrameType.ACK)).isZero();
        }
    }

    private Push broadcast(long seq, String text) {
        return platform.message(0, 7, text).toBuilder().setBcastSeq(seq).setAckNow(true).build();
    }

    private Push revoke(long seq, Push original) {
        return broadcast(seq, "").toBuilder().setKind(PushKind.KIND_REVOKE).setReplaces(original.getMessageId())
                .clearPayload().build();
    }

    private static Push keyed(Push push) {
        return push.toBuilder().setCollapseKey(ByteString.copyFromUtf8("score")).setAckNow(true).build();
    }

    private static String id(Push push) {
        return MessageId.text(push.getMessageId());
    }

    private static EndpointAck deliver(FakeLink link, Push push) throws Exception {
        link.send(FrameType.PUSH, push);
        return answer(link, push.getBcastSeq());
    }

    private static EndpointAck answer(FakeLink link, long seq) throws Exception {
        while (true) {
            for (EndpointAck one : link.take(FrameType.ACK, Ack.parser()).getEndpointAcksList()) {
                assertThat(one.getEndpointId()).isNotZero();
                if (one.getBcastSeqsList().contains(seq)) {
                    return one;
                }
            }
        }
    }

    // What CONNECT_ACK said counts once the phone is online.
    private static FakeLink connected(TestPhone phone, FakeLink link) {
        await().until(() -> phone.status().state() == ConnectionStatus.State.ONLINE);
        return link;
    }

    private static BroadcastSeen seen(FakeLink link) throws ProtocolError {
        return BroadcastSeen.decode(link.connect().getBindings(0).getBcastSeen());
    }
}
