package io.longwire.keeper.profile;

import io.longwire.keeper.clock.TestClock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

final class ProfilerTest {
    @TempDir
    private Path place;

    @Test
    void headsTheGraphByWhatWasSampledWhereTheEngineKnowsNoWallClock() throws Exception {
        var profiler = new Profiler(place, new TestClock(), new Engine(new FakeSampler()));
        List<String> told = new ArrayList<>();

        profiler.take(Event.WALL, 1, sampled -> "room-1 " + sampled, new CountDownLatch(1),
                profile -> told.addAll(List.of(profile.event(), Files.readString(profile.html()))));

        assertThat(told).containsExactly("cpu", "room-1 cpu");
    }
}
