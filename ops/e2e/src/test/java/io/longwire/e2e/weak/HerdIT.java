package io.longwire.e2e.weak;

import io.longwire.e2e.device.RoutedDispatcher;
import io.longwire.e2e.history.History;
import io.longwire.e2e.history.HistoryChecker.Violation;
import io.longwire.e2e.load.Load;
import io.longwire.e2e.load.Verdict;
import io.longwire.e2e.phone.Phone;
import io.longwire.e2e.phone.Phones;
import io.longwire.e2e.platform.Product;
import io.longwire.e2e.platform.SharedPlatform;
import io.longwire.keeper.clock.Clock;
import io.longwire.testkit.chaos.ChaosProxy;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.awaitility.Awaitility.await;

/** Phones whose room is gone from one moment to the next, and which all want to be somewhere else. */
@Tag("full")
class HerdIT {
    private static final int PHONES = 40;
    private static final long SEED = 302;
    private static final Duration LIMIT = Duration.ofMinutes(1);

    private final SharedPlatform platform = SharedPlatform.oneRoom();
    private final History history = new History();

    @Test
    void theHerdOfARoomThatCrashedComesBackElsewhere() {
        try (var crashes = ChaosProxy.to(platform.listener(0, "tcp"), 41);
                var stays = ChaosProxy.to(platform.listener(0, "tcp"), 42);
                var dispatcher = new RoutedDispatcher(platform.app().dispatcher(), List.of(crashes.address()));
                var phones = new Phones("herd", history)) {
            Product product = platform.app().through(dispatcher.url());
            phones.online(PHONES, product, LIMIT);
            phones.all().forEach(phone -> phone.foreground(false));
            dispatcher.route(List.of(crashes.address(), stays.address()));
            try (var load = Load.start(product, history, phones.endpoints(), SEED, 20)) {
                load.awaitSent(20, LIMIT);
                long bytes = bytes(stays);
                long began = Clock.system().millis();
                crashes.refuse(true);
                crashes.reset();
                await().atMost(LIMIT).pollInterval(Duration.ofMillis(5)).until(
                        () -> stays.connections() >= PHONES && phones.all().stream().allMatch(Phone::online));
                long took = Clock.system().millis() - began;
                long moved = bytes(stays) - bytes;
                load.awaitSent(20, LIMIT);
                load.stop();
                var verdict = new Verdict(history, product, SEED);
                List<Violation> broken = verdict.broken(LIMIT);
                Table.print(
                        new Row("room crash, " + PHONES + " phones, the last one", 1, Row.NONE, took, took, 1, moved,
                                count(broken, Violation.Kind.LOST), count(broken, Violation.Kind.SHOWN_TWICE)));
                verdict.kept(broken);
            }
        }
    }

    private static long count(List<Violation> broken, Violation.Kind kind) {
        return broken.stream().filter(one -> one.kind() == kind).count();
    }

    private static long bytes(ChaosProxy way) {
        return way.toServer().forwardedBytes() + way.toClient().forwardedBytes();
    }
}
