package io.longwire.e2e;

import io.longwire.cli.platform.Platform;
import io.longwire.cli.platform.PlatformStores;
import io.longwire.e2e.history.History;
import io.longwire.e2e.load.Books;
import io.longwire.e2e.load.Load;
import io.longwire.e2e.load.Verdict;
import io.longwire.e2e.phone.Phone;
import io.longwire.e2e.phone.Phones;
import io.longwire.e2e.platform.Product;
import io.longwire.e2e.platform.SharedPlatform;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Redis loses everything, MariaDB dies, ZooKeeper and keeper go away, all under load: what was accepted is shown once,
 * and no phone that was connected is dropped for it.
 */
class StoresLostIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int PHONES = 10;
    private static final double PER_SECOND = 100;

    private final SharedPlatform shared = SharedPlatform.get();
    private final Platform platform = shared.platform();
    private final PlatformStores stores = platform.stores();
    private final Product product = shared.app();
    private final History history = new History();
    private final Phones phones = new Phones("stores-lost", history);

    @AfterEach
    void end() {
        phones.close();
    }

    @Test
    void losesNothingWhenRedisIsWiped() {
        // Two are away, so that their messages are nowhere but in the stores.
        phones.online(PHONES, product, LIMIT);
        var away = phones.all().subList(0, 2);
        try (var load = Load.start(product, history, phones.endpoints(), 11, PER_SECOND)) {
            away.forEach(Phone::stop);
            load.awaitSent(150, LIMIT);
            stores.redis().wipe();
            load.awaitSent(150, LIMIT);
            stores.redis().kill();
            load.awaitSent(50, LIMIT);
            stores.redis().restart();
            load.awaitSent(50, LIMIT);
            load.stop();
            away.forEach(Phone::start);
            judge(load, 11);
        }
    }

    @Test
    void losesNothingWhenMariaDbIsKilled() {
        phones.online(PHONES, product, LIMIT);
        try (var load = Load.start(product, history, phones.endpoints(), 12, PER_SECOND)) {
            for (int i = 0; i < 2; i++) {
                load.awaitSent(100, LIMIT);
                stores.mariadb().kill();
                load.awaitSent(8, LIMIT); // into the dark: nothing can be accepted
                stores.mariadb().restart();
            }
            load.awaitSent(100, LIMIT);
            load.stop();
            judge(load, 12);
        }
    }

    @Test
    void goesOnWithoutZooKeeperAndKeeper() {
        phones.online(PHONES, product, LIMIT);
        try (var load = Load.start(product, history, phones.endpoints(), 13, PER_SECOND)) {
            load.awaitSent(50, LIMIT);
            leaveAlone();
            try {
                long before = history.acceptedCount();
                load.awaitSent(800, LIMIT); // longer than every session
                assertThat(history.acceptedCount()).as("accepted without ZooKeeper").isGreaterThan(before + 700);
            } finally {
                comeBack();
            }
            load.awaitSent(100, LIMIT);
            load.stop();
            judge(load, 13);
        }
    }

    @Test
    @Tag("full")
    void goesOnTenMinutesWithoutZooKeeperAndKeeper() {
        int calm = 20; // a second
        int sent = calm * (int) Duration.ofMinutes(10).toSeconds();
        phones.online(PHONES, product, LIMIT);
        try (var load = Load.start(product, history, phones.endpoints(), 14, calm)) {
            load.awaitSent(50, LIMIT);
            leaveAlone();
            try {
                long before = history.acceptedCount();
                load.awaitSent(sent, Duration.ofMinutes(15));
                assertThat(history.acceptedCount()).as("accepted without ZooKeeper").isGreaterThan(before + sent * 9L
                        / 10);
            } finally {
                comeBack();
            }
            load.awaitSent(100, LIMIT);
            load.stop();
            judge(load, 14);
        }
    }

    // Neither maps nor configuration, nor anybody who would publish them.
    private void leaveAlone() {
        platform.stopKeeper();
        stores.zookeeper().stop();
    }

    private void comeBack() {
        stores.zookeeper().restart();
        platform.startKeeper();
        shared.awaitWhole(LIMIT);
    }

    private void judge(Load load, long seed) {
        new Verdict(history, product, seed).kept(LIMIT);
        assertThat(phones.all()).as("phones served").allMatch(Phone::online);
        try (var books = new Books(platform.center())) {
            books.balanceBeside(load.unanswered(), product.appId(), history.acceptedCount(), LIMIT);
        }
    }
}
