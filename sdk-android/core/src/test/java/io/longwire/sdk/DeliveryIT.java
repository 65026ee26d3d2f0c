package io.longwire.sdk;

import io.longwire.device.FrameType;
import io.longwire.device.id.MessageId;
import io.longwire.device.v1.Ack;
import io.longwire.device.v1.AckStatus;
import io.longwire.device.v1.Priority;
import io.longwire.device.v1.Push;
import io.longwire.device.v1.PushBatch;
import io.longwire.device.v1.PushKind;
import io.longwire.device.v1.Ready;
import io.longwire.sdk.loop.SdkClock;
import io.longwire.sdk.store.PhoneStore;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static io.longwire.sdk.TestPhone.APP_7;
import static io.longwire.sdk.TestPhone.APP_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Messages on a real socket: stored, acked, shown once. */
class DeliveryIT {
    @TempDir
    File directory;
    @AutoClose
    private final FakePlatform platform = new FakePlatform();
    private final FakeRoom room = platform.onlyRoom();

    @Test
    void storesAcksAndShowsAMessage() throws Exception {
        try (var phone = new TestPhone(platform.dispatcher, directory)) {
            var shown = phone.add(APP_7);
            phone.start();
            FakeLink link = room.next();
            Push push = platform.message(link.host, 7, "hello");

            long seq = link.push(push);

            assertThat(link.ackedUpto(seq).getEndpointAcksList()).isEmpty();
            await().until(() -> shown.texts().equals(List.of("hello")));
            Message message = shown.messages.get(0);
            assertThat(message.id()).isEqualTo(MessageId.text(push.getMessageId()));
            assertThat(message.endpoint()).isEqualTo(shown.app().endpoint()).startsWith("ep_");
            assertThat(message.mayBeRepeated()).isFalse();
        }
    }

    @Test
    void showsADuplicateOnceAndAcksItAgain() throws Exception {
        try (var phone = new TestPhone(platform.dispatcher, directory)) {
            var shown = phone.add(APP_7);
            phone.start();
            FakeLink link = room.next();
            Push push = platform.message(link.host, 7, "one");

            link.ackedUpto(link.push(push));
            link.ackedUpto(link.push(push));
            link.ackedUpto(link.push(platform.message(link.host, 7, "two")));

            await().until(() -> shown.texts().contains("two"));
            assertThat(shown.texts()).containsExactly("one", "two");
        }
    }

    @Test
    void showsNothingTwiceAfterARestartOfTheProcess() throws Exception {
        Push push;
        try (var phone = new TestPhone(platform.dispatcher, directory)) {
            var shown = phone.add(APP_7);
            phone.start();
            FakeLink link = room.next();
            push = platform.message(link.host, 7, "before");
            link.ackedUpto(link.push(push));
            await().until(() -> shown.texts().contains("before"));
        }
        try (var phone = new TestPhone(platform.dispatcher, directory)) {
            var shown = phone.add(APP_7);
            phone.start();
            FakeLink link = room.next();
            link.ackedUpto(link.push(push));
            link.ackedUpto(link.push(platform.message(link.host, 7, "after")));

            await().until(() -> shown.texts().contains("after"));
            assertThat(shown.texts()).containsExactly("after");
        }
    }

    @Test
    void showsAfterARestartWhatWasStoredAndNotShown() throws Exception {
        try (var phone = new TestPhone(platform.dispatcher, directory)) {
            phone.client.addApp(APP_7, message -> Receipt.NOT_RUNNING);
            phone.start();
            FakeLink link = room.next();
            link.ackedUpto(link.push(platform.message(link.host, 7, "kept")));
        }
        room.close();
        try (var phone = new TestPhone(platform.dispatcher, directory)) {
            var shown = phone.add(APP_7);
            phone.start();

            await().until(() -> shown.texts().equals(List.of("kept")));
        }
    }

    @Test
    void marksAMessageThatTheProcessEndedIn() throws Exception {
        var phone = new TestPhone(platform.dispatcher, directory);
        var called = new CountDownLatch(1);
        var never = new CountDownLatch(1);
        phone.client.addApp(APP_7, message -> {
            called.countDown();
            never.await();
            return Receipt.DONE;
        });
        phone.start();
        FakeLink link = room.next();
        link.ackedUpto(link.push(platform.message(link.host, 7, "doubt")));
        assertThat(called.await(10, SECONDS)).isTrue();
        phone.close();
        // As after a kill: the listener never returns, and the files are opened anew.
        try (PhoneStore store = PhoneStore.open(directory, false); var app = store.app(7)) {
            assertThat(app.messages().unshown()).hasSize(1);
            assertThat(app.messages().unshown().get(0).inDoubt()).isTrue();
        }
        try (var again = new TestPhone(platform.dispatcher, directory)) {
            var shown = again.add(APP_7);
            again.start();
            await().until(() -> shown.texts().equals(List.of("doubt")));
            assertThat(shown.messages.get(0).mayBeRepeated()).isTrue();
        }
    }

    @Test
    void batchesAcksButSendsUrgentOnesAtOnce() throws Exception {
        try (var phone = new TestPhone(platform.dispatcher, directory)) {
            phone.add(APP_7);
            phone.start();
            FakeLink link = room.next();
            long fastest = Long.MAX_VALUE;
            for (int round = 0; round < 5 && fastest >= 450; round++) { // a busy machine is slow now and then
                long before = SdkClock.system().elapsedMillis();
                for (int i = 0; i < 9; i++) {
                    link.push(platform.message(link.host, 7, "batch " + round + "." + i));
                }
                link.ackedUpto(link.push(platform.message(link.host, 7, "urgent " + round).toBuilder()
                        .setPriority(Priority.PRIORITY_HIGH).build()));
                fastest = Math.min(fastest, SdkClock.system().elapsedMillis() - before);
            }
            assertThat(fastest).isLessThan(450);
            assertThat(link.waiting(FrameType.ACK)).isZero();
        }
    }

    @Test
    void defersForAnAppThatIsNotRunningAndAsksAgainWhenItIs() throws Exception {
        try (var phone = new TestPhone(platform.dispatcher, directory)) {
            var shown = phone.add(APP_7);
            phone.start();
            FakeLink link = room.next();
            assertThat(shown.app().awaitOnline(10_000)).isTrue();
            shown.app().pause();
            Push push = platform.message(link.host, 7, "later");

            Ack ack = link.ackedUpto(link.push(push));

            assertThat(ack.getEndpointAcksCount()).isEqualTo(1);
            assertThat(ack.getEndpointAcks(0).getStatus()).isEqualTo(AckStatus.ACK_DEFERRED);
            assertThat(ack.getEndpointAcks(0).getMessageIdsList()).containsExactly(push.getMessageId());
            assertThat(shown.texts()).isEmpty();

            shown.app().resume();
            assertThat(link.take(FrameType.READY, Ready.parser()).getEndpointIdsList()).containsExactly(link.host);
            link.ackedUpto(link.push(push));
            await().until(() -> shown.texts().equals(List.of("later")));
        }
    }

    @Test
    void anAppThatNeverReturnsBlocksOnlyItself() throws Exception {
        try (var phone = new TestPhone(platform.dispatcher, directory)) {
            var never = new CountDownLatch(1);
            phone.client.addApp(APP_7, message -> {
                never.await();
                return Receipt.DONE;
            });
            var other = phone.add(APP_8);
            phone.start();
            FakeLink link = room.next();
            assertThat(other.app().awaitOnline(10_000)).isTrue();
            long stuck = link.host;
            long well = bindGuests(link).stream().filter(one -> one != stuck).findFirst().orElseThrow();
            long last = 0;
            for (int i = 0; i < 70; i++) {
                last = link.push(platform.message(stuck, 7, "stuck " + i));
            }
            assertThat(link.ackedUpto(last).getEndpointAcks(0).getStatus()).isEqualTo(AckStatus.ACK_DEFERRED);

            link.ackedUpto(link.push(platform.message(well, 8, "well")));
            await().until(() -> other.texts().equals(List.of("well")));
            never.countDown();
            assertThat(link.take(FrameType.READY, Ready.parser()).getEndpointIdsList()).containsExactly(stuck);
        }
    }

    @Test
    void aListenerThatThrowsLosesOneMessageAndNoOther() throws Exception {
        try (var phone = new TestPhone(platform.dispatcher, directory)) {
            List<String> texts = new CopyOnWriteArrayList<>();
            phone.client.addApp(APP_7, message -> {
                String text = new String(message.payload(), StandardCharsets.UTF_8);
                if (text.equals("bad")) {
                    throw new IllegalStateException("a bug of the app");
                }
                texts.add(text);
                return Receipt.DONE;
            });
            phone.start();
            FakeLink link = room.next();
            link.push(platform.message(link.host, 7, "bad"));
            link.ackedUpto(link.push(platform.message(link.host, 7, "good")));

            await().until(() -> texts.equals(List.of("good")));
            await().until(() -> phone.problems.stream().anyMatch(one -> one.contains("a bug of the app")));
        }
    }

    @Test
    void doesNotShowWhatHasExpiredByThePlatformsClock() throws Exception {
        try (var phone = new TestPhone(platform.dispatcher, directory)) {
            var shown = phone.add(APP_7);
            phone.start();
            FakeLink link = room.next();
            link.push(platform.message(link.host, 7, "old").toBuilder()
                    .setExpireAtMs(SdkClock.system().wallMillis() - 1).build());
            link.ackedUpto(link.push(platform.message(link.host, 7, "new")));

            await().until(() -> shown.texts().equals(List.of("new")));
        }
    }

    @Test
    void takesABatchABroadcastATransientAndARevocation() throws Exception {
        try (var phone = new TestPhone(platform.dispatcher, directory)) {
            var shown = phone.add(APP_7);
            phone.start();
            FakeLink link = room.next();
            link.push(platform.message(link.host, 7, "first"));
            PushBatch.Builder batch = PushBatch.newBuilder();
            batch.addItems(platform.message(0, 7, "broadcast").toBuilder().setBcastSeq(41).build());
            batch.addItems(platform.message(link.host, 7, "transient").toBuilder().setExpireAtMs(0).build());
            link.send(FrameType.PUSH_BATCH, batch.build());
            await().until(() -> shown.messages.size() == 3);
            assertThat(shown.texts()).containsExactly("first", "broadcast", "transient");
            Ack ack = link.take(FrameType.ACK, Ack.parser());
            assertThat(ack.getUptoSeq()).isEqualTo(1);
            while (ack.getEndpointAcksCount() == 0) { // "first" was acked alone
                ack = link.take(FrameType.ACK, Ack.parser());
            }
            assertThat(ack.getEndpointAcks(0).getBcastSeqsList()).containsExactly(41L);

            Message first = shown.messages.get(0);
            link.push(platform.message(link.host, 7, "").toBuilder().setKind(PushKind.KIND_REVOKE)
                    .setReplaces(MessageId.parse(first.id())).build());
            await().until(() -> shown.revoked.equals(List.of(first.id())));
            assertThat(shown.messages).hasSize(3);
        }
    }

    @Test
    void saysThatAnEndpointIsNotOnThisPhone() throws Exception {
        try (var phone = new TestPhone(platform.dispatcher, directory)) {
            phone.add(APP_7);
            phone.start();
            FakeLink link = room.next();

            Ack ack = link.ackedUpto(link.push(platform.message(link.host + 99, 7, "astray")));

            assertThat(ack.getEndpointAcks(0).getStatus()).isEqualTo(AckStatus.ACK_APP_MISSING);
        }
    }

    @Test
    void losesAndDoublesNothingOverManyCutConnections() throws Exception {
        try (var phone = new TestPhone(platform.dispatcher, directory)) {
            var shown = phone.add(APP_7);
            phone.start();
            List<Push> unknown = List.of();
            List<String> expected = new ArrayList<>();
            for (int round = 0; round < 20; round++) {
                FakeLink link = room.next();
                long again = 0;
                for (Push one : unknown) {
                    again = link.push(one);
                }
                if (again > 0) {
                    link.ackedUpto(again);
                }
                List<Push> sent = new ArrayList<>();
                for (int i = 0; i < 30; i++) {
                    Push push = platform.message(link.host, 7, round + "-" + i);
                    expected.add(round + "-" + i);
                    sent.add(push);
                    link.push(push);
                }
                // Cut in the middle of it all: whether they were stored is not known here, so all come again.
                link.cut();
                unknown = sent;
            }
            FakeLink last = room.next();
            long again = 0;
            for (Push one : unknown) {
                again = last.push(one);
            }
            last.ackedUpto(again);

            await().atMost(20, SECONDS).until(() -> shown.messages.size() >= expected.size());
            assertThat(shown.texts()).containsExactlyElementsOf(expected);
        }
    }

    private static List<Long> bindGuests(FakeLink link) {
        await().until(() -> link.bound.size() == 2);
        return new ArrayList<>(link.bound.keySet());
    }
}
