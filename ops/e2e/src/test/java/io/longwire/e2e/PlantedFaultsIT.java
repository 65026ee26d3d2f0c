package io.longwire.e2e;

import io.longwire.cli.platform.Platform;
import io.longwire.cli.platform.PlatformOptions;
import io.longwire.cli.platform.PlatformOptions.Testing;
import io.longwire.device.FrameType;
import io.longwire.device.id.MessageId;
import io.longwire.device.v1.Push;
import io.longwire.e2e.device.Identity;
import io.longwire.e2e.device.RawDevice;
import io.longwire.e2e.device.RoutedDispatcher;
import io.longwire.e2e.fault.FaultyPlatform;
import io.longwire.e2e.fault.PlantedFaults;
import io.longwire.e2e.fault.PlantedFaults.Fault;
import io.longwire.e2e.fault.StoreLeaks;
import io.longwire.e2e.history.History;
import io.longwire.e2e.history.HistoryChecker.Violation;
import io.longwire.e2e.history.HistoryChecker.Violation.Kind;
import io.longwire.e2e.load.Backend;
import io.longwire.e2e.load.Books;
import io.longwire.e2e.load.Load;
import io.longwire.e2e.load.Verdict;
import io.longwire.e2e.phone.Phone;
import io.longwire.e2e.phone.Phones;
import io.longwire.e2e.platform.Place;
import io.longwire.e2e.platform.PlatformProcess;
import io.longwire.e2e.platform.PlatformProcess.Setup;
import io.longwire.e2e.platform.Product;
import io.longwire.e2e.platform.SharedPlatform;
import io.longwire.testkit.chaos.ChaosProxy;
import io.longwire.testkit.chaos.Direction.Hole;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** The judge is judged: with a fault planted, the history must convict. Where it is quick, also: without it, acquit. */
class PlantedFaultsIT {
    private static final Logger LOG = LoggerFactory.getLogger(PlantedFaultsIT.class);
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final PlantedFaults FAULTS = new PlantedFaults();
    private static final Path DATA = Place.fresh("planted");

    private static Platform platform;
    private static Product product;

    private final History history = new History();

    @BeforeAll
    static void start() {
        platform = Platform.start(PlatformOptions.in(DATA).rooms(2).testing(new Testing(false, List.of(),
                List.of("all.service.session=6s", "all.service.drain=0s", "keeper.holdDown=500ms"), FAULTS)),
                LOG::info);
        product = Product.demo(platform.demoApp());
    }

    @AfterAll
    static void end() {
        platform.close();
        Place.dropStores(DATA);
    }

    @AfterEach
    void takeOut() {
        FAULTS.takeOut();
    }

    @Test
    void convictsAnAnswerBeforeTheStore() {
        try (var process = PlatformProcess.start(Setup.of("planted-ack").main(FaultyPlatform.class,
                "ack_before_store")); var phones = new Phones("planted-ack-phones", history)) {
            phones.online(4, process.product(), LIMIT);
            phones.all().forEach(Phone::stop); // who is online is shown the message in time even so
            try (var load = Load.start(process.product(), history, phones.endpoints(), 31, 100)) {
                load.awaitSent(150, LIMIT);
                process.kill9();
                process.restart();
                phones.comeBack(Duration.ofSeconds(3), LIMIT);
                load.stop();
            }
            assertThat(new Verdict(history, process.product(), 31).broken(Duration.ofSeconds(4)))
                    .extracting(Violation::kind).contains(Kind.LOST);
        }
    }

    @Test
    void acquitsWhoComparesAndConvictsAnUnconditionalOffline() {
        assertThat(moveThenSend("compared")).isEmpty();

        FAULTS.plant(Fault.UNCONDITIONAL_OFFLINE);
        assertThat(moveThenSend("not compared")).extracting(Violation::kind).containsExactly(Kind.LOST);
    }

    /** A phone moves from one room to the other, whose session the farewell of the first must leave alone. */
    private List<Violation> moveThenSend(String payload) {
        var own = new History();
        Identity identity = Identity.register(product);
        var roomA = SharedPlatform.listener(platform.rooms().get(0), "tcp");
        var roomB = SharedPlatform.listener(platform.rooms().get(1), "tcp");
        try (RawDevice old = RawDevice.loggedIn(roomA, identity.binding(1000));
                RawDevice fresh = RawDevice.loggedIn(roomB, identity.binding(2000, 1000));
                var backend = new Backend(product, own);
                var center = product.backend()) {
            old.await(FrameType.KICK);
            if (payload.startsWith("not")) {
                await().atMost(LIMIT).until(
                        () -> center.endpoint(identity.endpoint()).text("state").equals("offline"));
            }
            backend.send(payload, identity.endpoint(), "");
            fresh.pushWithin(Duration.ofSeconds(5)).map(Push::getPayload)
                    .ifPresent(bytes -> own.shown(bytes.toStringUtf8(), identity.endpoint()));
            return new Verdict(own, product, 0).broken(Duration.ZERO);
        }
    }

    @Test
    void acquitsAPhoneThatRemembersAndConvictsOneThatForgets() {
        assertThat(showThenLoseTheAck(true)).isEmpty();
        assertThat(showThenLoseTheAck(false)).extracting(Violation::kind).containsExactly(Kind.SHOWN_TWICE);
    }

    /** A message is shown, its ack lost, the phone restarted. */
    private List<Violation> showThenLoseTheAck(boolean remembers) {
        var own = new History();
        try (var proxy = ChaosProxy.to(SharedPlatform.listener(platform.rooms().get(0), "tcp"), 1);
                var dispatcher = new RoutedDispatcher(product.dispatcher(), List.of(proxy.address()));
                var phones = new Phones("planted-phones-" + remembers, own);
                var backend = new Backend(product, own)) {
            Phone phone = phones.online(1, product.through(dispatcher.url()), LIMIT).all().getFirst();
            proxy.toServer().blackHole(Hole.DISCARD);
            backend.send("once", phone.endpoint(), "");
            await().atMost(LIMIT).until(() -> own.wasShown("once"));
            phone.stop();
            if (!remembers) {
                phone.forget();
            }
            proxy.reset();
            proxy.heal();
            backend.send("after", phone.endpoint(), "");
            phone.start();
            await().atMost(LIMIT).until(() -> own.wasShown("after"));
            return new Verdict(own, product, 0).broken(LIMIT);
        }
    }

    @Test
    void auditsRightUntilAnEndWasNotWritten() {
        Product own = product.another("dropped-ack");
        Identity phone = Identity.register(own);
        try (var device = RawDevice.loggedIn(SharedPlatform.listener(platform.rooms().get(0), "tcp"),
                phone.binding(1000)); var backend = new Backend(own, history); var center = own.backend()) {
            backend.send("ended", phone.endpoint(), "");
            device.ack(device.awaitPush());
            String id = history.id("ended");
            await().atMost(LIMIT).until(() -> center.state(id, phone.endpoint()).equals("acked"));
            Books.awaitRight(own, LIMIT);

            leaks().dropAck(phone.endpointId(), MessageId.parse(id));

            assertThat(Books.audit(own)).isEqualTo(1);
        }
    }

    @Test
    void auditsRightUntilAnInboxForgetsWithoutAReason() {
        Product own = product.another("skipped-reason");
        Identity phone = Identity.register(own);
        try (var backend = new Backend(own, history)) {
            backend.send("waits", phone.endpoint(), "");
            Books.awaitRight(own, LIMIT);

            leaks().skipReason(phone.endpointId(), MessageId.parse(history.id("waits")));

            assertThat(Books.audit(own)).isEqualTo(1);
        }
    }

    private static StoreLeaks leaks() {
        try {
            return new StoreLeaks(platform.stores(), Files.readString(DATA.resolve("mysql-password")).strip());
        } catch (IOException gone) {
            throw new UncheckedIOException(gone);
        }
    }

    @Test
    @Tag("full")
    void acquitsTheDueSetAndConvictsItsAbsence() {
        FAULTS.plant(Fault.NO_LOOKUP);
        assertThat(sendToOneWhoStays("found by the due set", LIMIT)).isEmpty();

        FAULTS.plant(Fault.DUE_SET_OFF);
        assertThat(sendToOneWhoStays("found by nobody", LIMIT)).extracting(Violation::kind)
                .containsExactly(Kind.LOST);
    }

    private List<Violation> sendToOneWhoStays(String payload, Duration limit) {
        var own = new History();
        try (var phones = new Phones("planted-due", own); var backend = new Backend(product, own)) {
            Phone phone = phones.online(1, product, LIMIT).all().getFirst();
            backend.send(payload, phone.endpoint(), "");
            return new Verdict(own, product, 0).broken(limit);
        }
    }
}
