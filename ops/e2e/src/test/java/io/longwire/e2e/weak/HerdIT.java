package io.longwire.e2e.weak;

import io.longwire.e2e.device.RoutedDispatcher;
import io.longwire.e2e.history.History;
import io.longwire.e2e.history.HistoryChecker.Violation;
import io.longwire.e2e.load.Load;
import io.longwire.e2e.load.Verdict;
import io.longwire.e2e.phone.Phones;
import io.longwire.e2e.platform.PartProcess;
import io.longwire.e2e.platform.PartProcesses;
import io.longwire.e2e.platform.Place;
import io.longwire.e2e.platform.Product;
import io.longwire.keeper.clock.Clock;
import io.longwire.testkit.chaos.ChaosProxy;
import io.longwire.testkit.process.JavaProcess;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Phones whose room is gone from one moment to the next, and which all want to be somewhere else. Every part is a
 * process of its own; the room that is killed is reached as it is, the one that stays through a proxy that counts.
 */
@Tag("full")
class HerdIT {
    private static final int PHONES = 40;
    private static final long SEED = 302;
    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final Duration START = Duration.ofMinutes(4);
    /** 1.5 times the window of 2 s that rooms with so few phones tell, and what a busy machine needs. */
    private static final long PROMISED_MILLIS = 3_000 + 7_000;

    private final History history = new History();

    @Test
    void theHerdOfARoomThatCrashedComesBackElsewhere() {
        int port = Place.freePorts(1).getFirst();
        try (var parts = new PartProcesses("herd-parts", 0, 1);
                var stays = ChaosProxy.to(port, 42);
                var crashing = room(parts, 1, Map.of("port", port));
                var staying = room(parts, 2, Map.of("bind", "127.0.0.2", "advertise", "127.0.0.1", "port",
                        stays.port()));
                var herd = new Herd(stays)) {
            stays.leadTo(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.2"), stays.port()));
            for (JavaProcess room : List.of(crashing, staying)) {
                room.awaitLine("room serves: ", START);
            }
            crash(parts.product(), new InetSocketAddress(InetAddress.getLoopbackAddress(), port), crashing, stays,
                    herd);
        }
    }

    private void crash(Product product, InetSocketAddress first, JavaProcess crashing, ChaosProxy stays, Herd herd) {
        try (var dispatcher = new RoutedDispatcher(product.dispatcher(), List.of(first));
                var phones = new Phones("herd", history)) {
            Product routed = product.through(dispatcher.url());
            for (int i = 0; i < PHONES; i++) {
                phones.add(routed).describe(herd::watches).start();
            }
            phones.all().forEach(phone -> phone.awaitOnline(LIMIT));
            assertThat(stays.connections()).as("all are where it will crash").isZero();
            phones.all().forEach(phone -> phone.foreground(false));
            dispatcher.route(List.of(first, stays.address()));
            try (var load = Load.start(routed, history, phones.endpoints(), SEED, 20)) {
                load.awaitSent(20, LIMIT);
                long began = Clock.system().millis();
                crashing.kill9();
                await().atMost(LIMIT).pollInterval(Duration.ofMillis(5)).until(() -> herd.isBack(began));
                long bytes = stays.toServer().forwardedBytes() + stays.toClient().forwardedBytes();
                await().atMost(LIMIT).until(() -> stays.connections() == PHONES);
                load.awaitSent(20, LIMIT);
                load.stop();
                var verdict = new Verdict(history, routed, SEED);
                List<Violation> broken = verdict.broken(LIMIT);
                var row = new Row("room crash, " + PHONES + " phones, the last one", 1, herd.lastKnewAfter(began),
                        herd.lastBackAfter(began), herd.after(), bytes, count(broken, Violation.Kind.LOST),
                        count(broken, Violation.Kind.SHOWN_TWICE));
                Table.print(row);
                verdict.kept(broken);
                assertThat(row.recoverMillis()).as("the last phone was back").isLessThanOrEqualTo(PROMISED_MILLIS);
            }
        }
    }

    private static JavaProcess room(PartProcesses parts, int number, Map<String, Object> listener) {
        String name = "room-" + number;
        return PartProcess.start(parts.home(), name, "room", Map.of("service", parts.service(name), "listen",
                List.of(listener)));
    }

    private static long count(List<Violation> broken, Violation.Kind kind) {
        return broken.stream().filter(one -> one.kind() == kind).count();
    }
}
