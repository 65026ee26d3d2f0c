package io.longwire.e2e.phone;

import io.longwire.e2e.history.History;
import io.longwire.e2e.platform.Product;
import io.longwire.keeper.clock.Clock;
import io.longwire.sdk.ConnectionListener;
import io.longwire.sdk.ConnectionStatus;
import io.longwire.sdk.LongwireApp;
import io.longwire.sdk.LongwireClient;
import io.longwire.sdk.LongwireClientBuilder;
import io.longwire.sdk.Message;
import io.longwire.sdk.MessageListener;
import io.longwire.sdk.Receipt;
import io.longwire.sdk.policy.Network;
import io.longwire.sdk.seal.PayloadCipher;
import io.longwire.sdk.share.CurrentList;
import io.longwire.sdk.share.InvalidShareListException;
import io.longwire.sdk.share.Lodging;
import io.longwire.sdk.share.Pipe;
import io.longwire.sdk.share.Sharing;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One phone and its apps, by the real SDK. Its files outlive its process: {@link #stop} and {@link #start} are a
 * reboot. Its user looks at it, so that waits are short.
 */
public final class Phone implements AutoCloseable {
    private static final int PROBLEMS = 100;

    private final Path files;
    private final List<Product> products;
    private final History history;
    private final boolean tls;
    private final Map<String, Long> shownNanos = new ConcurrentHashMap<>();
    /** By app, of every message so far; a revoke may come after a reboot. */
    private final Map<Integer, String> endpoints = new ConcurrentHashMap<>();
    private final List<Message> shown = new CopyOnWriteArrayList<>();
    private final List<String> revoked = new CopyOnWriteArrayList<>();
    private final List<String> kicks = new CopyOnWriteArrayList<>();
    private final ConcurrentLinkedQueue<String> story = new ConcurrentLinkedQueue<>();
    private final List<LongwireApp> apps = new ArrayList<>();
    private volatile @Nullable ConnectionStatus status;
    private @Nullable LongwireClient client;
    private int appVersion;
    private @Nullable PayloadCipher cipher;
    private Consumer<LongwireClientBuilder> description = builder -> {
    };
    private Network network = Network.UNTOLD;
    private @Nullable Sharers sharers;
    private @Nullable CurrentList shareList;

    /** @param tls whether it takes rooms with TLS alone */
    public Phone(Path files, History history, boolean tls, Product... products) {
        this.files = files;
        this.products = List.of(products);
        this.history = history;
        this.tls = tls;
    }

    /** What its apps say of themselves from the next start on. */
    public synchronized Phone appVersion(int version) {
        appVersion = version;
        return this;
    }

    /** What else it tells of itself from the next start on. */
    public synchronized Phone describe(Consumer<LongwireClientBuilder> tells) {
        description = tells;
        return this;
    }

    /** Its first app comes with this list of those who share the connection, from the next start on. */
    public synchronized Phone sharers(byte[] builtIn, byte[] key, String group) {
        sharers = client -> client.shareList(builtIn, key, group);
        return this;
    }

    /** The list of those who share the connection that it goes by, or last went by. */
    public synchronized CurrentList shareList() {
        return Objects.requireNonNull(shareList);
    }

    /** Where it keeps what outlives its process. */
    public Path files() {
        return files;
    }

    /** What it is connected by, from now on; where it is another network, it moves there. */
    public synchronized Phone network(Network now) {
        network = now;
        LongwireClient running = client;
        if (running != null) {
            running.setNetwork(now);
        }
        return this;
    }

    /** Its apps can be sealed for from the next start on; null = no more. */
    public synchronized Phone payloadCipher(@Nullable PayloadCipher opens) {
        cipher = opens;
        return this;
    }

    /** Starts the phone's process; it connects in the background. */
    public synchronized void start() {
        var product = products.getFirst();
        LongwireClientBuilder builder = LongwireClient.builder(files.toFile()).dispatcher(product.dispatcher())
                .foreground(true).sync(false).tlsOnly(tls).pingTimeoutMillis(3_000).askAgainAfterMillis(500)
                .appVersion(appVersion)
                .listener(new Watch());
        if (!product.caFile().isEmpty()) {
            trust(builder, product.caFile());
        }
        PayloadCipher opens = cipher;
        if (opens != null) {
            builder.payloadCipher(opens);
        }
        description.accept(builder);
        LongwireClient starting = builder.build();
        if (!network.equals(Network.UNTOLD)) {
            starting.setNetwork(network);
        }
        client = starting;
        shareList = listOf(starting);
        apps.clear();
        for (Product one : products) {
            apps.add(starting.addApp(one.appKey(), new Screen(one.appId())));
        }
        starting.start();
    }

    private @Nullable CurrentList listOf(LongwireClient starting) {
        Sharers known = sharers;
        try {
            return known == null ? null : known.of(starting);
        } catch (InvalidShareListException bad) {
            throw new IllegalArgumentException(bad);
        }
    }

    /** Ends the phone's process in order. */
    public synchronized void stop() {
        LongwireClient running = client;
        if (running != null) {
            running.stop();
            client = null;
        }
    }

    /** A reboot. */
    public void restart() {
        stop();
        start();
    }

    /** While it is off, it forgets which messages it has had. */
    public void forget() {
        try (Stream<Path> all = Files.walk(files)) {
            for (Path log : all.filter(file -> file.endsWith("messages")).toList()) {
                Files.delete(log);
            }
        } catch (IOException unwritable) {
            throw new UncheckedIOException(unwritable);
        }
    }

    /**
     * Its first app goes through the other one's connection, as apps of one phone do; null = by itself again.
     *
     * @param signedByAnother whether the other one must not read
     */
    public void lodgeAt(@Nullable Phone host, boolean signedByAnother) {
        sharing().lodgeAt(host == null ? null : new Host(host.sharing(), products.getFirst().appId(), signedByAnother));
    }

    /** Whether others can go through its connection. */
    public boolean isHosting() {
        return sharing().hostEndpoint() != 0;
    }

    /** Whether it goes through another one's connection. */
    public boolean isLodged() {
        ConnectionStatus now = status;
        return now != null && now.state() == ConnectionStatus.State.ONLINE && now.room().isEmpty();
    }

    private synchronized Sharing sharing() {
        LongwireClient running = client;
        if (running == null) {
            throw new IllegalStateException(this + ": off (expected: started)");
        }
        return running.sharing();
    }

    /** While it is off, the app's key is lost. */
    public void loseKey() {
        try {
            Files.delete(files.resolve("app-" + products.getFirst().appId()).resolve("payload-key"));
        } catch (IOException unwritable) {
            throw new UncheckedIOException(unwritable);
        }
    }

    /** Whether the user looks at it. */
    public synchronized void foreground(boolean looks) {
        LongwireClient running = client;
        if (running != null) {
            running.setForeground(looks);
        }
    }

    /** The user looks at it: a connection that died unnoticed is found by a ping. */
    public synchronized void look() {
        LongwireClient running = client;
        if (running != null) {
            running.setForeground(true);
        }
    }

    public synchronized boolean running() {
        return client != null;
    }

    /** Waits until all its apps are served. */
    public Phone awaitOnline(Duration limit) {
        long end = Clock.system().nanos() + limit.toNanos();
        for (LongwireApp app : apps()) {
            boolean online = false;
            try {
                online = app.awaitOnline(Math.max(1, (end - Clock.system().nanos()) / 1_000_000));
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
            if (!online) {
                throw new AssertionError(this + ": " + app + " is not online (expected: within " + limit + "): "
                        + story);
            }
        }
        return this;
    }

    public boolean online() {
        return apps().stream().allMatch(LongwireApp::isOnline);
    }

    /** The endpoint of its first app, known once it was online. */
    public String endpoint() {
        return endpoint(0);
    }

    /** The endpoint of one of its apps. */
    public String endpoint(int app) {
        String text = apps().get(app).endpoint();
        if (text == null) {
            throw new IllegalStateException(this + ": no endpoint (expected: registered)");
        }
        return text;
    }

    public LongwireApp app(int index) {
        return apps().get(index);
    }

    private synchronized List<LongwireApp> apps() {
        return List.copyOf(apps);
    }

    /** When an app of this phone was first shown the payload, Clock nanos; null = not yet. */
    public @Nullable Long shownAt(String payload) {
        return shownNanos.get(payload);
    }

    /** Every message its apps were shown, in that order. */
    public List<Message> shown() {
        return List.copyOf(shown);
    }

    /** Their payloads, as texts. */
    public List<String> shownTexts() {
        return shown.stream().map(message -> new String(message.payload(), StandardCharsets.UTF_8)).toList();
    }

    /** The ids of messages that were taken back from its apps, in that order. */
    public List<String> revoked() {
        return List.copyOf(revoked);
    }

    /** What it was told when sessions of its apps were ended: "CODE reason milliseconds". */
    public List<String> kicks() {
        return List.copyOf(kicks);
    }

    public @Nullable ConnectionStatus status() {
        return status;
    }

    /** Its last words, for messages of failed tests. */
    public List<String> story() {
        return List.copyOf(story);
    }

    private static void trust(LongwireClientBuilder builder, String caFile) {
        try (InputStream pem = Files.newInputStream(Path.of(caFile))) {
            builder.trust(pem);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private void tell(String line) {
        story.add(line);
        if (story.size() > PROBLEMS) {
            story.poll();
        }
    }

    @Override
    public void close() {
        stop();
    }

    @Override
    public String toString() {
        return "phone " + files.getFileName();
    }

    /** Opens the list of those who share a client's connection. */
    private interface Sharers {
        CurrentList of(LongwireClient client) throws InvalidShareListException;
    }

    /** Another phone's connection, as if it were another app of this one. */
    private record Host(Sharing host, int guestApp, boolean isSealedOnly) implements Lodging.Host {
        @Override
        public long endpoint() {
            return host.hostEndpoint();
        }

        @Override
        public @Nullable Pipe open(Lodging.Back back) {
            return endpoint() == 0 ? null : host.takeIn(guestApp, new Pipe() {
                @Override
                public boolean send(byte[] bytes) {
                    back.onBytes(bytes);
                    return true;
                }

                @Override
                public void close() {
                    back.onEnd("the host has closed");
                }
            });
        }
    }

    /** What the user sees of one app. */
    private final class Screen implements MessageListener {
        private final int appId;

        Screen(int appId) {
            this.appId = appId;
        }

        @Override
        public Receipt onMessage(Message message) {
            endpoints.put(appId, message.endpoint());
            String payload = new String(message.payload(), StandardCharsets.UTF_8);
            shownNanos.putIfAbsent(payload, Clock.system().nanos());
            shown.add(message);
            history.shown(payload, message.endpoint(), message.id());
            return Receipt.DONE;
        }

        @Override
        public void onRevoked(String messageId) {
            revoked.add(messageId);
            history.takenBack(messageId, endpoints.getOrDefault(appId, ""));
        }
    }

    /** Keeps what the SDK tells. */
    private final class Watch implements ConnectionListener {
        @Override
        public void onStatus(ConnectionStatus now) {
            status = now;
            tell(now.toString());
        }

        @Override
        public void onKicked(LongwireApp app, String code, String reason, long retryAfterMillis) {
            kicks.add(code + " " + reason + " " + retryAfterMillis);
        }

        @Override
        public void onProblem(String what) {
            tell(what);
        }
    }
}
