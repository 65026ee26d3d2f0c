package io.longwire.e2e;

import io.longwire.e2e.history.History;
import io.longwire.e2e.load.Backend;
import io.longwire.e2e.load.Load;
import io.longwire.e2e.load.Verdict;
import io.longwire.e2e.phone.Phone;
import io.longwire.e2e.phone.Phones;
import io.longwire.e2e.platform.PartProcesses;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Every part a process of its own: they work together, and each may be restarted in order while messages flow. */
@Tag("full")
class SeparateProcessesIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private static PartProcesses parts;

    private final History history = new History();
    private final Phones phones = new Phones("separate-phones", history);

    @BeforeAll
    static void start() {
        parts = new PartProcesses("separate");
    }

    @AfterAll
    static void end() {
        parts.close();
    }

    @AfterEach
    void leave() {
        phones.close();
    }

    @Test
    void deliverOnlineAndOfflineWithEveryMilestone() {
        Phone phone = phones.online(1, parts.product(), LIMIT).all().getFirst();
        try (var backend = new Backend(parts.product(), history); var center = parts.product().backend()) {
            backend.send("online", phone.endpoint(), "");
            await().atMost(LIMIT).until(() -> history.wasShown("online"));
            await().atMost(LIMIT).untilAsserted(
                    () -> assertThat(center.timeline(history.id("online"), phone.endpoint())
                            .texts("milestones", "name"))
                            .containsExactly("accepted", "stored", "routed", "written", "acked"));
            phone.stop();
            backend.send("offline", phone.endpoint(), "");
            phone.start();
        }
        new Verdict(history, parts.product(), 0).kept(LIMIT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"keeper", "register-1", "saver-1", "room-1", "dispatcher", "center"})
    void loseNothingWhenOneIsRestartedInOrder(String part) {
        phones.online(10, parts.product(), LIMIT);
        try (var load = Load.start(parts.product(), history, phones.endpoints(), part.hashCode(), 100)) {
            load.awaitSent(100, LIMIT);
            assertThat(parts.process(part).stop(Duration.ofSeconds(30))).as("exit code after a drain").isZero();
            parts.restart(part);
            load.awaitSent(100, LIMIT);
            load.stop();
        }
        phones.comeBack(Duration.ofSeconds(5), LIMIT);
        new Verdict(history, parts.product(), part.hashCode()).kept(LIMIT);
    }
}
