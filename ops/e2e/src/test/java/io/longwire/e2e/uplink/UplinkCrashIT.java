package io.longwire.e2e.uplink;

import io.longwire.coordinator.client.consume.ConsumerOptions;
import io.longwire.coordinator.client.consume.PresenceView;
import io.longwire.device.id.EndpointId;
import io.longwire.e2e.history.History;
import io.longwire.e2e.phone.Phone;
import io.longwire.e2e.phone.Phones;
import io.longwire.e2e.platform.PartProcesses;
import io.longwire.e2e.platform.Place;
import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.service.Service;
import io.longwire.register.client.Lookup;
import io.longwire.register.client.RegisterClient;
import io.longwire.rpc.coordinator.ChannelInfo;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

/**
 * Hundreds of phones by the real SDK say a thousand things a second while everything on their way dies by SIGKILL: a
 * coordinator, both, a room, the pulling consumer, the coordinators' Redis with its append-only file. Every part is a
 * process. Each uplink that a phone was told of comes to both channels, under one event id; what was confirmed as
 * finished never comes again; and who is online, as the product sees it, is what the register says. A machine that has
 * other work may need fewer phones, a lower rate and more time: {@code -Dlongwire.crash.phones}, {@code rate}, {@code
 * healed} (seconds).
 */
@Tag("full")
class UplinkCrashIT {
    private static final Logger LOG = LoggerFactory.getLogger(UplinkCrashIT.class);
    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    /** From everything being there again until the product sees who is online. */
    private static final Duration HEALED = Duration.ofSeconds(Integer.getInteger("longwire.crash.healed", 10));
    private static final int PHONES = Integer.getInteger("longwire.crash.phones", 200);
    private static final int PER_SECOND = Integer.getInteger("longwire.crash.rate", 1_000);
    private static final String TYPE = "order";
    private static final String PULLED = "pulled";
    private static final String POLLED = "polled";

    private final PartProcesses parts = new PartProcesses("uplink-parts", 2, 1, 2);
    private final UplinkBooks books = new UplinkBooks();
    private final Phones phones = new Phones("uplink-phones", new History());
    private final Service observer = parts.observer();
    private final RegisterClient register = new RegisterClient(observer.rpc(), observer.cluster(), observer.clock(),
            observer.metrics());
    private final List<String> coordinators = List.of(parts.events(0), parts.events(1));

    @AfterEach
    void end() {
        phones.close();
        register.close();
        observer.close();
        parts.close();
    }

    @Test
    void eachUplinkComesOnceAndPresenceIsRightWhateverDies() {
        phones.online(PHONES, parts.product(), LIMIT);
        String key = parts.product().apiKey();
        try (var view = PresenceView.start(ConsumerOptions.of(coordinators, key, PresenceView.TYPE, "view"), news -> {
        });
                var consumer = new ConsumerProcess(Place.fresh("uplink-consumer"), String.join(",", coordinators), key,
                        TYPE, PULLED, books);
                var reader = new ConfirmingReader(coordinators, key, TYPE, POLLED, books);
                var load = speak(reader)) {
            load.awaitSent(3 * PER_SECOND, LIMIT);
            await().atMost(LIMIT).until(() -> view.ready().isDone());
            awaitHealed(view, "nothing died");

            parts.kill9("coordinator-1");
            load.awaitSent(8 * PER_SECOND, LIMIT);
            parts.restart("coordinator-1");
            awaitHealed(view, "coordinator-1 was killed");

            consumer.kill9();
            load.awaitSent(3 * PER_SECOND, LIMIT);
            consumer.restart(LIMIT);

            parts.kill9("room-1");
            load.awaitSent(5 * PER_SECOND, LIMIT);
            parts.restart("room-1");
            awaitHealed(view, "room-1 was killed");

            parts.events().kill();
            load.awaitSent(3 * PER_SECOND, LIMIT);
            parts.events().restart();
            awaitHealed(view, "the coordinators' Redis was killed");

            parts.kill9("coordinator-1");
            parts.kill9("coordinator-2");
            consumer.kill9();
            load.awaitSent(3 * PER_SECOND, LIMIT);
            parts.restart("coordinator-1");
            parts.restart("coordinator-2");
            consumer.restart(LIMIT);
            awaitHealed(view, "both coordinators and the consumer were killed");

            load.stop();
            LOG.info("{} uplinks at {}/s", load.sent(), Math.round(load.rate()));
            awaitAll(consumer, reader);
            assertThat(books.verdict()).isEmpty();
            assertThat(books.durable()).as("of %d", load.sent()).isGreaterThan(load.sent() / 2);
            assertThat(consumer.redelivered()).as("what the dead consumer had in flight").isPositive();
            LOG.info("{} durable; given again: {} pulled, {} polled", books.durable(), consumer.redelivered(),
                    reader.redelivered());

            nothingComesBack(consumer, reader, load);
        }
    }

    // Once both channels are there: one that is not the first of its type begins with what comes from then on.
    private UplinkLoad speak(ConfirmingReader reader) {
        await().atMost(LIMIT).ignoreExceptions().until(() -> reader.books().size() == 2);
        return new UplinkLoad(phones.all(), TYPE, PER_SECOND, books);
    }

    // Every process on the way is another one, and Redis has read its file: what is finished stays finished.
    private void nothingComesBack(ConsumerProcess consumer, ConfirmingReader reader, UplinkLoad load) {
        books.allFinished(PULLED);
        books.allFinished(POLLED);
        parts.kill9("coordinator-1");
        parts.kill9("coordinator-2");
        parts.events().kill();
        parts.events().restart();
        parts.restart("coordinator-1");
        parts.restart("coordinator-2");
        phones.comeBack(PATIENCE, LIMIT);
        for (int i = 0; i < PHONES; i++) {
            load.say(phones.all().get(i), "afterwards " + i);
        }
        awaitAll(consumer, reader);
        assertThat(books.verdict()).isEmpty();
    }

    // All phones have been told, both channels have given all, and their books are empty.
    private void awaitAll(ConsumerProcess consumer, ConfirmingReader reader) {
        await().atMost(LIMIT).untilAsserted(() -> assertThat(books.unsettled()).as("on their way").isZero());
        await().atMost(LIMIT).untilAsserted(() -> {
            consumer.look();
            assertThat(books.missing(PULLED)).as("not pulled of %d", books.durable()).isZero();
            assertThat(books.missing(POLLED)).as("not polled of %d", books.durable()).isZero();
        });
        await().atMost(LIMIT).ignoreExceptions().untilAsserted(() -> assertThat(reader.books())
                .extracting(ChannelInfo::getChannel, UplinkCrashIT::left)
                .containsExactlyInAnyOrder(tuple(PULLED, 0L), tuple(POLLED, 0L)));
        consumer.look();
    }

    private static long left(ChannelInfo info) {
        return info.getDepth() + info.getInFlight() + info.getDelayed() + info.getDead();
    }

    // Healed: every part serves and every phone is online.
    private void awaitHealed(PresenceView view, String after) {
        phones.comeBack(PATIENCE, LIMIT);
        long began = Clock.system().nanos();
        await().atMost(HEALED).pollInterval(Duration.ofMillis(200)).untilAsserted(() -> {
            Map<String, PresenceView.Online> registered = registered();
            Map<String, PresenceView.Online> seen = view.online();
            var differ = new HashSet<>(registered.entrySet());
            differ.removeAll(seen.entrySet());
            assertThat(differ).as("registered and not seen so, of %d; %s", registered.size(), after).isEmpty();
            assertThat(seen.keySet()).as(after).isEqualTo(registered.keySet());
        });
        assertThat(registered()).as("online after " + after).hasSize(PHONES);
        LOG.info("{}: the view was right {} ms after healing", after, (Clock.system().nanos() - began) / 1_000_000);
    }

    private Map<String, PresenceView.Online> registered() {
        var ids = new EndpointId(observer.secrets().get().endpointTagKey());
        var asked = new HashMap<String, CompletableFuture<Lookup>>();
        for (Phone phone : phones.all()) {
            String endpoint = phone.endpoint();
            asked.put(endpoint, register.lookupAll(ids.parse(parts.product().appId(), endpoint)));
        }
        var found = new HashMap<String, PresenceView.Online>();
        asked.forEach((endpoint, answer) -> {
            if (answer.join() instanceof Lookup.Online online) {
                found.put(endpoint, new PresenceView.Online(online.session().connSeq(),
                        online.session().roomIncarnation()));
            }
        });
        return found;
    }
}
