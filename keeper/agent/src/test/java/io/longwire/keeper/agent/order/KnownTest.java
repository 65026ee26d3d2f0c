package io.longwire.keeper.agent.order;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.longwire.keeper.agent.version.Refusal;
import io.longwire.keeper.trust.OrderSigner;
import io.longwire.keeper.trust.Purpose;
import io.longwire.keeper.trust.SigningKey;
import io.longwire.keeper.trust.TrustedKeys;
import io.longwire.rpc.agent.Order;
import io.longwire.rpc.agent.SignedOrder;
import io.longwire.testkit.time.VirtualClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

final class KnownTest {
    @TempDir
    private Path home;
    private final VirtualClock clock = new VirtualClock();
    private final SigningKey key = SigningKey.generate();
    private final OrderSigner signer = new OrderSigner(key, clock);
    private final Order order = Order.newBuilder().setHost("h1").setVerb("stop").setProcess("room-1").build();
    private Known known;

    @BeforeEach
    void start() {
        known = known();
    }

    private Known known() {
        return new Known("h1", new TrustedKeys(List.of(key.publicText())), home.resolve("newest-order"), clock);
    }

    @Test
    void takesAnOrderOnce() {
        SignedOrder signed = signer.order(order);
        assertThat(known.check(signed).getProcess()).isEqualTo("room-1");
        assertThat(refusal(signed)).contains("nonce: seen before");
        assertThat(known.check(signer.order(order)).getVerb()).isEqualTo("stop");
    }

    @Test
    void refusesWhatIsOldEarlyOrForAnotherHost() {
        SignedOrder signed = signer.order(order);
        clock.advance(Duration.ofSeconds(61));
        assertThat(refusal(signed)).contains("at_ms: 61000 ms ago (expected: within 60000");
        assertThat(refusal(signer.order(order.toBuilder().setHost("h2").build())))
                .contains("host: h2 (expected: h1)");
    }

    @Test
    void refusesWhatAnEarlierRunOfTheAgentMayHaveSeen() {
        SignedOrder signed = signer.order(order);
        clock.advance(Duration.ofSeconds(1));
        Refusal refused = catchThrowableOfType(Refusal.class, () -> known().check(signed));
        assertThat(refused).hasMessageContaining("before this agent began");
    }

    @Test
    void refusesAfterACrashWhatItObeyedBeforeThoughTheKeepersClockIsAhead() {
        clock.jumpWall(Duration.ofSeconds(40));
        SignedOrder ahead = signer.order(order);
        clock.jumpWall(Duration.ofSeconds(-40));
        known.check(ahead);
        clock.advance(Duration.ofSeconds(5));
        known = known();
        assertThat(refusal(ahead)).contains("at_ms: not after ").contains("an order that was obeyed before");
        clock.advance(Duration.ofSeconds(36));
        assertThat(known.check(signer.order(order)).getVerb()).as("a new one").isEqualTo("stop");
    }

    @Test
    void takesNothingThatMayBeOldWhileItCannotReadWhatItObeyed() throws IOException {
        Files.writeString(home.resolve("newest-order"), "?");
        known = known();
        clock.advance(Duration.ofSeconds(59));
        assertThat(refusal(signer.order(order))).contains("at_ms: not after ");
        clock.advance(Duration.ofSeconds(2));
        assertThat(known.check(signer.order(order)).getVerb()).isEqualTo("stop");
    }

    @Test
    void remembersThroughAClockThatJumpsAheadAndBack() {
        SignedOrder signed = signer.order(order);
        known.check(signed);
        clock.jumpWall(Duration.ofMinutes(3));
        known.check(signer.order(order));
        clock.jumpWall(Duration.ofMinutes(-3));
        assertThat(refusal(signed)).contains("at_ms: not after ");
    }

    @Test
    void refusesWhatNoTrustedKeySigned() {
        SignedOrder stranger = new OrderSigner(SigningKey.generate(), clock).order(order);
        assertThat(refusal(stranger)).contains("of an unknown key");
        SignedOrder bent = signer.order(order).toBuilder()
                .setOrder(order.toBuilder().setVerb("start").setAtMs(clock.wallMillis()).build().toByteString())
                .build();
        assertThat(refusal(bent)).contains("signature: wrong");
        byte[] content = order.toByteArray();
        SignedOrder otherPurpose = SignedOrder.newBuilder().setOrder(ByteString.copyFrom(content)).setKeyId(key.id())
                .setSignature(ByteString.copyFrom(key.sign(Purpose.VERSION, content))).build();
        assertThat(refusal(otherPurpose)).contains("signature: wrong");
        assertThat(refusal(SignedOrder.getDefaultInstance())).contains("of an unknown key");
    }

    private String refusal(SignedOrder signed) {
        Refusal refused = catchThrowableOfType(Refusal.class, () -> known.check(signed));
        assertThat(refused.status().getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
        return String.valueOf(refused.getMessage());
    }
}
