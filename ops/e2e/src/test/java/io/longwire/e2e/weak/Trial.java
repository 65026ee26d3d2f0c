package io.longwire.e2e.weak;

import io.longwire.device.v1.NetType;
import io.longwire.e2e.device.RoutedDispatcher;
import io.longwire.e2e.history.History;
import io.longwire.e2e.history.HistoryChecker.Violation;
import io.longwire.e2e.load.Backend;
import io.longwire.e2e.load.Load;
import io.longwire.e2e.load.Order;
import io.longwire.e2e.load.Verdict;
import io.longwire.e2e.platform.Product;
import io.longwire.e2e.platform.SharedPlatform;
import io.longwire.sdk.ConnectionListener;
import io.longwire.sdk.ConnectionStatus;
import io.longwire.sdk.LongwireApp;
import io.longwire.sdk.LongwireClient;
import io.longwire.sdk.LongwireClientBuilder;
import io.longwire.sdk.Message;
import io.longwire.sdk.Receipt;
import io.longwire.sdk.policy.Network;
import io.longwire.testkit.chaos.ChaosProxy;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * One phone, all of whose ways out lead through proxies that do what networks do; its product's backend; and the books
 * of what was sent and shown. The phone goes by a clock of its own. Controls belong to the test's thread.
 */
final class Trial implements AutoCloseable {
    /** What a working machine needs for whatever comes at once. */
    static final Duration LIMIT = Duration.ofSeconds(30);
    static final Network WIFI = Network.of(NetType.NET_WIFI, "home");
    static final Network CELL = Network.of(NetType.NET_CELL_4G, "310 260");

    private static final Logger LOG = LoggerFactory.getLogger(Trial.class);
    private static final long SEED = 301;

    final PhoneClock clock = new PhoneClock();
    final Radio radio = new Radio(clock);
    final ChaosProxy wifi;
    final ChaosProxy cell;
    /** The way to the dispatcher, over whatever network. */
    final ChaosProxy asks;
    final RoutedDispatcher dispatcher;

    private final List<ChaosProxy> ways = new CopyOnWriteArrayList<>();
    private final Product product;
    private final Path files;
    private final History history = new History();
    private final Backend backend;
    private final AtomicInteger sent = new AtomicInteger();
    private final List<Seen> seen = new CopyOnWriteArrayList<>();
    private final List<Long> problems = new CopyOnWriteArrayList<>();
    private InetSocketAddress room;
    private boolean tls;
    private Network network = WIFI;
    private boolean looks = true;
    private @Nullable LongwireClient phone;
    private @Nullable LongwireApp app;
    private @Nullable Load load;
    private @Nullable FarPhone far;
    private String endpoint = "";

    /**
     * What the phone said of its connection.
     *
     * @param atMillis when, by its clock
     * @param waitMillis how long it waits for its next try; 0 = it does not, or is far
     */
    record Seen(long atMillis, ConnectionStatus.State state, long waitMillis, String reason) {
    }

    /** Nothing runs yet; the cell network refuses everything until a test opens it. */
    Trial(Path files) {
        SharedPlatform platform = SharedPlatform.oneRoom();
        this.files = files;
        this.product = platform.app();
        this.backend = new Backend(product, history);
        this.room = platform.listener(0, "tcp");
        this.wifi = ChaosProxy.to(room, 31);
        this.cell = ChaosProxy.to(room, 32);
        this.dispatcher = new RoutedDispatcher(product.dispatcher(), List.of(wifi.address(), cell.address()));
        this.asks = ChaosProxy.to(dispatcher.address(), 33);
        List.of(wifi, cell, asks).forEach(this::leads);
        cell.refuse(true);
    }

    /** This proxy is a way of the phone too: its bytes and its radio count. The test closes it. */
    void leads(ChaosProxy way) {
        way.onTraffic(radio);
        ways.add(way);
    }

    /** Nobody tells it how soon to try again: it goes by its own backoff. */
    Trial ownBackoff() {
        dispatcher.ownBackoff();
        return this;
    }

    /** It takes rooms with TLS alone. */
    Trial overTls() {
        tls = true;
        dispatcher.tls();
        room = SharedPlatform.oneRoom().listener(0, "tls");
        wifi.leadTo(room);
        cell.leadTo(room);
        return this;
    }

    /** Its user does not look at it. */
    Trial inThePocket() {
        looks = false;
        return this;
    }

    /** The phone is on this network when it starts. */
    Trial on(Network first) {
        network = first;
        return this;
    }

    /** Starts the phone's process. */
    LongwireClient start() {
        LongwireClientBuilder builder = LongwireClient.builder(files.toFile())
                .dispatcher("http://127.0.0.1:" + asks.port()).foreground(looks).sync(false).tlsOnly(tls)
                .askAgainAfterMillis(500).clock(clock).wakeups(clock).listener(new Watch());
        if (tls) {
            trust(builder);
        }
        LongwireClient starting = builder.build();
        phone = starting;
        app = starting.addApp(product.appKey(), this::shown);
        starting.setNetwork(network);
        starting.start();
        return starting;
    }

    private void trust(LongwireClientBuilder builder) {
        try (InputStream pem = Files.newInputStream(Path.of(product.caFile()))) {
            builder.trust(pem);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** The same, until it is served. */
    Trial online() {
        start();
        await().atMost(LIMIT).until(() -> app().isOnline());
        endpoint = Objects.requireNonNull(app().endpoint());
        return this;
    }

    /** Ends the phone's process in order. */
    void stop() {
        LongwireClient running = phone;
        if (running != null) {
            running.stop();
            phone = null;
        }
    }

    LongwireClient phone() {
        return Objects.requireNonNull(phone, "phone (expected: started)");
    }

    LongwireApp app() {
        return Objects.requireNonNull(app, "app (expected: the phone was started)");
    }

    /** The phone is on this network now. */
    void network(Network now) {
        network = now;
        phone().setNetwork(now);
    }

    /** Every new connection of the phone ends in the portal, or goes where it should again. */
    void portal(@Nullable Portal portal) {
        for (ChaosProxy way : List.of(wifi, cell)) {
            way.leadTo(portal == null ? room : portal.address());
        }
        asks.leadTo(portal == null ? dispatcher.address() : portal.address());
    }

    /** Begins to send messages at about this rate, and waits for the first. */
    Load load(double perSecond) {
        Load begun = Load.start(product, history, List.of(endpoint()), SEED, perSecond);
        load = begun;
        begun.awaitSent(5, LIMIT);
        return begun;
    }

    /** Sends one message, which the platform accepts; returns its payload. */
    String message() {
        String payload = "one-" + sent.incrementAndGet();
        assertThat(backend.send(Order.of(payload, endpoint(), payload))).isEqualTo(Backend.Outcome.ACCEPTED);
        return payload;
    }

    /** Waits until the phone's app was shown it. */
    void awaitShown(String payload, Duration limit) {
        await().atMost(limit).pollInterval(Duration.ofMillis(5)).until(() -> history.wasShown(payload));
    }

    /** What messages are sent to; asks a phone of this process for it, when nobody has told. */
    String endpoint() {
        if (endpoint.isEmpty()) {
            endpoint = Objects.requireNonNull(app().endpoint(), "endpoint (expected: registered)");
        }
        return endpoint;
    }

    void endpoint(String told) {
        endpoint = told;
    }

    /** Where its room really listens. */
    InetSocketAddress room() {
        return room;
    }

    /** Where what the phone's app says is consumed. */
    String events() {
        return SharedPlatform.oneRoom().platform().events();
    }

    Product product() {
        return product;
    }

    History history() {
        return history;
    }

    Measured row(String name) {
        return new Measured(this, name);
    }

    /** When the phone told of problems so far, by its clock. */
    List<Long> problems() {
        return problems;
    }

    /** What the phone said of its connection so far, in that order. */
    List<Seen> seen() {
        return seen;
    }

    /** The phone is a process of its own. */
    void far(FarPhone process) {
        far = process;
    }

    /** A phone in another process said this. */
    void saw(Seen status) {
        seen.add(status);
    }

    /** The phone goes into the pocket, and its clock runs so many times as fast as ours. */
    void quiet(int speed) {
        FarPhone process = far;
        if (process == null) {
            phone().setForeground(false);
        } else {
            process.speed(speed);
        }
        clock.speed(speed);
    }

    /** Connections that rooms were asked for so far. */
    long connections() {
        return wifi.accepted() + cell.accepted();
    }

    /** Bytes that went through so far, all ways, both directions. */
    long bytes() {
        long all = 0;
        for (ChaosProxy way : ways) {
            all += way.toServer().forwardedBytes() + way.toClient().forwardedBytes();
        }
        return all;
    }

    /** Ends the load, waits for what is on its way, and tells which promises were broken. */
    List<Violation> broken() {
        Load running = load;
        if (running != null) {
            running.awaitSent(5, LIMIT);
            running.stop();
        }
        return new Verdict(history, product, SEED).broken(LIMIT);
    }

    void kept(List<Violation> broken) {
        new Verdict(history, product, SEED).kept(broken);
    }

    private Receipt shown(Message message) {
        history.shown(new String(message.payload(), StandardCharsets.UTF_8), message.endpoint(), message.id());
        return Receipt.DONE;
    }

    @Override
    public void close() {
        Load running = load;
        if (running != null) {
            running.close();
        }
        stop();
        backend.close();
        asks.close();
        dispatcher.close();
        wifi.close();
        cell.close();
        clock.close();
    }

    /** Keeps what the phone says. */
    private final class Watch implements ConnectionListener {
        @Override
        public void onStatus(ConnectionStatus status) {
            seen.add(new Seen(clock.elapsedMillis(), status.state(), status.waitMillis(), status.reason()));
            LOG.info("{} ms: {}", clock.elapsedMillis(), status);
        }

        @Override
        public void onProblem(String what) {
            problems.add(clock.elapsedMillis());
            LOG.info("{} ms: {}", clock.elapsedMillis(), what);
        }
    }
}
