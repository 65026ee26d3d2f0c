package io.longwire.e2e.uplink;

import io.longwire.e2e.device.RoutedDispatcher;
import io.longwire.e2e.history.History;
import io.longwire.e2e.phone.Phone;
import io.longwire.e2e.phone.Phones;
import io.longwire.e2e.platform.Product;
import io.longwire.e2e.platform.SharedPlatform;
import io.longwire.keeper.service.Service;
import io.longwire.sdk.Uplink;
import io.longwire.testkit.chaos.ChaosProxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Uplinks of a real phone through a real room, over cuts, restarts, and coordinators that come and go. */
class UplinkIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int UPLINKS = 1_000;
    private static final long SEED = 31;

    private final SharedPlatform platform = SharedPlatform.get();
    private final Product product = platform.app();
    private final Service room = platform.platform().rooms().getFirst();
    private final List<Uplink> sent = new ArrayList<>();

    @Test
    void eachIsKeptOnceOverCutsARestartAndACoordinatorThatIsAway() throws InterruptedException {
        try (var coordinator = new MemoryCoordinator(platform);
                var proxy = ChaosProxy.to(platform.listener(0, "tcp"), SEED);
                var dispatcher = new RoutedDispatcher(product.dispatcher(), List.of(proxy.address()));
                var phones = new Phones("uplinks", new History())) {
            Phone phone = phones.online(1, product.through(dispatcher.url()), LIMIT).all().getFirst();
            send(phone, 100);
            await().atMost(LIMIT).untilAsserted(() -> assertThat(busy()).as("told BUSY").isPositive());
            assertThat(sent).allMatch(uplink -> uplink.result() == null);

            coordinator.start();
            await().atMost(LIMIT).until(() -> coordinator.count() == 100);
            proxy.toServer().cutAfter(3_000); // a few uplinks, then their replies are lost with the connection
            send(phone, 300);
            await().atMost(LIMIT).until(() -> coordinator.count() >= 300 && coordinator.doubles() > 0);
            proxy.heal();
            coordinator.stop();
            send(phone, 300);
            proxy.reset();
            coordinator.start();
            await().atMost(LIMIT).until(() -> coordinator.count() == 700);
            assertThat(durable(sent)).isEqualTo(700);

            send(phone, UPLINKS - 700);
            phone.restart();

            await().atMost(LIMIT).until(() -> coordinator.count() == UPLINKS);
            assertThat(coordinator.bodies().values()).as("in the order of their seqs, each once, seed " + SEED)
                    .containsExactlyElementsOf(IntStream.range(0, UPLINKS).mapToObj(i -> "order " + i).toList());
        }
    }

    private void send(Phone phone, int count) {
        for (int i = 0; i < count; i++) {
            sent.add(phone.app(0).send("order", ("order " + sent.size()).getBytes(StandardCharsets.UTF_8)));
        }
    }

    private static int durable(List<Uplink> uplinks) throws InterruptedException {
        int durable = 0;
        for (Uplink one : uplinks) {
            Uplink.Result result = one.await(LIMIT.toMillis());
            durable += result != null && result.isDurable() ? 1 : 0;
        }
        return durable;
    }

    private double busy() {
        return SharedPlatform.scrape(room).lines()
                .filter(line -> line.startsWith("longwire_room_uplinks_total{") && line.contains("BUSY"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1))).sum();
    }
}
