package io.longwire.room;

import io.longwire.keeper.config.ConfigException;
import io.longwire.keeper.config.ConfigNode;
import io.longwire.room.transport.ListenerConfig;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class RoomConfigTest {
    @Test
    void everythingHasADefault() {
        RoomConfig config = RoomConfig.read(ConfigNode.empty());

        assertThat(config.listen()).containsExactly(ListenerConfig.loopback());
        assertThat(config.heartbeat().idleSeconds(0)).isEqualTo(480);
        assertThat(config.limitsPerLoop().parked()).isBetween(1, 500_000);
        assertThat(config.limitsPerLoop().uplinks().perSecond()).isEqualTo(10);
    }

    @Test
    void plainTcpBeyondLoopbackMustBeAllowedByName() {
        assertThatThrownBy(() -> read(Map.of("kind", "tcp", "bind", "0.0.0.0"))).isInstanceOf(ConfigException.class)
                .hasMessageContaining("bind: 0.0.0.0 (expected: loopback");

        assertThat(read(Map.of("kind", "tcp", "bind", "0.0.0.0", "plaintextAllowed", true)).listen()).hasSize(1);
    }

    @Test
    void tlsNeedsItsFiles() {
        assertThatThrownBy(() -> read(Map.of("kind", "tls", "bind", "0.0.0.0"))).isInstanceOf(ConfigException.class)
                .hasMessageContaining("two PEM files");
    }

    @Test
    void refusesBlocksThatAreNone() {
        assertThatThrownBy(() -> RoomConfig.read(ConfigNode.of(Map.of("access", Map.of("deny", List.of("10.0.0/8"))))))
                .isInstanceOf(ConfigException.class).hasMessageContaining("deny: 10.0.0/8 (expected: ");
    }

    @Test
    void heartbeatsAreBounded() {
        var heartbeat = RoomConfig.read(ConfigNode.empty()).heartbeat();

        assertThat(heartbeat.idleSeconds(1)).isEqualTo(75);
        assertThat(heartbeat.idleSeconds(1_000_000)).isEqualTo(2_730);
        assertThatThrownBy(() -> RoomConfig
                .read(ConfigNode.of(Map.of("heartbeat", Map.of("min", "5m", "hint", "1m")))))
                .isInstanceOf(ConfigException.class);
    }

    @Test
    void aLoopHasItsShareOfTheUplinksAndRoomForTheLargest() {
        assertThat(uplinks("64KB").limitsPerLoop().uplinks().bytes()).isEqualTo(64 * 1024);
        assertThat(uplinks("1MB").limitsPerLoop().uplinks().bytes()).isEqualTo(256 * 1024);
        assertThatThrownBy(() -> uplinks("63KB")).isInstanceOf(ConfigException.class)
                .hasMessageContaining("underWay: 63KB (expected: ");
    }

    private static RoomConfig uplinks(String underWay) {
        return RoomConfig.read(ConfigNode.of(Map.of("threads", 4, "limits",
                Map.of("uplinks", Map.of("underWay", underWay)))));
    }

    private static RoomConfig read(Map<String, Object> listener) {
        return RoomConfig.read(ConfigNode.of(Map.of("listen", List.of(listener))));
    }
}
