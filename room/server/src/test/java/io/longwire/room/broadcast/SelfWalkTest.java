package io.longwire.room.broadcast;

import io.longwire.device.BroadcastSeen;
import io.longwire.room.rig.Phone;
import io.longwire.room.rig.RoomRig;
import io.longwire.rpc.saver.Broadcast;
import io.longwire.rpc.saver.Pace;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** A room that no center asked, and that hears that all rooms have walked. */
class SelfWalkTest {
    private static final Duration HEARD = Duration.ofSeconds(6); // the list comes every 5 s

    private final RoomRig rig = new RoomRig();

    @Test
    void takesAsLongAsTheBroadcastSays() {
        List<Phone> some = phones(60, 0);
        List<Phone> few = phones(6, 1);

        keep(Pace.newBuilder().setDurationS(60));
        rig.advance(HEARD);
        rig.advance(Duration.ofSeconds(30));

        assertThat(reached(some)).isBetween(28L, 38L);
        assertThat(reached(few)).isBetween(2L, 4L);
        rig.advance(Duration.ofSeconds(30));
        assertThat(reached(some)).isEqualTo(60);
        assertThat(reached(few)).isEqualTo(6);
    }

    @Test
    void isNoFasterThanAllRoomsTogether() {
        List<Phone> phones = phones(60, 0);

        keep(Pace.newBuilder().setRatePerSecond(4)); // 2 a second and loop
        rig.advance(HEARD);
        rig.advance(Duration.ofSeconds(10));

        assertThat(reached(phones)).isBetween(19L, 33L);
    }

    @Test
    void isAsFastAsItCanIfTheBroadcastHasNoPace() {
        List<Phone> phones = phones(60, 0);

        keep(Pace.newBuilder());
        rig.advance(HEARD);

        assertThat(reached(phones)).isEqualTo(60);
    }

    private void keep(Pace.Builder pace) {
        rig.keep(RoomRig.broadcast(2).setState(Broadcast.State.WALKED).setPace(pace));
    }

    private static long reached(List<Phone> phones) {
        return phones.stream().mapToLong(phone -> phone.broadcasts().size()).sum();
    }

    private List<Phone> phones(int count, int loop) {
        List<Phone> made = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            made.add(rig.phone(loop).connect(rig.binding(loop * 1_000L + i, RoomRig.APP, rig.now())
                    .setBcastSeen(BroadcastSeen.of(1).encode()).build()));
        }
        return made;
    }
}
