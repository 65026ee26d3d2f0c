package io.longwire.e2e.broadcast;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.longwire.bench.endpoint.BenchEndpoint;
import io.longwire.bench.endpoint.EndpointRegistration;
import io.longwire.cli.LongwireCli;
import io.longwire.e2e.history.History;
import io.longwire.e2e.phone.Phone;
import io.longwire.e2e.phone.Phones;
import io.longwire.e2e.platform.PartProcesses;
import io.longwire.e2e.platform.Place;
import io.longwire.e2e.rest.Rest;
import io.longwire.testkit.stores.Stores.Database;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A broadcast to a list while its centers are killed in its middle, one of them, then all, and a pause in between;
 * every part a process. Each endpoint of the list has one message in the ledger, and each phone shows it once.
 */
@Tag("full")
class ListCrashIT {
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final int PHONES = 40;
    private static final int REGISTERED = 2_000; // without a phone: what is sent to them waits
    private static final int ALL = PHONES + REGISTERED;
    private static final long SEED = 4;
    private static final String TEXT = "to a list";

    private final PartProcesses parts = new PartProcesses("list-parts", 2, 3);
    private final Phones phones = new Phones("list-phones", new History());
    private final Rest center = new Rest(parts.api(0), parts.product().apiKey());
    private final Rest other = new Rest(parts.api(2), parts.product().apiKey());

    @AfterEach
    void end() {
        phones.close();
        center.close();
        other.close();
        parts.close();
    }

    @Test
    void reachesEachEndpointOfTheListOnceWhicheverCentersDie() throws Exception {
        List<Phone> here = phones.online(PHONES, parts.product(), LIMIT).all();
        List<Phone> away = here.subList(0, PHONES / 5);
        String list = upload();
        away.forEach(Phone::stop);
        Campaign campaign = Campaign.start(center, TEXT, "{\"list\":\"" + list
                + "\",\"pace\":{\"rate_per_second\":" + ALL / 20 + "}}").through(other);

        awaitStored(ALL / 20);
        parts.kill9("center");
        awaitStored(ALL / 4);
        order(campaign, "pause");
        long paused = Still.at(this::stored);
        assertThat(paused).as("stored before the pause").isLessThan(ALL);
        parts.kill9("center-2");
        parts.kill9("center-3");
        parts.restart("center");
        parts.restart("center-3");
        assertThat(Still.at(this::stored)).as("stored while paused").isEqualTo(paused);
        order(campaign, "resume");
        awaitStored(paused + ALL / 10);
        parts.kill9("center");
        parts.restartDead();

        campaign.awaitState("walked", LIMIT);
        assertThat(campaign.count("written")).isEqualTo(ALL);
        assertThat(campaign.info().body().at("/counts/failed").toString()).isIn("{}", "");
        assertThat(messages().values()).as("messages of an endpoint").hasSize(ALL).containsOnly(1);
        away.forEach(Phone::start);
        Crowd.awaitOnceEach(here, TEXT);
        Still.at(() -> here.stream().mapToLong(phone -> phone.shownTexts().size()).sum()); // time for doubles to come
        Crowd.awaitOnceEach(here, TEXT);
    }

    private String upload() throws IOException {
        var product = parts.product();
        var lines = new ArrayList<>(phones.endpoints());
        EndpointRegistration.register(product.dispatcher(), product.appKey(), REGISTERED, SEED).stream()
                .map(BenchEndpoint::text).forEach(lines::add);
        Path file = Files.write(Place.fresh("list-crash").resolve("list.txt"), lines);
        var out = new StringWriter();
        var writer = new PrintWriter(out, true);
        int code = LongwireCli.run(writer, writer, "list", "upload", file.toString(), "--json", "--api",
                product.api(), "--key", product.apiKey());
        assertThat(code).as(out.toString()).isZero();
        var sealed = new JsonMapper().readTree(out.toString());
        assertThat(sealed.path("endpoints").asInt()).isEqualTo(ALL);
        return sealed.path("list_id").asText();
    }

    /** A center that lost its neighbour a moment ago may refuse once or twice. */
    private static void order(Campaign campaign, String verb) {
        await().atMost(LIMIT).ignoreExceptions().untilAsserted(() -> campaign.order(verb));
    }

    private void awaitStored(long count) {
        await().atMost(LIMIT).untilAsserted(() -> assertThat(stored()).as("stored").isGreaterThanOrEqualTo(count));
    }

    private long stored() {
        try {
            return messages().values().stream().mapToLong(Integer::longValue).sum();
        } catch (SQLException broken) {
            throw new IllegalStateException(broken);
        }
    }

    /** How many messages the ledger has of each endpoint of the app. */
    private Map<Long, Integer> messages() throws SQLException {
        Database database = parts.database();
        var messages = new HashMap<Long, Integer>();
        try (Connection connection = DriverManager.getConnection(database.jdbcUrl(), database.user(),
                database.password());
                PreparedStatement select = connection
                        .prepareStatement("SELECT ep, COUNT(*) FROM msg_log WHERE app = ? GROUP BY ep")) {
            select.setInt(1, parts.product().appId());
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    messages.put(row.getLong(1), row.getInt(2));
                }
            }
        }
        return messages;
    }
}
