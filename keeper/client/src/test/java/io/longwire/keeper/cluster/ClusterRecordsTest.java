package io.longwire.keeper.cluster;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.longwire.rpc.cluster.SlotMapRecord;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

final class ClusterRecordsTest {
    @Test
    void keepsAMapThroughItsRecord() throws InvalidProtocolBufferException {
        var a = new SlotMap.Owner("register-a", "10.0.0.1:1", "x");
        var b = new SlotMap.Owner("register-b", "10.0.0.2:1", "y");
        var owners = new short[Slots.COUNT * 2];
        owners[7 * 2] = 1;
        owners[7 * 2 + 1] = 2;

        SlotMap read = ClusterRecords.slotMap(ClusterRecords.record(new SlotMap(9, List.of(a, b), owners), 5));

        assertThat(read.epoch()).isEqualTo(9);
        assertThat(read.owner(7, 0)).isEqualTo(a);
        assertThat(read.owner(7, 1)).isEqualTo(b);
        assertThat(read.owner(8, 0)).isNull();
        assertThat(read.owns("register-b", 7)).isTrue();
        assertThat(read.owns("register-b", 8)).isFalse();
    }

    @Test
    void keepsAMemberThroughItsRecord() {
        var member = new Member("room", "room-1", 7, "host", "idc", "host:1", "host:2", 5, true, Map.of("a", "b"));

        assertThat(ClusterRecords.member(ClusterRecords.record(member))).isEqualTo(member);
    }

    @Test
    void refusesAMapWithAnOwnerThatIsNotInIt() {
        var record = SlotMapRecord.newBuilder().setEpoch(1).addInstances("a").addAddresses("a:1").addIdcs("x")
                .setOwners(
                        ByteString.copyFrom(new byte[Slots.COUNT * 4 - 1]).concat(ByteString.copyFrom(new byte[]{1})))
                .build();

        assertThatThrownBy(() -> ClusterRecords.slotMap(record)).isInstanceOf(InvalidProtocolBufferException.class)
                .hasMessageContaining("owner 1 (expected: below 1)");
    }
}
