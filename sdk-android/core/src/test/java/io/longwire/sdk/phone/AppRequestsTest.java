package io.longwire.sdk.phone;

import com.google.protobuf.ByteString;
import io.longwire.device.Code;
import io.longwire.device.Limits;
import io.longwire.device.v1.Reply;
import io.longwire.device.v1.Uplink;
import io.longwire.sdk.loop.VirtualLoop;
import io.longwire.sdk.store.AppStore;
import io.longwire.sdk.store.PhoneStore;
import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** How requests end, in virtual time: by an answer, by their uplink's end, by time. */
class AppRequestsTest {
    @TempDir
    File directory;
    private final VirtualPlatform platform = new VirtualPlatform();
    private final VirtualLoop loop = platform.loop;
    private final List<String> outcomes = new ArrayList<>();
    private PhoneStore store;
    private AppStore files;
    private Parts parts;
    private AppUplinks uplinks;

    @BeforeEach
    void open() throws IOException {
        store = PhoneStore.open(directory, false);
        parts = platform.parts(platform.net, store);
        files = store.app(7);
        uplinks = new AppUplinks(parts, files.uplinks());
    }

    @AfterEach
    void close() throws IOException {
        files.close();
        store.close();
    }

    @Test
    void endsWithTheAnswerOfTheProduct() {
        request(10_000);
        Uplink sent = Objects.requireNonNull(next());
        assertThat(sent.getTimeoutMs()).isEqualTo(10_000);
        uplinks.durable(sent.getSeq());
        assertThat(outcomes).isEmpty();

        answer(sent.getSeq(), Code.OK, "yes");
        answer(sent.getSeq(), Code.OK, "yes again");

        assertThat(outcomes).containsExactly("REPLIED yes");
    }

    @Test
    void anAnswerMayComeBeforeThePlatformSaysThatItHasTheRequest() {
        request(10_000);
        Uplink sent = Objects.requireNonNull(next());

        answer(sent.getSeq(), Code.OK, "yes");
        uplinks.durable(sent.getSeq());

        assertThat(outcomes).containsExactly("REPLIED yes");
        assertThat(files.uplinks().waiting()).isEmpty();
    }

    @Test
    void saysOnEveryTryHowLongTheAppStillWaits() {
        request(10_000);
        Uplink sent = Objects.requireNonNull(next());
        uplinks.giveUp(sent.getSeq());
        loop.advance(4_000);

        assertThat(Objects.requireNonNull(next()).getTimeoutMs()).isEqualTo(6_000);
    }

    @Test
    void endsByTimeWhetherItWasSentOrNot() {
        request(10_000);
        Uplink sent = Objects.requireNonNull(next());
        uplinks.durable(sent.getSeq());
        request(12_000);

        assertThat(uplinks.expire(parts.now())).isEqualTo(parts.now() + 10_000);
        loop.advance(10_000);
        assertThat(uplinks.expire(parts.now())).isEqualTo(parts.now() + 2_000);
        loop.advance(2_000);
        uplinks.expire(parts.now());

        assertThat(outcomes).hasSize(2).allMatch(one -> one.startsWith("TIMEOUT"));
        assertThat(next()).as("what nobody waits for is not sent").isNull();
        answer(sent.getSeq(), Code.OK, "too late");
        assertThat(outcomes).hasSize(2);
    }

    @Test
    void tellsWhoSaidNo() {
        request(10_000);
        long first = Objects.requireNonNull(next()).getSeq();
        uplinks.durable(first);
        answer(first, Code.REFUSED, "sold out");
        request(10_000);
        long second = Objects.requireNonNull(next()).getSeq();
        uplinks.durable(second);
        answer(second, Code.TOO_LARGE, "body: 5000 bytes");
        request(10_000);
        uplinks.refused(Objects.requireNonNull(next()).getSeq(), Code.REFUSED, "type: x");
        request(10_000);
        uplinks.refused(Objects.requireNonNull(next()).getSeq(), Code.TOO_LARGE, "body: y");

        assertThat(outcomes).containsExactly("REFUSED sold out", "TOO_LARGE body: 5000 bytes", "REFUSED type: x",
                "TOO_LARGE body: y");
    }

    @Test
    void isNotSentToARoomThatBringsNoAnswersAndUplinksBehindItAre() {
        request(10_000);
        uplinks.send("order", ByteString.copyFromUtf8("tea"), 10_000, (outcome, reason) -> {
        });

        Uplink sent = uplinks.next(1, 99, Limits.UPLINKS_CONNECTION_BYTES, false);

        assertThat(Objects.requireNonNull(sent).getBody().toStringUtf8()).isEqualTo("tea");
        assertThat(outcomes).singleElement().asString().startsWith("UNSUPPORTED requests: not known to the room");
        assertThat(files.uplinks().waiting()).hasSize(1);
    }

    @Test
    void aHundredWait() {
        for (int i = 0; i < AppRequests.COUNT; i++) {
            request(10_000);
        }
        assertThat(outcomes).isEmpty();
        request(10_000);

        assertThat(outcomes).containsExactly("FULL requests: too many wait (expected: at most 100)");
    }

    @Test
    void whatWasNotSentWhenTheClientEndedGoesAsAnUplinkLater() {
        request(10_000);
        uplinks.close();
        assertThat(outcomes).containsExactly("STOPPED stopped before the product answered");

        uplinks = new AppUplinks(parts, files.uplinks());
        Uplink again = Objects.requireNonNull(next());

        assertThat(again.getTimeoutMs()).isZero();
        assertThat(again.getBody().toStringUtf8()).isEqualTo("may I?");
    }

    private void request(long timeoutMillis) {
        uplinks.request("ask", ByteString.copyFromUtf8("may I?"), timeoutMillis, (outcome, body, reason) -> outcomes
                .add((outcome + " " + body.toStringUtf8() + reason).trim()));
    }

    private @Nullable Uplink next() {
        return uplinks.next(1, 99, Limits.UPLINKS_CONNECTION_BYTES, true);
    }

    private void answer(long seq, int code, String text) {
        Reply.Builder reply = Reply.newBuilder().setEndpointId(99).setSeq(seq).setCode(code);
        uplinks.answered(code == Code.OK
                ? reply.setBody(ByteString.copyFromUtf8(text)).build()
                : reply.setText(text).build());
    }
}
