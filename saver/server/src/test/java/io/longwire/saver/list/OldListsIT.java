package io.longwire.saver.list;

import io.longwire.rpc.saver.AudienceList;
import io.longwire.rpc.saver.AudienceList.State;
import io.longwire.saver.Bench;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** A month in seconds: the clock is the test's. */
final class OldListsIT {
    private Bench bench;
    private ListBench all;

    @BeforeEach
    void start() throws Exception {
        bench = new Bench();
        all = new ListBench(bench);
    }

    @AfterEach
    void stop() {
        all.close();
        bench.close();
    }

    @Test
    void sweepsThePartsOfWhatIsSealedAndAllOfWhatIsDeleted() throws Exception {
        AudienceList open = list("open");
        AudienceList sealed = all.seal(list("sealed"), 2);
        AudienceList deleted = all.seal(list("deleted"), 2);
        all.delete(deleted);

        round(Duration.ZERO);

        assertThat(all.rows("audience_part")).as("of the open one").isEqualTo(2);
        assertThat(all.rows("audience_piece")).isEqualTo(128);
        assertThat(all.rows("audience_chunk")).as("of the sealed one").isEqualTo(2);
        assertThat(all.content(sealed)).containsExactly(1L, 64L);
        assertThat(all.create("deleted").getState()).as("its key is remembered").isEqualTo(State.DELETED);
        assertThat(all.seal(open, 2).getEndpoints()).isEqualTo(2);
    }

    @Test
    void deletesListsByAgeAndForgetsTheirKeys() throws Exception {
        AudienceList open = list("open");
        AudienceList sealed = all.seal(list("sealed"), 2);

        round(Duration.ofDays(30).minusMillis(1));
        assertThat(all.look(open)).isEqualTo(all.append(open, 0, 1));
        assertThat(all.look(sealed)).isEqualTo(sealed);
        round(Duration.ofMillis(1));

        assertThat(all.look(open)).isEqualTo(AudienceList.getDefaultInstance());
        assertThat(all.look(sealed)).isEqualTo(AudienceList.getDefaultInstance());
        assertThat(all.rows("audience_list") + all.rows("audience_part") + all.rows("audience_piece")
                + all.rows("audience_chunk")).isZero();
        assertThat(all.create("open").getListId()).isGreaterThan(sealed.getListId());
    }

    @Test
    void sweepsSoManyRowsARoundAndGoesOnInTheNext() throws Exception {
        all.seal(list("sealed"), 2);
        AudienceList deleted = list("deleted");
        all.delete(deleted);
        var left = new ArrayList<Long>();
        for (int number = 0; number < 4; number++) {
            try (Connection connection = bench.shard.connectForJob()) {
                new OldLists(connection, 100, bench.metrics).round(bench.clock.wallMillis());
            }
            left.add(all.rows("audience_piece") + all.rows("audience_part"));
        }

        assertThat(left).containsExactly(160L, 60L, 0L, 0L);
        assertThat(all.rows("audience_list WHERE litter = 1")).isZero();
        assertThat(all.rows("audience_chunk")).as("of the sealed one").isEqualTo(2);
    }

    @Test
    void leavesAListAloneThatIsBeingSealed() throws Exception {
        AudienceList list = list("k");
        all.delete(list);

        try (Connection sealer = bench.shard.connectForJob(); var lock = sealer.createStatement()) {
            lock.execute("SELECT GET_LOCK(CONCAT(LEFT(DATABASE(), 40), '." + ListSeals.lockOf(list.getListId())
                    + "'), 0)");
            round(Duration.ZERO);
            assertThat(all.rows("audience_part")).isEqualTo(2);
            lock.execute("SELECT RELEASE_ALL_LOCKS()");
        }
        round(Duration.ZERO);
        assertThat(all.rows("audience_part")).isZero();
    }

    private AudienceList list(String key) throws Exception {
        AudienceList list = all.create(key);
        all.append(list, 0, 1);
        all.append(list, 1, 64);
        return list;
    }

    private void round(Duration later) throws Exception {
        bench.clock.advance(later);
        try (Connection connection = bench.shard.connectForJob()) {
            OldLists.round(connection, bench.clock.wallMillis(), bench.metrics);
        }
    }
}
