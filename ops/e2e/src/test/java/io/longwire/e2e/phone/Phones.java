package io.longwire.e2e.phone;

import io.longwire.e2e.history.History;
import io.longwire.e2e.platform.Place;
import io.longwire.e2e.platform.Product;
import io.longwire.keeper.clock.Clock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The phones of one test, in a directory of its own. */
public final class Phones implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Phones.class);

    private final Path root;
    private final History history;
    private final List<Phone> all = new ArrayList<>();

    public Phones(String name, History history) {
        this.root = Place.fresh(name);
        this.history = history;
    }

    /** A new phone with these apps, the first of which holds the connection; not started. */
    public Phone add(Product... products) {
        return add(false, products);
    }

    /** A new phone that takes TLS alone. */
    public Phone addTls(Product... products) {
        return add(true, products);
    }

    private Phone add(boolean tls, Product... products) {
        var phone = new Phone(root.resolve("phone-" + all.size()), history, tls, products);
        all.add(phone);
        return phone;
    }

    /** So many phones with the app, started and online. */
    public Phones online(int count, Product product, Duration limit) {
        for (int i = 0; i < count; i++) {
            add(product).start();
        }
        all.forEach(phone -> phone.awaitOnline(limit));
        return this;
    }

    public List<Phone> all() {
        return List.copyOf(all);
    }

    /** Endpoints of the phones' first apps. */
    public List<String> endpoints() {
        return all.stream().map(Phone::endpoint).toList();
    }

    /** The user takes every phone into the hand that is not served, and restarts it. Waits for nothing. */
    public void wake() {
        for (Phone phone : all) {
            if (!phone.running()) {
                phone.start();
            } else if (!phone.online()) {
                phone.restart();
            }
        }
    }

    /** The user looks at every phone. */
    public void look() {
        all.forEach(Phone::look);
    }

    /**
     * The platform is back: phones that have grown patient while it was away are taken into the hand, which is a
     * restart; the others come by themselves.
     */
    public void comeBack(Duration patience, Duration limit) {
        for (Phone phone : all) {
            if (!phone.running()) {
                phone.start();
            }
            phone.look();
        }
        for (int i = 0; i < all.size(); i++) {
            Phone phone = all.get(i);
            try {
                phone.awaitOnline(i == 0 ? patience : Duration.ofMillis(1));
            } catch (AssertionError patient) {
                phone.restart();
            }
        }
        long began = Clock.system().nanos();
        for (Phone phone : all) {
            phone.awaitOnline(limit);
        }
        LOG.info("phones were back {} ms after the user's patience", (Clock.system().nanos() - began) / 1_000_000);
    }

    @Override
    public void close() {
        all.forEach(Phone::close);
    }
}
