package io.longwire.center.access;

import io.longwire.testkit.time.VirtualClock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class QuotasTest {
    private final VirtualClock clock = new VirtualClock();
    private final AtomicInteger centers = new AtomicInteger(1);
    private final Quotas quotas = new Quotas(centers::get, clock);

    @Test
    void grantsUpToASecondsWorthAtOnceThenAtTheRate() {
        assertThat(quotas.take(1, 100, 60).granted()).isEqualTo(60);
        Quota second = quotas.take(1, 100, 60);
        assertThat(second.granted()).isEqualTo(40);
        assertThat(second.remaining()).isZero();
        assertThat(second.retryAfterMillis()).isBetween(1L, 11L);

        clock.advance(Duration.ofMillis(100));
        assertThat(quotas.take(1, 100, 60).granted()).isEqualTo(10);
    }

    @Test
    void keepsAppsApart() {
        quotas.take(1, 10, 10);

        assertThat(quotas.take(1, 10, 1).granted()).isZero();
        assertThat(quotas.take(2, 10, 1).granted()).isEqualTo(1);
    }

    @Test
    void grantsItsShareAmongSeveralCenters() {
        centers.set(4);

        Quota quota = quotas.take(1, 100, 100);

        assertThat(quota.granted()).isEqualTo(25);
        assertThat(quota.limit()).isEqualTo(25);
    }

    @Test
    void followsAChangedQuota() {
        quotas.take(1, 100, 50);

        Quota raised = quotas.take(1, 1_000, 1);
        assertThat(raised.limit()).isEqualTo(1_000);
        assertThat(raised.remaining()).isEqualTo(499);
    }

    @Test
    void saysWhatIsLeft() {
        Quota quota = quotas.take(1, 100, 1);

        assertThat(quota).isEqualTo(new Quota(1, 100, 99, 1, 0));
    }
}
