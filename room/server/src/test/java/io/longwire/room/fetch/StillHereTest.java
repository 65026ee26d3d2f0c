package io.longwire.room.fetch;

import io.longwire.room.rig.RoomRig;
import io.longwire.room.session.Connection;
import io.longwire.room.session.Loop;
import io.longwire.room.session.Session;
import io.longwire.rpc.saver.FetchItem;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class StillHereTest {
    private static final int ROUND = Loop.ticks(Duration.ofHours(12));

    private final RoomRig rig = new RoomRig();
    private final Loop loop = rig.loops.at(0).loop();

    @Test
    void tellsOfThoseThatStayOnceInARoundAndOfNoOthers() {
        rig.loggedIn(5);
        rig.loggedIn(6);
        session(0).boundTick(loop.now() - Loop.ticks(Duration.ofHours(4)));
        rig.saver.fetches.clear();
        var here = new StillHere(loop, rig.saver);

        for (int tick = 0; tick < 3 * ROUND; tick++) {
            here.onTick();
        }

        assertThat(rig.saver.fetches).hasSizeBetween(2, 3).containsOnly(FetchItem.newBuilder().setEndpointId(5)
                .setOnlineS(4 * 3600).setSeenOnly(true).build());
    }

    @Test
    void saysInEachFetchForHowLongTheEndpointIsConnected() {
        rig.store(5);
        rig.loggedIn(5);
        assertThat(rig.saver.fetches).extracting(FetchItem::getOnlineS).containsOnly(1);

        rig.advance(Duration.ofSeconds(5));

        assertThat(StillHere.onlineSeconds(session(0), loop.now())).isEqualTo(5);
    }

    private Session session(int place) {
        @Nullable
        Connection connection = loop.table().connectionAt(place);
        assertThat(connection).isNotNull();
        return connection.place(0);
    }
}
