package io.longwire.coordinator.access;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.longwire.keeper.metrics.PrometheusMetrics;
import io.longwire.rpc.saver.KeyRecord;
import io.longwire.testkit.time.VirtualClock;
import java.net.InetAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

final class ApiKeysTest {
    private static final String KEY = "Bearer lw_" + "k".repeat(43);
    private static final InetAddress HERE = InetAddress.ofLiteral("10.1.2.3");

    private final VirtualClock clock = new VirtualClock();
    private final PrometheusMetrics metrics = new PrometheusMetrics();
    private KeyRecord found = KeyRecord.newBuilder().setAppId(7).build();
    private int asked;
    private final ApiKeys keys = new ApiKeys(this::find, Duration.ofSeconds(5), clock, metrics);

    private CompletableFuture<KeyRecord> find(ByteString hash) {
        asked++;
        return CompletableFuture.completedFuture(found);
    }

    @AfterEach
    void stop() {
        metrics.close();
    }

    @Test
    void asksOnceAndBelievesItForAWhile() {
        assertThat(keys.app(KEY, HERE).join()).isEqualTo(7);
        assertThat(keys.app(KEY, HERE).join()).isEqualTo(7);
        assertThat(asked).isEqualTo(1);

        found = found.toBuilder().setRevoked(true).build();
        clock.advance(Duration.ofSeconds(6));
        assertThat(refusal(KEY, HERE)).isEqualTo(Status.Code.UNAUTHENTICATED);
    }

    @Test
    void refusesWhatCannotBeAKeyWithoutAsking() {
        assertThat(refusal("", HERE)).isEqualTo(Status.Code.UNAUTHENTICATED);
        assertThat(refusal("Basic abc", HERE)).isEqualTo(Status.Code.UNAUTHENTICATED);
        assertThat(refusal("Bearer lw_short", HERE)).isEqualTo(Status.Code.UNAUTHENTICATED);
        assertThat(asked).isZero();
    }

    @Test
    void wantsTheScopeAndTheTime() {
        found = KeyRecord.newBuilder().setAppId(7).addScopes("send").build();
        assertThat(refusal(KEY, HERE)).isEqualTo(Status.Code.PERMISSION_DENIED);
        clock.advance(Duration.ofSeconds(6));
        found = KeyRecord.newBuilder().setAppId(7).addScopes("receive").setExpiresMs(clock.wallMillis() + 1_000)
                .build();
        assertThat(keys.app(KEY, HERE).join()).isEqualTo(7);
        clock.advance(Duration.ofSeconds(1));
        assertThat(refusal(KEY, HERE)).isEqualTo(Status.Code.UNAUTHENTICATED);
    }

    @ParameterizedTest
    @CsvSource({"10.0.0.0/8, 10.1.2.3, true", "10.1.2.3, 10.1.2.3, true", "10.1.2.2/31, 10.1.2.3, true",
            "10.1.2.4/31, 10.1.2.3, false", "0.0.0.0/0, 10.1.2.3, true", "2001:db8::/32, 10.1.2.3, false",
            "2001:db8::/32, 2001:db8:1::1, true", "10.0.0.0/33, 10.1.2.3, false", "nonsense, 10.1.2.3, false",
            "10.0.0.0/x, 10.1.2.3, false"})
    void letsInFromTheNetworksOfTheKeyAlone(String network, String address, boolean in) {
        found = KeyRecord.newBuilder().setAppId(7).addNetworks(network).build();
        InetAddress from = InetAddress.ofLiteral(address);
        if (in) {
            assertThat(keys.app(KEY, from).join()).isEqualTo(7);
        } else {
            assertThat(refusal(KEY, from)).isEqualTo(Status.Code.PERMISSION_DENIED);
        }
    }

    private Status.Code refusal(String authorization, InetAddress address) {
        var answer = keys.app(authorization, address);
        assertThat(answer).isCompletedExceptionally();
        Throwable failure = answer.exceptionNow();
        Throwable cause = failure.getCause() == null ? failure : failure.getCause();
        return ((StatusRuntimeException) cause).getStatus().getCode();
    }
}
