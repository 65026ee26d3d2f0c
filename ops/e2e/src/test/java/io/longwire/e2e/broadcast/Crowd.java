package io.longwire.e2e.broadcast;

import io.longwire.e2e.history.History;
import io.longwire.e2e.phone.Phone;
import io.longwire.e2e.phone.Phones;
import io.longwire.e2e.platform.Product;
import io.longwire.e2e.platform.SharedPlatform;
import io.longwire.e2e.rest.Rest;
import java.time.Duration;
import java.util.Collection;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** An app of the shared platform with many phones. For one test. */
final class Crowd implements AutoCloseable {
    static final Duration LIMIT = Duration.ofSeconds(60);

    final Product product = SharedPlatform.get().app();
    final Rest rest = product.backend();
    private final Phones phones;

    Crowd(String name) {
        this.phones = new Phones(name, new History());
    }

    /** So many phones, online. */
    List<Phone> online(int count) {
        return phones.online(count, product, LIMIT).all();
    }

    /** A phone that is not started. */
    Phone add() {
        return phones.add(product);
    }

    /** How many of them were shown this text. */
    static long reached(Collection<Phone> some, String text) {
        return some.stream().filter(phone -> phone.shownTexts().contains(text)).count();
    }

    /** Waits until so many were shown it. */
    static void awaitReached(Collection<Phone> some, String text, int count) {
        await().atMost(LIMIT).pollInterval(Duration.ofMillis(50)).untilAsserted(
                () -> assertThat(reached(some, text)).as("phones that were shown " + text).isEqualTo(count));
    }

    /** Each was shown it, and once. */
    static void awaitOnceEach(Collection<Phone> some, String text) {
        awaitReached(some, text, some.size());
        for (Phone phone : some) {
            assertThat(phone.shownTexts()).as(phone.toString()).containsOnlyOnce(text);
        }
    }

    @Override
    public void close() {
        phones.close();
        rest.close();
    }
}
