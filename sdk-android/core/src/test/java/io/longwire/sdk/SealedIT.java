package io.longwire.sdk;

import io.longwire.device.v1.Ack;
import io.longwire.device.v1.AckStatus;
import io.longwire.device.v1.EndpointAck;
import io.longwire.device.v1.Push;
import io.longwire.sdk.seal.FakeCipher;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static io.longwire.sdk.TestPhone.APP_7;
import static io.longwire.sdk.TestPhone.APP_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Sealed payloads on a real socket: opened before they are stored, or answered that they cannot be. */
class SealedIT {
    @TempDir
    File directory;
    private final FakeCipher cipher = new FakeCipher();
    @AutoClose
    private final FakePlatform platform = new FakePlatform();
    private final FakeRoom room = platform.onlyRoom();

    @Test
    void opensWhatWasSealedForItAndShowsIt() throws Exception {
        try (var phone = sealing()) {
            var shown = phone.add(APP_7);
            phone.start();
            FakeLink link = room.next();

            link.push(sealed(platform.message(link.host, 7, "hello"), shown));
            long last = link.push(platform.message(link.host, 7, "readable"));

            assertThat(link.ackedUpto(last).getEndpointAcksList()).isEmpty();
            await().until(() -> shown.texts().equals(List.of("hello", "readable")));
            assertThat(phone.problems).isEmpty();
        }
    }

    @Test
    void whatItCannotOpenIsAnsweredEachTimeAndNeverShown() throws Exception {
        try (var phone = sealing()) {
            var shown = phone.add(APP_7);
            phone.start();
            FakeLink link = room.next();
            Push other = FakeCipher.sealed(platform.message(link.host, 7, "x"), new byte[]{1}, endpoint(shown));

            assertThat(answer(link, other)).isEqualTo(AckStatus.ACK_DECRYPT_FAILED);
            assertThat(answer(link, other)).as("its answer may have been lost").isEqualTo(
                    AckStatus.ACK_DECRYPT_FAILED);

            link.ackedUpto(link.push(sealed(platform.message(link.host, 7, "after"), shown)));
            await().until(() -> shown.texts().equals(List.of("after")));
            await().untilAsserted(() -> assertThat(phone.problems).hasSize(2)
                    .allMatch(line -> line.startsWith("app 7: message ")
                            && line.endsWith("with the key it has now, and unchanged)")));
        }
    }

    @Test
    void anAppWithoutACipherSaysSoInPlaceOfShowingWhatNobodyCanRead() throws Exception {
        try (var phone = new TestPhone(platform.dispatcher, directory)) {
            var shown = phone.add(APP_7);
            phone.start();
            FakeLink link = room.next();
            Push sealed = FakeCipher.sealed(platform.message(link.host, 7, "x"), new byte[]{1}, endpoint(shown));

            assertThat(answer(link, sealed)).isEqualTo(AckStatus.ACK_DECRYPT_FAILED);
            assertThat(shown.messages).isEmpty();
            assertThat(platform.dispatcher.installs.get(0).getPayloadKey().isEmpty()).isTrue();
        }
    }

    @Test
    void eachAppHasAKeyOfItsOwnThatStaysOverRestarts() throws Exception {
        try (var phone = sealing()) {
            var seven = phone.add(APP_7);
            var eight = phone.add(APP_8);
            phone.start();
            await().until(() -> seven.app().endpoint() != null && eight.app().endpoint() != null);
            room.next();
        }
        var keys = platform.dispatcher.installs.stream().map(one -> one.getPayloadKey().toStringUtf8()).toList();
        assertThat(keys).containsExactlyInAnyOrder("publickept key 1", "publickept key 2");

        try (var phone = sealing()) {
            var shown = phone.add(APP_7);
            phone.start();
            FakeLink link = room.next();
            link.ackedUpto(link.push(FakeCipher.sealed(platform.message(link.host, 7, "again"),
                    "publickept key 1".getBytes(StandardCharsets.UTF_8), endpoint(shown))));
            await().until(() -> shown.texts().equals(List.of("again")));
            assertThat(platform.dispatcher.registrations).as("the platform knows it").hasValue(2);
        }
    }

    @Test
    void aLostKeyIsReplacedAndToldAndAnAppThatSealsNoMoreTakesItBack() throws Exception {
        try (var phone = sealing()) {
            phone.add(APP_7);
            phone.start();
            await().until(() -> platform.dispatcher.installs.size() == 1);
            await().until(() -> phone.isOnlineAt(room));
        }
        Files.delete(directory.toPath().resolve("app-7/payload-key"));

        try (var phone = sealing()) {
            phone.add(APP_7);
            phone.start();
            await().until(() -> platform.dispatcher.installs.size() == 2);
            await().until(() -> phone.isOnlineAt(room));
        }
        try (var phone = new TestPhone(platform.dispatcher, directory)) {
            phone.add(APP_7);
            phone.start();
            await().until(() -> platform.dispatcher.installs.size() == 3);
        }

        assertThat(platform.dispatcher.installs).extracting(one -> one.getPayloadKey().toStringUtf8())
                .containsExactly("publickept key 1", "publickept key 2", "");
        assertThat(platform.dispatcher.installs).extracting(one -> one.getInstallId()).as("the same install")
                .containsOnly(platform.dispatcher.installs.get(0).getInstallId());
    }

    @Test
    void aDispatcherThatKnowsNoKeysIsNotAskedInACircle() throws Exception {
        platform.dispatcher.knowsKeys = false;
        try (var phone = sealing()) {
            var shown = phone.add(APP_7);
            phone.start();
            FakeLink link = room.next();
            link.ackedUpto(link.push(platform.message(link.host, 7, "one")));
            link.ackedUpto(link.push(platform.message(link.host, 7, "two")));

            await().until(() -> shown.texts().equals(List.of("one", "two")));
            assertThat(platform.dispatcher.registrations).hasValue(1);
        }
    }

    private TestPhone sealing() {
        return new TestPhone(platform.dispatcher, directory, builder -> builder.payloadCipher(cipher));
    }

    private Push sealed(Push push, TestPhone.Shown app) {
        return FakeCipher.sealed(push, platform.dispatcher.installs.get(0).getPayloadKey().toByteArray(),
                endpoint(app));
    }

    private static String endpoint(TestPhone.Shown app) {
        return Objects.requireNonNull(app.app().endpoint());
    }

    private static AckStatus answer(FakeLink link, Push push) throws Exception {
        long seq = link.push(push);
        Ack ack = link.ackedUpto(seq);
        for (EndpointAck one : ack.getEndpointAcksList()) {
            if (one.getMessageIdsList().contains(push.getMessageId())) {
                return one.getStatus();
            }
        }
        return AckStatus.ACK_STORED;
    }
}
