package io.longwire.keeper.server.console.trail;

import io.longwire.keeper.metrics.PrometheusMetrics;
import io.longwire.rpc.saver.AuditRecord;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class TrailTest {
    @Test
    void whatSomebodyWroteStaysOnItsLine() throws InterruptedException {
        var records = new ArrayList<AuditRecord>();
        var trail = new Trail(record -> {
            records.add(record);
            return CompletableFuture.completedFuture(record);
        }, new PrometheusMetrics());

        trail.before("olga@10.0.0.1", "process.profile", "room-1\n02:00 INFO audit: forged", "cpu\u2028\r\u0085x");

        assertThat(records).singleElement().satisfies(record -> {
            assertThat(record.getSubject()).isEqualTo("room-1?02:00 INFO audit: forged");
            assertThat(record.getDetail()).isEqualTo("cpu???x");
            assertThat(record.getActor()).isEqualTo("admin/olga");
        });
    }
}
