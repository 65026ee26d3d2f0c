package io.longwire.sdk.share;

import io.longwire.device.Code;
import io.longwire.device.FrameType;
import io.longwire.device.v1.AckStatus;
import io.longwire.device.v1.Push;
import io.longwire.device.v1.UplinkReply;
import io.longwire.sdk.phone.AppUplinks;
import io.longwire.sdk.seal.FakeCipher;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** A guest of an app that somebody else has signed: sealed, or by itself. */
class SealedSharingTest {
    private static final int HOST = 7;
    private static final int GUEST = 8;

    @TempDir
    File directory;
    private final SharedRoom room = new SharedRoom();
    private SharingPhone host;
    private @Nullable SharingPhone guest;

    @BeforeEach
    void open() throws IOException {
        host = new SharingPhone(room, new File(directory, "host"), HOST);
        host.start();
        room.loop.advance(5_000);
    }

    @AfterEach
    void close() {
        if (guest != null) {
            guest.stop();
        }
        host.stop();
    }

    @Test
    void aGuestThatCanBeSealedForIsBoundForSealedPayloadsAlone() throws IOException {
        SharingPhone lodger = guest(new FakeCipher());

        assertThat(room.open()).isEqualTo(1);
        assertThat(lodger.isBound()).isTrue();
        assertThat(room.line().sealedOnly).containsExactly(room.endpoint(GUEST));

        room.line().push(sealed(11, "for the guest alone"));
        room.loop.advance(2_000);
        assertThat(lodger.shown()).containsExactly("for the guest alone");
    }

    @Test
    void whatTheHostMakesUpIsNotShown() throws IOException {
        SharingPhone lodger = guest(new FakeCipher());

        room.line().push(GUEST, 11, "from the host");
        room.line().push(FakeCipher.sealed(room.message(GUEST, 12, "from the host, too"),
                "guessed".getBytes(StandardCharsets.UTF_8), "ep_" + GUEST));
        room.loop.advance(2_000);

        assertThat(lodger.shown()).isEmpty();
        assertThat(room.line().statusOf(room.endpoint(GUEST), 11)).isEqualTo(AckStatus.ACK_DECRYPT_FAILED);
        assertThat(room.line().statusOf(room.endpoint(GUEST), 12)).isEqualTo(AckStatus.ACK_DECRYPT_FAILED);
        assertThat(lodger.problems).hasSize(2);
        assertThat(lodger.problems.get(0))
                .endsWith("payload: not sealed (expected: sealed, through an app of another signer)");
    }

    @Test
    void withoutACipherItStaysByItself() throws IOException {
        SharingPhone lone = guest(null);

        assertThat(room.open()).isEqualTo(2);
        assertThat(lone.isBound()).isTrue();
        assertThat(lone.through).isEmpty();
        assertThat(room.line().sealedOnly).isEmpty();
    }

    @Test
    void itWaitsByItselfUntilThePlatformKnowsItsKey() throws IOException {
        room.knowsKeys = false;
        SharingPhone lodger = guest(new FakeCipher());
        assertThat(room.open()).isEqualTo(2);
        assertThat(lodger.through).isEmpty();

        room.knowsKeys = true;
        room.loop.advance(7 * 3_600_000L); // the next registration
        assertThat(lodger.through).contains(true);
        room.loop.advance(60_000);
        assertThat(room.open()).isEqualTo(1);
    }

    @Test
    void whatTheAppSaysGoesByItselfAndTheAppComesBack() throws IOException {
        SharingPhone lodger = guest(new FakeCipher());
        assertThat(room.open()).isEqualTo(1);
        SharedRoom.Line shared = room.line();
        List<AppUplinks.Outcome> outcomes = new ArrayList<>();

        lodger.send("order", "not for the host", outcomes);
        room.loop.advance(5_000);

        SharedRoom.Line own = room.line();
        assertThat(own.bound).containsOnlyKeys(room.endpoint(GUEST));
        assertThat(own.uplinks).hasSize(1);
        assertThat(shared.uplinks).isEmpty();
        assertThat(lodger.sentToHost).noneMatch(bytes -> new String(bytes, StandardCharsets.UTF_8)
                .contains("not for the host"));
        room.loop.advance(62_000);
        assertThat(room.open()).as("no answer yet").isEqualTo(2);

        own.send(FrameType.UPLINK_REPLY, UplinkReply.newBuilder()
                .setReqId(own.uplinks.get(own.uplinks.size() - 1).getReqId()).setCode(Code.OK).build());
        room.loop.advance(65_000);
        assertThat(outcomes).containsExactly(AppUplinks.Outcome.DURABLE);
        assertThat(room.open()).isEqualTo(1);
        assertThat(lodger.isBound()).isTrue();
        assertThat(shared.uplinks).isEmpty();
    }

    @Test
    void withAHostOfTheSameHandNothingChanges() throws IOException {
        guest = new SharingPhone(room, new File(directory, "guest"), GUEST, new FakeCipher());
        guest.lodgeAt(host, false);
        guest.start();
        room.loop.advance(5_000);

        room.line().push(GUEST, 11, "readable");
        room.loop.advance(2_000);

        assertThat(room.line().sealedOnly).isEmpty();
        assertThat(guest.shown()).containsExactly("readable");
    }

    private SharingPhone guest(@Nullable FakeCipher cipher) throws IOException {
        SharingPhone made = new SharingPhone(room, new File(directory, "guest"), GUEST, cipher);
        guest = made;
        made.lodgeAt(host, true);
        made.start();
        room.loop.advance(5_000);
        return made;
    }

    private Push sealed(long message, String text) {
        return FakeCipher.sealed(room.message(GUEST, message, text),
                "publickept key 1".getBytes(StandardCharsets.UTF_8), "ep_" + GUEST);
    }
}
