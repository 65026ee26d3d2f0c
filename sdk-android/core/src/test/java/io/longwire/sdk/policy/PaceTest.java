package io.longwire.sdk.policy;

import io.longwire.device.v1.NetType;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class PaceTest {
    @Test
    void goesByTheKindOfNetwork() {
        assertThat(Pace.of(Network.UNTOLD)).isEqualTo(Pace.FAST);
        assertThat(pace(NetType.NET_WIFI)).isEqualTo(Pace.FAST);
        assertThat(pace(NetType.NET_ETHERNET)).isEqualTo(Pace.FAST);
        assertThat(pace(NetType.NET_CELL_4G)).isEqualTo(Pace.CELL);
        assertThat(pace(NetType.NET_CELL_5G)).isEqualTo(Pace.CELL);
        assertThat(pace(NetType.NET_CELL_2G)).isEqualTo(Pace.SLOW);
        assertThat(pace(NetType.NET_CELL_3G)).isEqualTo(Pace.SLOW);
        assertThat(Pace.of(Network.of(NetType.NET_CELL_5G, "310 260").roaming(true))).isEqualTo(Pace.SLOW);
    }

    @Test
    void aFrameMayTakeLongerTheLongerItIs() {
        assertThat(Pace.FAST.frameMillis(100)).isEqualTo(8_008);
        assertThat(Pace.FAST.frameMillis(60_000)).isEqualTo(13_000);
        assertThat(Pace.CELL.frameMillis(60_000)).isEqualTo(27_000);
        assertThat(Pace.SLOW.frameMillis(60_000)).isEqualTo(80_000);
    }

    @Test
    void anUplinkMayBeAnsweredLateOnSlowNetworks() {
        assertThat(Pace.FAST.replyMillis()).isEqualTo(10_000);
        assertThat(Pace.CELL.replyMillis()).isEqualTo(15_000);
        assertThat(Pace.SLOW.replyMillis()).isEqualTo(30_000);
        assertThat(Pace.FAST.sendMillis(12_000)).isEqualTo(1_000);
        assertThat(Pace.CELL.sendMillis(16_000)).isEqualTo(4_000);
        assertThat(Pace.SLOW.sendMillis(16_000)).isEqualTo(16_000);
    }

    @Test
    void roundsAndAnswersTakeLongerOnSlowNetworks() {
        assertThat(Pace.FAST.roundMillis()).isEqualTo(15_000);
        assertThat(Pace.CELL.roundMillis()).isEqualTo(20_000);
        assertThat(Pace.SLOW.roundMillis()).isEqualTo(30_000);
        assertThat(Pace.FAST.connectAckMillis()).isEqualTo(10_000);
        assertThat(Pace.CELL.connectAckMillis()).isEqualTo(15_000);
        assertThat(Pace.SLOW.connectAckMillis()).isEqualTo(20_000);
    }

    @Test
    void aNetworkIsTheSameByWhatItIsNotByItsState() {
        Network home = Network.of(NetType.NET_WIFI, "192.168.1.1 fe80::/48");
        assertThat(home.key()).isEqualTo(Network.of(NetType.NET_WIFI, "192.168.1.1 fe80::/48").validated(false).key());
        assertThat(home.key()).isNotEqualTo(Network.of(NetType.NET_WIFI, "192.168.2.1").key()).hasSize(16);
        assertThat(home.key()).isNotEqualTo(Network.of(NetType.NET_CELL_4G, "192.168.1.1 fe80::/48").key());
        assertThat(Network.NONE.isNone()).isTrue();
        assertThat(Network.NONE.isValidated()).isFalse();
    }

    private static Pace pace(NetType type) {
        return Pace.of(Network.of(type, "x"));
    }
}
