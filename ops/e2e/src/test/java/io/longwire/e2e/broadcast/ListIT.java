package io.longwire.e2e.broadcast;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.longwire.cli.LongwireCli;
import io.longwire.e2e.phone.Phone;
import io.longwire.e2e.platform.Place;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static io.longwire.e2e.broadcast.Crowd.LIMIT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Lists that are uploaded with the command line, and broadcasts to them, to phones with the real SDK. */
class ListIT {
    private static final int MANY = 40;
    private static final int FEW = 12;
    private static final JsonMapper JSON = new JsonMapper();

    private final Crowd crowd = new Crowd("lists");
    private final Path place = Place.fresh("list-files");

    @AfterEach
    void end() {
        crowd.close();
    }

    @Test
    void reachesEachPhoneOfTheListOnceAndThoseThatWereAwayAtTheirReturn() {
        List<Phone> phones = crowd.online(MANY);
        List<Phone> away = phones.subList(0, MANY / 5);
        List<Phone> here = phones.subList(MANY / 5, MANY - 5);
        List<Phone> others = phones.subList(MANY - 5, MANY);
        var lines = new ArrayList<>(List.of("# spring", ""));
        lines.addAll(endpoints(away));
        lines.addAll(endpoints(here));
        lines.addAll(endpoints(here).subList(0, 3)); // twice
        lines.addAll(removed(2));
        away.forEach(Phone::stop);

        JsonNode list = upload(lines);
        assertThat(list.path("endpoints").asInt()).isEqualTo(MANY - 5 + 2);
        assertThat(list.path("twice").asInt()).isEqualTo(3);
        Campaign campaign = send("to a list", list);

        Crowd.awaitOnceEach(here, "to a list");
        campaign.awaitState("walked", LIMIT);
        assertThat(campaign.count("written")).isEqualTo(MANY - 5);
        assertThat(campaign.info().body().at("/counts/failed").toString()).isEqualTo("{\"rejected\":2}");
        away.forEach(Phone::start);
        Crowd.awaitOnceEach(away, "to a list");
        Campaign.start(crowd.rest, "to all", "{}");
        Crowd.awaitOnceEach(phones, "to all");
        assertThat(Crowd.reached(others, "to a list")).isZero();
        Crowd.awaitOnceEach(phones.subList(0, MANY - 5), "to a list");
        campaign.awaitCount("acked", MANY - 5, LIMIT);
    }

    @Test
    void standsStillWhilePausedAndGoesOnAtItsNewPace() {
        List<Phone> phones = crowd.online(FEW);
        Campaign campaign = send("slow", upload(endpoints(phones)), "\"pace\":{\"rate_per_second\":1}");
        await().atMost(LIMIT).until(() -> Crowd.reached(phones, "slow") >= 2);

        assertThat(campaign.order("pause").text("state")).isEqualTo("paused");
        long reached = Still.at(() -> Crowd.reached(phones, "slow"));
        assertThat(reached).isLessThan(FEW);
        campaign.pace(1_000);
        campaign.order("resume");

        Crowd.awaitOnceEach(phones, "slow");
        campaign.awaitState("walked", LIMIT);
        assertThat(campaign.count("written")).isEqualTo(FEW);
    }

    @Test
    void isTakenBackFromThoseWhoHaveItAndNeverShownToTheOthers() {
        List<Phone> phones = crowd.online(FEW);
        Phone away = phones.getFirst();
        List<String> lines = endpoints(phones);
        away.stop();
        Campaign wrong = send("wrong", upload(lines));
        List<Phone> here = phones.subList(1, FEW);
        Crowd.awaitOnceEach(here, "wrong");
        wrong.awaitState("walked", LIMIT);

        Campaign revocation = wrong.revoke();

        revocation.awaitState("walked", LIMIT);
        await().atMost(LIMIT).untilAsserted(() -> assertThat(here).allMatch(phone -> phone.revoked().size() == 1));
        away.start();
        Campaign.start(crowd.rest, "right", "{}");
        Crowd.awaitOnceEach(phones, "right");
        assertThat(away.shownTexts()).containsExactly("right");
    }

    @Test
    void aFileWithGarbageIsToldByLineAndNothingOfItIsKept() {
        List<String> lines = new ArrayList<>(endpoints(crowd.online(1)));
        lines.add("user-17");
        lines.add("ep_wqkbmr51tqt0f3gz6k7u");
        Ran refused = run("list", "upload", write(lines).toString());
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.out()).contains("line 2: user-17 (expected: ep_ and 20 characters", "line 3: ep_wqk",
                "2 of 3 lines are no endpoints of the app; nothing was uploaded");

        lines.removeLast();
        lines.set(1, "ep_00000000000000000000"); // of nobody: only center sees it
        Ran foreign = run("list", "upload", write(lines).toString());
        assertThat(foreign.code()).isEqualTo(1);
        assertThat(foreign.out()).contains("line 2: ep_00000000000000000000 (expected: an endpoint of this app)");
        assertThat(run("list", "ls").out().strip()).isEqualTo("none");

        Ran skipped = run("list", "upload", write(lines).toString(), "--skip-bad", "--label", "half");
        assertThat(skipped.out()).contains("is sealed: 1 endpoints, 0 twice, 1 bad lines left out");
        assertThat(run("list", "ls").out()).contains("sealed", "half");
    }

    @Test
    void aListIsShownSentToFollowedAndDeleted() {
        List<Phone> phones = crowd.online(2);
        String list = upload(endpoints(phones)).path("list_id").asText();

        assertThat(run("list", "show", list).out()).contains(list + " is sealed: 2 endpoints");
        assertThat(run("broadcast", "send", "hello", "--list", list, "--dry-run").out())
                .contains("dry run: 2 endpoints of the list");
        Ran sent = run("broadcast", "send", "hello", "--list", list, "--watch");
        assertThat(sent.out()).contains("is walked", "2 written");
        Crowd.awaitOnceEach(phones, "hello");
        Ran used = run("list", "delete", list);
        assertThat(used.code()).as(used.out()).isEqualTo(1); // phones may still get it until it expires
        assertThat(used.out()).contains("[wrong_state]");
        assertThat(run("broadcast", "send", "x", "--list", list, "--tag", "y").code()).isEqualTo(2);
    }

    @Test
    void manyPartsAreOneListWithEachEndpointOnce() {
        List<String> lines = new ArrayList<>(endpoints(crowd.online(3)));
        for (int i = 0; i < 25_000; i++) {
            lines.add("# " + i);
        }
        Collections.shuffle(lines, new Random(7));
        lines.addAll(lines.stream().filter(line -> line.startsWith("ep_")).toList());

        Ran uploaded = run("list", "upload", write(lines).toString());

        assertThat(uploaded.code()).as(uploaded.out()).isZero();
        assertThat(uploaded.out()).contains("100% of 25,006 lines", "3 endpoints, 3 twice");
    }

    private static List<String> endpoints(List<Phone> phones) {
        return phones.stream().map(Phone::endpoint).toList();
    }

    /** Endpoints that are gone. */
    private List<String> removed(int count) {
        var gone = new ArrayList<String>();
        for (int i = 0; i < count; i++) {
            Phone phone = crowd.add();
            phone.start();
            gone.add(phone.awaitOnline(LIMIT).endpoint());
            phone.stop();
            crowd.rest.delete("/v1/endpoints/" + gone.getLast()).ok();
        }
        return gone;
    }

    private JsonNode upload(List<String> lines) {
        Ran ran = run("list", "upload", write(lines).toString(), "--json");
        assertThat(ran.code()).as(ran.out()).isZero();
        try {
            return JSON.readTree(ran.out());
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    private Path write(List<String> lines) {
        try {
            return Files.write(place.resolve("list.txt"), lines);
        } catch (IOException full) {
            throw new UncheckedIOException(full);
        }
    }

    private Campaign send(String text, JsonNode list, String... more) {
        String options = "{\"list\":\"" + list.path("list_id").asText() + "\""
                + (more.length == 0 ? "" : "," + String.join(",", more)) + "}";
        return Campaign.start(crowd.rest, text, options);
    }

    private Ran run(String... args) {
        var all = new ArrayList<>(List.of(args));
        all.addAll(List.of("--api", crowd.product.api(), "--key", crowd.product.apiKey()));
        var out = new StringWriter();
        var writer = new PrintWriter(out, true);
        return new Ran(LongwireCli.run(writer, writer, all.toArray(String[]::new)), out.toString());
    }

    /** A command that ended: its exit code and all it printed. */
    private record Ran(int code, String out) {
    }
}
