package io.longwire.sdk;

import com.google.protobuf.ByteString;
import io.longwire.device.FrameType;
import io.longwire.device.id.MessageId;
import io.longwire.device.v1.Ack;
import io.longwire.device.v1.AckStatus;
import io.longwire.device.v1.ClientState;
import io.longwire.device.v1.EndpointAck;
import io.longwire.device.v1.Ping;
import io.longwire.device.v1.Push;
import io.longwire.device.v1.PushKind;
import io.longwire.device.v1.Ready;
import java.io.File;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static io.longwire.sdk.TestPhone.APP_7;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/** What a phone says of messages after their ack, and how it takes them back; on a real socket. */
class ReceiptIT {
    @TempDir
    File directory;
    @AutoClose
    private final FakePlatform platform = new FakePlatform();
    private final FakeRoom room = platform.onlyRoom();

    @Test
    void tellsThatAMessageWasShownAndClickedOnce() throws Exception {
        try (var phone = new TestPhone(platform.dispatcher, directory)) {
            var shown = phone.add(APP_7);
            phone.start();
            FakeLink link = room.next();
            Push push = show(link, shown, "hello");

            shown.app().reportShown(id(push));
            shown.app().reportShown(id(push));
            shown.app().reportClicked(id(push));

            List<EndpointAck> told = receipts(link, 2);
            assertThat(told).extracting(EndpointAck::getStatus).containsExactly(AckStatus.ACK_SHOWN,
                    AckStatus.ACK_CLICKED);
            assertThat(told).allMatch(one -> one.getEndpointId() == link.host
                    && one.getMessageIdsList().equals(List.of(push.getMessageId())));
            await().until(() -> link.waiting(FrameType.PING) >= 1);
            assertThat(link.waiting(FrameType.ACK)).isZero();
        }
    }

    @Test
    void tellsAgainWhatNoRoomHasConfirmed() throws Exception {
        Push push;
        try (var phone = new TestPhone(platform.dispatcher, directory)) {
            var shown = phone.add(APP_7);
            phone.start();
            FakeLink link = room.next();
            link.pongs = false;
            push = show(link, shown, "hello");
            shown.app().reportShown(id(push));
            receipts(link, 1);
            link.cut();

            FakeLink second = room.next();
            second.pongs = false;
            assertThat(receipts(second, 1).get(0).getMessageIds(0)).isEqualTo(push.getMessageId());
        }
        try (var phone = new TestPhone(platform.dispatcher, directory)) {
            phone.add(APP_7);
            phone.start();
            FakeLink third = room.next();
            assertThat(receipts(third, 1).get(0).getStatus()).isEqualTo(AckStatus.ACK_SHOWN);
            await().until(() -> third.waiting(FrameType.PING) == 1);
            third.ackedUpto(third.push(platform.message(third.host, 7, "so that the pong has come")));
            third.cut();

            FakeLink fourth = room.next();
            fourth.ackedUpto(fourth.push(platform.message(fourth.host, 7, "no report before this one")));
            assertThat(fourth.waiting(FrameType.PING)).isZero();
        }
    }

    @Test
    void sendsManyReceiptsInPortions() throws Exception {
        try (var phone = new TestPhone(platform.dispatcher, directory)) {
            var shown = phone.add(APP_7);
            phone.start();
            FakeLink link = room.next();
            for (int i = 0; i < 100; i++) {
                show(link, shown, "message " + i);
            }
            for (Message one : shown.messages) {
                shown.app().reportClicked(one.id());
            }
            List<Long> ids = new ArrayList<>();
            while (ids.size() < 100) {
                Ack ack = link.take(FrameType.ACK, Ack.parser());
                int before = ids.size();
                for (EndpointAck one : ack.getEndpointAcksList()) {
                    ids.addAll(one.getMessageIdsList());
                }
                assertThat(ids.size() - before).isLessThanOrEqualTo(32);
            }
            assertThat(ids).doesNotHaveDuplicates().hasSize(100);
        }
    }

    @Test
    void refusesAnIdThatIsNone() throws Exception {
        try (var phone = new TestPhone(platform.dispatcher, directory)) {
            var shown = phone.add(APP_7);
            assertThatThrownBy(() -> shown.app().reportShown("nonsense")).isInstanceOf(LongwireException.class);
        }
    }

    @Test
    void takesBackWhatWasShownAndNotWhatWasClicked() throws Exception {
        try (var phone = new TestPhone(platform.dispatcher, directory)) {
            var shown = phone.add(APP_7);
            phone.start();
            FakeLink link = room.next();
            Push first = show(link, shown, "first");
            Push second = show(link, shown, "second");
            shown.app().reportClicked(id(second));
            receipts(link, 1);

            Push late = revoke(link, second);
            Ack ack = link.ackedUpto(link.push(late));
            assertThat(ack.getEndpointAcks(0).getStatus()).isEqualTo(AckStatus.ACK_REVOKE_LATE);
            assertThat(ack.getEndpointAcks(0).getMessageIdsList()).containsExactly(late.getMessageId());
            assertThat(link.ackedUpto(link.push(late)).getEndpointAcks(0).getStatus())
                    .isEqualTo(AckStatus.ACK_REVOKE_LATE);

            assertThat(link.ackedUpto(link.push(revoke(link, first))).getEndpointAcksList()).isEmpty();
            await().until(() -> shown.revoked.equals(List.of(id(first))));
        }
    }

    @Test
    void doesNotShowWhatWasRevokedBeforeItCame() throws Exception {
        Push early;
        try (var phone = new TestPhone(platform.dispatcher, directory)) {
            phone.add(APP_7);
            phone.start();
            FakeLink link = room.next();
            early = platform.message(link.host, 7, "never");
            assertThat(link.ackedUpto(link.push(revoke(link, early))).getEndpointAcksList()).isEmpty();
        }
        try (var phone = new TestPhone(platform.dispatcher, directory)) {
            var shown = phone.add(APP_7);
            phone.start();
            FakeLink link = room.next();
            link.push(early);
            link.ackedUpto(link.push(platform.message(link.host, 7, "next")));
            await().until(() -> !shown.messages.isEmpty());
            assertThat(shown.texts()).containsExactly("next");
            assertThat(shown.revoked).isEmpty();
        }
    }

    @Test
    void tellsAPausedAppOfARevocationWhenItRuns() throws Exception {
        try (var phone = new TestPhone(platform.dispatcher, directory)) {
            var shown = phone.add(APP_7);
            phone.start();
            FakeLink link = room.next();
            Push push = show(link, shown, "hello");
            shown.app().pause();
            Push revoke = revoke(link, push);
            assertThat(link.ackedUpto(link.push(revoke)).getEndpointAcks(0).getStatus())
                    .isEqualTo(AckStatus.ACK_DEFERRED);

            shown.app().resume();
            link.take(FrameType.READY, Ready.parser());
            link.ackedUpto(link.push(revoke));
            await().until(() -> shown.revoked.equals(List.of(id(push))));
        }
    }

    @Test
    void saysWhichMessageOfItsKeyOneReplaces() throws Exception {
        try (var phone = new TestPhone(platform.dispatcher, directory)) {
            var shown = phone.add(APP_7);
            phone.start();
            FakeLink link = room.next();
            Push older = keyed(link, "1:0");
            Push first = keyed(link, "1:1");
            Push second = keyed(link, "2:1");
            link.ackedUpto(link.push(first));
            await().until(() -> shown.messages.size() == 1);
            link.ackedUpto(link.push(older));
            link.ackedUpto(link.push(second));

            await().until(() -> shown.messages.size() == 2);
            assertThat(shown.texts()).containsExactly("1:1", "2:1");
            assertThat(shown.messages.get(0).replaces()).isNull();
            assertThat(shown.messages.get(1).replaces()).isEqualTo(id(first));
            assertThat(shown.messages.get(1).collapseKey()).isEqualTo("score");
        }
    }

    @Test
    void acksAndSkipsWhatIsForALaterSdk() throws Exception {
        try (var phone = new TestPhone(platform.dispatcher, directory)) {
            var shown = phone.add(APP_7);
            phone.start();
            FakeLink link = room.next();
            Push control = platform.message(link.host, 7, "").toBuilder().setKind(PushKind.KIND_CONTROL).build();
            assertThat(link.ackedUpto(link.push(control)).getEndpointAcksList()).isEmpty();
            show(link, shown, "after it");
            assertThat(shown.messages).hasSize(1);
        }
    }

    @Test
    void tellsTheRoomWhetherTheUserLooks() throws Exception {
        try (var phone = new TestPhone(platform.dispatcher, directory)) {
            var shown = phone.add(APP_7);
            phone.start();
            FakeLink link = room.next();
            assertThat(link.connect().getState()).isEqualTo(ClientState.STATE_FOREGROUND);
            assertThat(shown.app().awaitOnline(10_000)).isTrue();

            phone.client.setForeground(false);
            assertThat(link.take(FrameType.PING, Ping.parser()).getState()).isEqualTo(ClientState.STATE_BACKGROUND);
            link.cut();

            FakeLink second = room.next();
            assertThat(second.connect().getState()).isEqualTo(ClientState.STATE_BACKGROUND);
            await().until(shown.app()::isOnline);
            phone.client.setForeground(true);
            assertThat(second.take(FrameType.PING, Ping.parser()).getState()).isEqualTo(ClientState.STATE_FOREGROUND);
        }
    }

    private Push show(FakeLink link, TestPhone.Shown shown, String text) throws Exception {
        Push push = platform.message(link.host, 7, text).toBuilder().setAckNow(true).build();
        link.ackedUpto(link.push(push));
        await().until(() -> shown.texts().contains(text));
        return push;
    }

    private Push keyed(FakeLink link, String text) {
        return platform.message(link.host, 7, text).toBuilder()
                .setCollapseKey(ByteString.copyFromUtf8("score")).setAckNow(true).build();
    }

    private Push revoke(FakeLink link, Push target) {
        return platform.message(link.host, 7, "").toBuilder().setKind(PushKind.KIND_REVOKE).setAckNow(true)
                .setReplaces(target.getMessageId()).build();
    }

    // The endpoint acks of the next ACK frames that have any, until there are so many.
    private static List<EndpointAck> receipts(FakeLink link, int wanted) throws Exception {
        List<EndpointAck> all = new ArrayList<>();
        while (all.size() < wanted) {
            all.addAll(link.take(FrameType.ACK, Ack.parser()).getEndpointAcksList());
        }
        return all;
    }

    private static String id(Push push) {
        return MessageId.text(push.getMessageId());
    }
}
