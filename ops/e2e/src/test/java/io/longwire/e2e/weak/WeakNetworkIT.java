package io.longwire.e2e.weak;

import io.longwire.device.v1.NetType;
import io.longwire.e2e.device.RoutedDispatcher;
import io.longwire.e2e.history.History;
import io.longwire.e2e.load.Load;
import io.longwire.e2e.load.Verdict;
import io.longwire.e2e.platform.Product;
import io.longwire.e2e.platform.SharedPlatform;
import io.longwire.keeper.clock.Clock;
import io.longwire.sdk.ConnectionListener;
import io.longwire.sdk.ConnectionStatus;
import io.longwire.sdk.LongwireApp;
import io.longwire.sdk.LongwireClient;
import io.longwire.sdk.Receipt;
import io.longwire.sdk.policy.Network;
import io.longwire.testkit.chaos.ChaosProxy;
import io.longwire.testkit.chaos.Direction.Hole;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * One phone through a proxy that does what networks do, with messages coming all the time. Each test logs what was
 * measured: until it was online again, connections and bytes it took, messages lost and shown twice (0 and 0).
 */
class WeakNetworkIT {
    private static final Logger LOG = LoggerFactory.getLogger(WeakNetworkIT.class);
    private static final long SEED = 301;
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Network WIFI = Network.of(NetType.NET_WIFI, "home");
    private static final Network CELL = Network.of(NetType.NET_CELL_4G, "310 260");

    @TempDir
    Path files;
    private final SharedPlatform platform = SharedPlatform.get();
    private final Product product = platform.app();
    private final History history = new History();
    private final ChaosProxy wifi = ChaosProxy.to(platform.listener(0, "tcp"), 31);
    private final ChaosProxy cell = ChaosProxy.to(platform.listener(0, "tcp"), 32);
    private final RoutedDispatcher dispatcher = new RoutedDispatcher(product.dispatcher(),
            List.of(wifi.address(), cell.address()));
    private final AtomicInteger onlines = new AtomicInteger();
    private LongwireClient phone;
    private LongwireApp app;
    private Load load;

    @BeforeEach
    void start() throws InterruptedException {
        cell.refuse(true);
        phone = LongwireClient.builder(files.toFile()).dispatcher(dispatcher.url()).foreground(true).sync(false)
                .askAgainAfterMillis(500).listener(new ConnectionListener() {
                    @Override
                    public void onStatus(ConnectionStatus status) {
                        if (status.state() == ConnectionStatus.State.ONLINE) {
                            onlines.incrementAndGet();
                        }
                    }
                }).build();
        app = phone.addApp(product.appKey(), message -> {
            history.shown(new String(message.payload(), StandardCharsets.UTF_8), message.endpoint(), message.id());
            return Receipt.DONE;
        });
        phone.setNetwork(WIFI);
        phone.start();
        assertThat(app.awaitOnline(LIMIT.toMillis())).isTrue();
        load = Load.start(product, history, List.of(Objects.requireNonNull(app.endpoint())), SEED, 20);
        load.awaitSent(10, LIMIT);
    }

    @AfterEach
    void end() {
        load.close();
        phone.stop();
        dispatcher.close();
        wifi.close();
        cell.close();
    }

    @Test
    void aHalfOpenLinkIsFoundInTenSecondsWhenTheUserLooks() {
        long took = back("half-open, looked at", () -> {
            wifi.halfOpen();
            phone.setForeground(true);
        });
        assertThat(took).isLessThanOrEqualTo(10_000);
        nothingLostOrTwice();
    }

    @Test
    void aHalfOpenLinkIsFoundInTenSecondsWhenItIsUsed() {
        long took = back("half-open, used", () -> {
            wifi.halfOpen();
            app.send("order", new byte[]{1});
        });
        assertThat(took).isLessThanOrEqualTo(12_000);
        nothingLostOrTwice();
    }

    @Test
    void theCellNetworkTakesOverFromAWifiThatIsGone() {
        long took = back("wifi to cell", () -> {
            cell.refuse(false);
            wifi.refuse(true);
            wifi.halfOpen();
            phone.setNetwork(Network.NONE);
            phone.setNetwork(CELL);
        });
        assertThat(took).isLessThanOrEqualTo(3_000); // 2 s, and what a busy machine needs
        nothingLostOrTwice();
    }

    @Test
    void aPathThatLetsNothingBackIsGivenUp() {
        long took = back("black hole to the phone, then healed", () -> {
            wifi.toClient().blackHole(Hole.DISCARD);
            cell.refuse(false);
            phone.setForeground(true);
        });
        assertThat(took).isLessThanOrEqualTo(30_000);
        wifi.heal();
        nothingLostOrTwice();
    }

    @Test
    void resetsCostConnectionsAndNoMessage() {
        for (int i = 0; i < 5; i++) {
            back("reset " + i, wifi::reset);
        }
        nothingLostOrTwice();
    }

    @Test
    void aSlowAndTremblingPathIsNotCalledDead() {
        wifi.toClient().delay(Duration.ofMillis(200), Duration.ofMillis(100)).throttle(8_000);
        wifi.toServer().delay(Duration.ofMillis(200), Duration.ofMillis(100)).throttle(8_000);
        int before = onlines.get();
        for (int i = 0; i < 3; i++) {
            phone.setForeground(true);
            load.awaitSent(40, LIMIT);
        }
        assertThat(onlines).as("no connection was given up").hasValue(before);
        wifi.heal();
        nothingLostOrTwice();
    }

    private long back(String what, Runnable breaks) {
        int before = onlines.get();
        long connects = wifi.accepted() + cell.accepted();
        long bytes = bytes();
        long began = Clock.system().nanos();
        breaks.run();
        await().atMost(LIMIT).pollInterval(Duration.ofMillis(10)).until(() -> onlines.get() > before);
        long took = (Clock.system().nanos() - began) / 1_000_000;
        LOG.info("{}: online again after {} ms, {} connections, {} bytes", what, took,
                wifi.accepted() + cell.accepted() - connects, bytes() - bytes);
        return took;
    }

    private long bytes() {
        return wifi.toServer().forwardedBytes() + wifi.toClient().forwardedBytes() + cell.toServer().forwardedBytes()
                + cell.toClient().forwardedBytes();
    }

    private void nothingLostOrTwice() {
        load.awaitSent(20, LIMIT);
        load.stop();
        new Verdict(history, product, SEED).kept(LIMIT);
    }
}
