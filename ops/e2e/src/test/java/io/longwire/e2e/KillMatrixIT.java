package io.longwire.e2e;

import io.longwire.e2e.history.History;
import io.longwire.e2e.load.Backend;
import io.longwire.e2e.load.Books;
import io.longwire.e2e.load.Gone;
import io.longwire.e2e.load.Load;
import io.longwire.e2e.load.Tally;
import io.longwire.e2e.load.Verdict;
import io.longwire.e2e.phone.Phone;
import io.longwire.e2e.phone.Phones;
import io.longwire.e2e.platform.PartProcesses;
import io.longwire.e2e.platform.PlatformProcess;
import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.service.Service;
import io.longwire.rpc.saver.How;
import io.longwire.testkit.process.JavaProcess;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Every part is a process, and each of them dies: at any moment, at every named point, or as a zombie. What was
 * accepted
 * is shown once.
 */
@Tag("full")
class KillMatrixIT {
    private static final Logger LOG = LoggerFactory.getLogger(KillMatrixIT.class);
    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int PHONES = 10;
    private static final double PER_SECOND = 100;
    /** Above the session time-out of the parts. */
    private static final Duration FROZEN = Duration.ofSeconds(9);

    /** Orders of which a kind is missing by chance once in a million times. */
    private static final int ENOUGH = 800;
    private static final Tally SENT = new Tally();

    private static PartProcesses parts;
    private static Service observer;
    private static Books books;
    private static List<String> gone;
    private static long accepted;

    private final History history = new History();
    private final Phones phones = new Phones("matrix-phones", history);

    @BeforeAll
    static void start() {
        parts = new PartProcesses("matrix");
        observer = parts.observer();
        books = new Books(observer);
        gone = Gone.endpoints(parts.product(), Gone.MANY);
    }

    @AfterAll
    static void end() {
        books.close();
        observer.close();
        parts.close();
        LOG.info("all runs: {}", SENT);
        if (SENT.orders() >= ENOUGH) { // a single run may be too short for a kind that is one in fifty
            assertThat(SENT.missing()).as("of %s", SENT).isEmpty();
        }
    }

    @AfterEach
    void leave() {
        phones.close();
        parts.restartDead();
    }

    @ParameterizedTest
    @ValueSource(strings = {"keeper", "register-1", "register-2", "saver-1", "saver-2", "room-1", "room-2", "center",
            "dispatcher"})
    void losesNothingWhenAPartIsKilledUnderLoad(String part) {
        long seed = part.hashCode();
        phones.online(PHONES, parts.product(), LIMIT);
        try (var load = Load.mixed(parts.product(), history, phones.endpoints(), gone, seed, PER_SECOND)) {
            for (int kill = 0; kill < 2; kill++) {
                load.awaitSent(100 + new SplittableRandom(seed + kill).nextInt(100), LIMIT);
                parts.kill9(part);
                load.awaitSent(30, LIMIT);
                parts.restart(part);
            }
            load.awaitSent(50, LIMIT);
            load.stop();
            judge(load, seed);
        }
    }

    @ParameterizedTest
    @CsvSource({"saver-1, saver.idem-inserted", "saver-1, saver.ledger-committed", "saver-1, saver.appended",
            "saver-1, saver.end-logged", "saver-1, saver.before-hdel", "center, center.stored",
            "center, center.before-lookup", "center, center.before-push", "room-1, room.first-put-acked",
            "room-1, room.before-fetch", "room-1, room.pushed"})
    void losesNothingWhenAPartHaltsAt(String part, String point) {
        long seed = point.hashCode();
        var random = new SplittableRandom(seed);
        phones.online(PHONES, parts.product(), LIMIT);
        try (var load = Load.mixed(parts.product(), history, phones.endpoints(), gone, seed, PER_SECOND)) {
            parts.kill9(part);
            if (part.equals("room-1")) {
                parts.kill9("room-2"); // so that the phones are where the point is
            }
            parts.restart(part, point + ":" + (1 + random.nextInt(part.startsWith("room") ? 3 : 30)));
            awaitHalt(part);
            load.awaitSent(50, LIMIT);
            parts.restart(part);
            load.awaitSent(50, LIMIT);
            load.stop();
            judge(load, seed);
        }
    }

    /** COLD is marked only when Redis does not confirm, so Redis is away then. */
    @Test
    void losesNothingWhenASaverHaltsAfterAColdMark() {
        phones.online(PHONES, parts.product(), LIMIT);
        try (var load = Load.mixed(parts.product(), history, phones.endpoints(), gone, 51, PER_SECOND)) {
            parts.kill9("saver-1");
            parts.restart("saver-1", "saver.cold-marked:2");
            load.awaitSent(50, LIMIT);
            parts.redis().kill();
            awaitHalt("saver-1");
            parts.restart("saver-1");
            parts.redis().restart();
            load.awaitSent(50, LIMIT);
            load.stop();
            judge(load, 51);
        }
    }

    @Test
    void deliversWithinHalfAMinuteWhatACenterStoredAndNeverLookedUp() {
        Phone phone = phones.online(1, parts.product(), LIMIT).all().getFirst();
        parts.kill9("center");
        parts.restart("center", "center.before-lookup:1");
        int before = phone.story().size();
        try (var backend = new Backend(parts.product(), history)) {
            backend.send("stored, not looked up", phone.endpoint(), "");
            parts.process("center").awaitExit(LIMIT);
            long began = Clock.system().nanos();
            await().atMost(Duration.ofSeconds(30)).until(() -> history.wasShown("stored, not looked up"));
            assertThat(Clock.system().nanos() - began).isPositive();
            assertThat(phone.story().subList(before, phone.story().size())).as("no reconnect").isEmpty();
        }
    }

    /** Frozen beyond its session: others take its place; thawed, it must not speak for itself any more. */
    @ParameterizedTest
    @ValueSource(strings = {"register-1", "saver-1", "room-1", "center"})
    void losesNothingWhenAPartBecomesAZombie(String part) {
        long seed = ~part.hashCode();
        phones.online(PHONES, parts.product(), LIMIT);
        try (var load = Load.mixed(parts.product(), history, phones.endpoints(), gone, seed, PER_SECOND)) {
            load.awaitSent(50, LIMIT);
            JavaProcess zombie = parts.process(part);
            zombie.freeze();
            LockSupport.parkNanos(FROZEN.toNanos());
            zombie.thaw();
            load.awaitSent(150, LIMIT);
            load.stop();
            judge(load, seed);
        }
    }

    @Test
    void losesNothingWhenRedisIsWipedUnderLoad() {
        phones.online(PHONES, parts.product(), LIMIT);
        try (var load = Load.mixed(parts.product(), history, phones.endpoints(), gone, 52, PER_SECOND)) {
            phones.all().getFirst().stop();
            load.awaitSent(150, LIMIT);
            parts.redis().wipe();
            load.awaitSent(150, LIMIT);
            load.stop();
            judge(load, 52);
        }
    }

    @Test
    void losesNothingWhenMariaDbIsKilledUnderLoad() {
        phones.online(PHONES, parts.product(), LIMIT);
        try (var load = Load.mixed(parts.product(), history, phones.endpoints(), gone, 53, PER_SECOND)) {
            load.awaitSent(100, LIMIT);
            parts.database().server().kill();
            load.awaitSent(8, LIMIT);
            parts.database().server().restart();
            load.awaitSent(100, LIMIT);
            load.stop();
            judge(load, 53);
        }
    }

    private void awaitHalt(String part) {
        long end = Clock.system().nanos() + LIMIT.toNanos();
        while (parts.process(part).alive() && Clock.system().nanos() - end < 0) {
            phones.wake(); // logins, without which some points are never passed
            LockSupport.parkNanos(1_000_000_000L);
        }
        assertThat(parts.process(part).awaitExit(Duration.ofSeconds(1))).isEqualTo(PlatformProcess.KILLED);
    }

    private void judge(Load load, long seed) {
        parts.restartDead();
        phones.comeBack(PATIENCE, LIMIT);
        new Verdict(history, parts.product(), seed).of(load.tally()).kept(LIMIT);
        SENT.add(load.tally());
        accepted += history.acceptedCount();
        books.balance(parts.product().appId(), accepted, LIMIT, How.ACKED, How.COLLAPSED, How.CANCELLED);
        Books.awaitRight(parts.product(), LIMIT);
    }
}
