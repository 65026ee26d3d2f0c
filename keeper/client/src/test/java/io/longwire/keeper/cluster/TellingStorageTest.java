package io.longwire.keeper.cluster;

import java.util.concurrent.atomic.AtomicInteger;
import org.apache.curator.framework.recipes.cache.ChildData;
import org.apache.zookeeper.data.Stat;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

final class TellingStorageTest {
    private final AtomicInteger told = new AtomicInteger();
    private final TellingStorage storage = new TellingStorage(told::incrementAndGet);

    @Test
    void tellsOfANodeThatWasMadeAgainWithTheSameDataVersion() {
        storage.put(node(7, 2));
        assertThat(told).hasValue(1);

        storage.put(node(12, 2));
        assertThat(told).hasValue(2);
        assertThat(storage.get("/members/room/room-1").orElseThrow().getStat().getMzxid()).isEqualTo(12);
    }

    @Test
    void tellsNothingOfWhatItHas() {
        storage.put(node(7, 2));
        storage.put(node(7, 2));
        assertThat(told).hasValue(1);
    }

    @Test
    void tellsOnceOfANodeThatIsGone() {
        storage.put(node(7, 2));
        storage.remove("/members/room/room-1");
        storage.remove("/members/room/room-1");
        assertThat(told).hasValue(2);
        assertThat(storage.size()).isZero();
    }

    private static ChildData node(long mzxid, int version) {
        var stat = new Stat();
        stat.setMzxid(mzxid);
        stat.setVersion(version);
        return new ChildData("/members/room/room-1", stat, new byte[0]);
    }
}
