package io.longwire.cli.demo;

import io.longwire.center.client.LongwireBackend;
import io.longwire.center.client.Message;
import io.longwire.center.client.Timeline;
import io.longwire.center.client.admin.App;
import io.longwire.center.client.admin.AppSettings;
import io.longwire.center.client.admin.NewKey;
import io.longwire.cli.platform.Platform;
import io.longwire.cli.product.TimelineWatch;
import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.service.StartFailure;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The story: a product with two apps; Ann's phone with one app, Ben's with both on one connection, Cleo's that is
 * off when
 * its message is sent. Every line of a message's timeline is told as it happens. Runs on the main thread.
 */
final class Show implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final PrintWriter out;
    private final Platform platform;
    private final Path home;
    private final LongwireBackend operator;
    private final Deque<AutoCloseable> owned = new ArrayDeque<>();
    private String invitation = "";

    Show(Platform platform, Path home, PrintWriter out) {
        this.platform = platform;
        this.home = home;
        this.out = out;
        this.operator = own(LongwireBackend.connect(platform.api(), platform.adminKey()));
    }

    void run() {
        App news = app("news");
        App chat = app("chat");
        String newsKey = key(news);
        LongwireBackend newsBackend = own(LongwireBackend.connect(platform.api(), newsKey));
        LongwireBackend chatBackend = own(LongwireBackend.connect(platform.api(), key(chat)));
        say("Two apps are created: news, chat. Three phones come:");
        DemoPhone ann = phone("Ann's phone ", List.of(news.appKey()));
        DemoPhone ben = phone("Ben's phone ", List.of(news.appKey(), chat.appKey()));
        DemoPhone cleo = phone("Cleo's phone", List.of(news.appKey()));
        cleo.goAway();

        say("Online: the message is stored, then pushed, then acked.");
        send(newsBackend, ann.endpoint(0), "hello Ann");
        send(newsBackend, ben.endpoint(0), "hello Ben, from news");
        send(chatBackend, ben.endpoint(1), "hello Ben, from chat");

        say("Offline: the message waits, and says why.");
        offline(newsBackend, cleo);
        invitation = "curl -H 'Authorization: Bearer " + newsKey + "' " + platform.api()
                + "/v1/messages -d '{\"to\":{\"endpoint\":\"" + ann.endpoint(0) + "\"},\"payload\":\"aGk=\"}'";
    }

    /** What to try by hand while the demo stays up. */
    void invite() {
        say("The platform stays up until Ctrl-C. Send Ann another one:");
        out.println("  " + invitation);
        out.println("and ask where it is: the same with " + platform.api()
                + "/v1/messages/MESSAGE_ID/endpoints/ENDPOINT and no -d. The API page: " + platform.api() + "/docs");
        out.println("The console: " + platform.console() + " (admin, password " + platform.consolePassword() + ")");
    }

    private App app(String name) {
        return operator.admin().createApp(name, AppSettings.NONE).await();
    }

    private String key(App app) {
        return operator.admin().createKey(NewKey.of(app.appId(), "demo")).await().secret();
    }

    private static String message(LongwireBackend backend, String endpoint, String text) {
        return backend.send(Message.to(endpoint).payload(text).ttl(Duration.ofHours(1))).await().messageId();
    }

    private void send(LongwireBackend backend, String endpoint, String text) {
        String id = message(backend, endpoint, text);
        arrived(TimelineWatch.follow(backend, id, endpoint, PATIENCE, this::line));
    }

    private void offline(LongwireBackend backend, DemoPhone phone) {
        String endpoint = phone.endpoint(0);
        awaitOffline(backend, endpoint);
        String id = message(backend, endpoint, "hello Cleo");
        Set<String> told = new HashSet<>();
        Timeline waiting = TimelineWatch.follow(backend, id, endpoint, Duration.ofMillis(300), told, this::line);
        line(waiting.state() + ": " + waiting.why());
        phone.comeBack();
        arrived(TimelineWatch.follow(backend, id, endpoint, PATIENCE, told, this::line));
    }

    private static void awaitOffline(LongwireBackend backend, String endpoint) {
        Clock clock = Clock.system();
        long end = clock.nanos() + PATIENCE.toNanos();
        while (!backend.endpoints().state(endpoint).await().state().equals("offline")) {
            if (clock.nanos() - end > 0) {
                throw new StartFailure("endpoint " + endpoint + ": still not offline", null);
            }
            java.util.concurrent.locks.LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
        }
    }

    private void arrived(Timeline timeline) {
        if (!timeline.state().equals("acked")) {
            throw new StartFailure("message " + timeline.messageId() + ": " + timeline.state() + ", " + timeline.why()
                    + " (expected: acked)", null);
        }
    }

    private DemoPhone phone(String name, List<String> appKeys) {
        return own(new DemoPhone(name, home.resolve("phones").resolve(name.strip().replaceAll("\\W+", "-")),
                platform.dispatcher(), appKeys, this::line));
    }

    private <T extends AutoCloseable> T own(T part) {
        owned.push(part);
        return part;
    }

    private void say(String text) {
        out.println();
        out.println(text);
    }

    private void line(String text) {
        out.println("  " + text);
    }

    @Override
    public void close() {
        while (!owned.isEmpty()) {
            try {
                owned.pop().close();
            } catch (Exception late) {
                throw new StartFailure("closing: " + late.getMessage(), late);
            }
        }
    }
}
