package io.longwire.e2e;

import io.longwire.cli.LongwireCli;
import io.longwire.e2e.device.Identity;
import io.longwire.e2e.device.RawDevice;
import io.longwire.e2e.platform.SharedPlatform;
import io.longwire.keeper.service.Service;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** A configuration that is right by every rule, and shuts phones out: one room has it for a moment, and no other. */
class HarmfulConfigIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Duration BETWEEN = Duration.ofMillis(20);

    private final SharedPlatform shared = SharedPlatform.get();

    @Test
    void isStoppedAtTheFirstRoomAndTakenBackByItself() throws InterruptedException {
        List<Service> rooms = shared.platform().rooms();
        List<Double> before = rooms.stream().map(HarmfulConfigIT::refused).toList();
        var out = new StringWriter();
        Thread crowd = Thread.ofVirtual().start(this::knockEverywhere);
        try {
            assertThat(run(out, "config", "set", "room", "access.exempt=[]", "access.deny=[127.0.0.0/8]",
                    "-m", "looks harmless"))
                    .as("%s", out).isZero();
            // This crowd comes and goes by itself.
            assertThat(run(out, "config", "rollout", "room", "--observe", "2s", "--bake", "60s", "--max-disconnects",
                    "1000000")).as("exit code of a version that was rolled back: %s", out).isEqualTo(1);
        } finally {
            crowd.interrupt();
            crowd.join();
        }

        assertThat(out.toString()).contains("step 1 of 4, told 1 of 2").doesNotContain("step 2")
                .containsPattern("rolled back.*\\d\\.\\d % of \\d+ calls failed \\(expected: at most 2\\.0 %");
        List<Integer> affected = new ArrayList<>();
        for (int i = 0; i < rooms.size(); i++) {
            if (refused(rooms.get(i)) > before.get(i)) {
                affected.add(i);
            }
        }
        assertThat(affected).as("rooms that ever refused a phone").hasSize(1);
        for (int i = 0; i < rooms.size(); i++) {
            int room = i;
            await().atMost(LIMIT).ignoreExceptions()
                    .untilAsserted(() -> RawDevice.loggedIn(shared.listener(room, "tcp"),
                            Identity.register(shared.app()).binding(1)).close());
        }
    }

    private static double refused(Service room) {
        return SharedPlatform.metric(room, "room_refused_total");
    }

    // Phones that come to every room, some of them to a closed door.
    private void knockEverywhere() {
        while (!Thread.currentThread().isInterrupted()) {
            for (int i = 0; i < shared.platform().rooms().size(); i++) {
                try (var phone = RawDevice.to(shared.listener(i, "tcp"))) {
                    phone.closedWithin(BETWEEN);
                } catch (UncheckedIOException refused) {
                    LockSupport.parkNanos(BETWEEN.toNanos());
                }
            }
        }
    }

    private int run(StringWriter out, String... args) {
        var all = new ArrayList<>(List.of(args));
        all.addAll(List.of("--keeper", shared.platform().keeper(), "--key", shared.platform().adminKey()));
        var writer = new PrintWriter(out, true);
        return LongwireCli.run(writer, writer, all.toArray(String[]::new));
    }
}
