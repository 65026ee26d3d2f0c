package io.longwire.e2e.life;

import io.longwire.center.client.LongwireBackend;
import io.longwire.center.client.Message;
import io.longwire.center.client.PayloadKey;
import io.longwire.center.client.Timeline;
import io.longwire.center.client.call.BackendException;
import io.longwire.e2e.phone.Phone;
import io.longwire.e2e.rest.Answer;
import io.longwire.e2e.rest.Mail;
import io.longwire.sdk.tink.TinkPayloadCipher;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static io.longwire.e2e.life.Scene.LIMIT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/** Payloads that only their app can read: from a product's backend to the app, and past an app that must not. */
class SealedIT {
    private final Scene scene = new Scene("sealed");
    private final Scene other = new Scene("sealed-other");
    private final LongwireBackend push = LongwireBackend.connect(scene.product.api(), scene.product.apiKey());

    @AfterEach
    void end() {
        push.close();
        scene.close();
        other.close();
    }

    @Test
    void theBackendSealsWithTheKeyOfTheAppWhichAloneOpensIt() {
        Phone phone = sealing();

        PayloadKey key = key(phone);
        String id = push.send(Message.to(phone.endpoint()).payload("for your eyes alone").sealedFor(key)).await()
                .messageId();

        scene.awaitShown(phone, "for your eyes alone");
        scene.awaitState(id, phone, "acked");
        assertThat(scene.rest.timeline(id, phone.endpoint()).ok().text("reason_code")).isEqualTo("acked");
        assertThat(phone.shown()).hasSize(1);
    }

    @Test
    void overRestToo() {
        Phone phone = sealing();
        Answer answer = scene.rest.get("/v1/endpoints/" + phone.endpoint() + "/key").ok();
        assertThat(answer.text("endpoint")).isEqualTo(phone.endpoint());
        PayloadKey key = PayloadKey.of(phone.endpoint(), Base64.getDecoder().decode(answer.text("payload_key")));

        String id = scene.send(Mail.to(phone.endpoint()).bytes(key.seal("by curl".getBytes(StandardCharsets.UTF_8)))
                .with("encryption", "HPKE"));

        scene.awaitShown(phone, "by curl");
        scene.awaitState(id, phone, "acked");
    }

    @Test
    void whatWaitsIsOpenedAfterAReboot() {
        Phone phone = sealing();
        PayloadKey key = key(phone);
        scene.leave(phone);

        String id = push.send(Message.to(phone.endpoint()).payload("later").sealedFor(key)).await().messageId();
        scene.back(phone);

        scene.awaitShown(phone, "later");
        scene.awaitState(id, phone, "acked");
    }

    @Test
    void whatWasSealedWithALostKeyFailsWithItsReasonAndTheNewOneWorks() {
        scene.settings("{\"receipts\":true}");
        Phone phone = sealing();
        PayloadKey old = key(phone);
        scene.leave(phone).loseKey();
        String lost = push.send(Message.to(phone.endpoint()).payload("lost").sealedFor(old)).await().messageId();
        scene.back(phone);

        scene.awaitState(lost, phone, "acked");
        Timeline timeline = push.timeline(lost, phone.endpoint()).await();
        assertThat(timeline.why()).startsWith("not shown: at 20").contains("cannot open the payload");
        assertThat(scene.rest.timeline(lost, phone.endpoint()).ok().text("reason_code")).isEqualTo("decrypt_failed");
        scene.awaitReceipt("failed", lost);

        PayloadKey fresh = await().atMost(LIMIT).until(() -> key(phone),
                now -> !Arrays.equals(now.bytes(), old.bytes()));
        push.send(Message.to(phone.endpoint()).payload("found").sealedFor(fresh)).await();
        scene.awaitShown(phone, "found");
        assertThat(phone.shownTexts()).containsExactly("found");
    }

    @Test
    void whatWasSealedForAnotherEndpointFails() {
        Phone phone = sealing();
        PayloadKey wrong = PayloadKey.of("ep_00000000000000000000", key(phone).bytes());

        String id = scene.send(Mail.to(phone.endpoint()).bytes(wrong.seal(new byte[]{1})).with("encryption", "HPKE"));

        scene.awaitState(id, phone, "acked");
        assertThat(scene.rest.timeline(id, phone.endpoint()).ok().text("reason_code")).isEqualTo("decrypt_failed");
        assertThat(phone.shown()).isEmpty();
    }

    @Test
    void anEndpointWhoseAppSealsNotHasNoKey() {
        Phone phone = scene.online();

        assertThat(scene.rest.get("/v1/endpoints/" + phone.endpoint() + "/key").refused(404, "no_payload_key").detail())
                .isEqualTo("endpoint: " + phone.endpoint() + " (expected: one whose app has registered a payload key)");
        assertThatThrownBy(() -> key(phone)).isInstanceOfSatisfying(BackendException.NotFound.class,
                refused -> assertThat(refused.code()).isEqualTo("no_payload_key"));
        other.rest.get("/v1/endpoints/" + phone.endpoint() + "/key").refused(404, "unknown_endpoint");

        phone.stop();
        phone.payloadCipher(new TinkPayloadCipher());
        scene.back(phone);
        await().atMost(LIMIT).untilAsserted(() -> assertThat(key(phone).endpoint()).isEqualTo(phone.endpoint()));
        phone.stop();
        phone.payloadCipher(null);
        scene.back(phone);
        await().atMost(LIMIT).untilAsserted(
                () -> scene.rest.get("/v1/endpoints/" + phone.endpoint() + "/key").refused(404, "no_payload_key"));
    }

    @Test
    void whatCannotBeSealedIsRefused() {
        Phone phone = scene.online();
        Mail toMany = Mail.toAlias("anna").bytes(new byte[60]).with("encryption", "HPKE");

        assertThat(scene.rest.send(toMany).refused(400, "invalid_argument").detail()).isEqualTo(
                "encryption: HPKE (expected: PLAIN, or to.endpoint: a payload is sealed for one endpoint)");
        assertThat(scene.rest.send(Mail.to(phone.endpoint()).text("readable").with("encryption", "HPKE"))
                .refused(400, "invalid_argument").detail())
                .isEqualTo("payload: 8 bytes (expected: at least 48 with encryption HPKE)");
        assertThat(scene.rest.send(Mail.to(phone.endpoint()).text("x").with("encryption", "ROT13"))
                .refused(400, "invalid_argument").detail()).startsWith("encryption: ");
    }

    @Test
    void behindAnAppOfAnotherSignerOnlySealedPayloadsGo() {
        scene.settings("{\"receipts\":true}");
        Phone host = other.online();
        await().atMost(LIMIT).until(host::isHosting);
        Phone guest = sealing();
        PayloadKey key = key(guest);
        guest.lodgeAt(host, true);
        await().atMost(LIMIT).until(guest::isLodged);

        String plain = scene.send(guest, "readable by the host");
        String sealed = push.send(Message.to(guest.endpoint()).payload("past the host").sealedFor(key)).await()
                .messageId();

        scene.awaitShown(guest, "past the host");
        scene.awaitState(sealed, guest, "acked");
        scene.awaitState(plain, guest, "acked");
        Answer timeline = scene.rest.timeline(plain, guest.endpoint()).ok();
        assertThat(timeline.text("reason_code")).isEqualTo("not_sealed");
        assertThat(timeline.text("why")).startsWith("not delivered: at 20").endsWith("where only sealed payloads go");
        scene.awaitReceipt("failed", plain);
        assertThat(guest.isLodged()).isTrue();
        other.awaitState(other.send(host, "the host's own"), host, "acked");

        guest.lodgeAt(null, false);
        await().atMost(LIMIT).until(() -> guest.online() && !guest.isLodged());
        scene.awaitState(scene.send(guest, "by itself"), guest, "acked");
        assertThat(guest.shownTexts()).containsExactly("past the host", "by itself");
        assertThat(host.shownTexts()).containsExactly("the host's own");
    }

    @Test
    void whatAGuestSaysGoesPastTheHost() {
        Phone host = other.online();
        await().atMost(LIMIT).until(host::isHosting);
        Phone guest = sealing();
        guest.lodgeAt(host, true);
        await().atMost(LIMIT).until(guest::isLodged);

        guest.app(0).bindAlias("anna");

        await().atMost(LIMIT).untilAsserted(() -> assertThat(scene.rest.get("/v1/aliases/anna").ok()
                .texts("endpoints")).containsExactly(guest.endpoint()));
        assertThat(guest.isLodged()).as("for a minute").isFalse();
        String id = scene.send(guest, "readable, by itself");
        scene.awaitState(id, guest, "acked");
        scene.awaitShown(guest, "readable, by itself");
    }

    @Test
    void aGuestThatCannotBeSealedForStaysByItself() {
        Phone host = other.online();
        await().atMost(LIMIT).until(host::isHosting);
        Phone guest = scene.online();
        guest.lodgeAt(host, true);

        scene.awaitState(scene.send(guest, "readable"), guest, "acked");
        guest.awaitOnline(LIMIT);
        assertThat(guest.isLodged()).isFalse();
        scene.awaitShown(guest, "readable");
    }

    /** A phone whose app can be sealed for, and is known to be. */
    private Phone sealing() {
        Phone phone = scene.phones.add(scene.product).payloadCipher(new TinkPayloadCipher());
        phone.start();
        return phone.awaitOnline(LIMIT);
    }

    private PayloadKey key(Phone phone) {
        return push.endpoints().payloadKey(phone.endpoint()).await();
    }
}
