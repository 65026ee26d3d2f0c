package io.longwire.keeper.server.console.cluster;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class PrometheusTest {
    @Test
    void sumsOverTagsAndLeavesOutWhatIsNoNumber() {
        String page = """
                # HELP longwire_room_sessions Endpoints bound now.
                # TYPE longwire_room_sessions gauge
                longwire_room_sessions 12.0
                longwire_room_logins_total{code="OK"} 3.0
                longwire_room_logins_total{code="BUSY, {}"} 1.5
                longwire_room_loop_lag_ms NaN
                longwire_room_sessions_other 7.0
                jvm_threads 3
                """;
        assertThat(Prometheus.sums(page, Set.of("room_sessions", "room_logins_total", "room_loop_lag_ms")))
                .isEqualTo(Map.of("room_sessions", 12.0, "room_logins_total", 4.5));
    }
}
