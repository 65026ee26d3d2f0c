package io.longwire.e2e.docs;

import io.longwire.center.client.Broadcast;
import io.longwire.center.client.Canary;
import io.longwire.center.client.LongwireBackend;
import io.longwire.center.client.Message;
import io.longwire.center.client.Schedules.When;
import io.longwire.keeper.clock.Clock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import static org.assertj.core.api.Assertions.assertThat;

/** Follows the pages: runs each example in a directory of its own, and compares what it prints with what it should. */
public final class Reader implements AutoCloseable {
    private static final Pattern MESSAGE = Pattern.compile("(/v1/(?:messages|dead-letters)/)[0-9A-Z]{13}");
    private static final Pattern BROADCAST = Pattern.compile("(/v1/broadcasts/)[0-9A-Z]{13}");
    private static final Pattern LIST = Pattern.compile("(/v1/lists/)[0-9A-Z]{13}");
    private static final Pattern TO_LIST = Pattern.compile("(\"list\":\")[0-9A-Z]{13}");
    private static final Pattern REPLACE = Pattern.compile("(\"replace\":\")[0-9A-Z]{13}");
    private static final Pattern TIME = Pattern.compile("(\"(?:at|until)\":\")[^\"]+");
    private static final Duration TO_COME = Duration.ofDays(2);
    private static final Pattern SCHEDULE = Pattern.compile("(/v1/schedules/)[0-9A-Za-z_]{8,}");

    private final Map<String, String> variables;
    private final Programs programs;
    private final JavaExamples java;
    private final LongwireBackend backend;
    private final String time = Instant.ofEpochMilli(Clock.system().wallMillis()).plus(TO_COME).toString();
    private String openList = ""; // of the transcript that is followed

    /** @param variables API, KEY, ADMIN_KEY, APP_ID, ENDPOINT, AWAY, CURSOR_FILE */
    public Reader(Path place, Map<String, String> variables) {
        this.variables = Map.copyOf(variables);
        this.programs = new Programs(place, variables);
        this.backend = LongwireBackend.connect(value("API"), value("KEY"));
        this.java = new JavaExamples(place, variables, backend);
    }

    /** Runs it; an AssertionError says what was wrong. */
    public void follow(Example example) throws Exception {
        String[] kind = example.kind().split(" ", -1);
        switch (kind[0]) {
            case "file" -> programs.file(kind[1], example.text());
            case "sh" -> matches(example, programs.bash(example.text()));
            case "python" -> matches(example, programs.python(example.text()));
            case "java" -> matches(example, java.run(example));
            case "console" -> transcript(example);
            default -> throw new IllegalArgumentException(example + " (expected: file, sh, python, java or console)");
        }
    }

    private static void matches(Example example, String printed) {
        assertThat(example.expects().matcher(printed).find())
                .as("%s printed %s(expected: %s)", example, printed, example.expects()).isTrue();
    }

    // Ids and times on the page are samples: each command gets real ones, of a kind that lets it work.
    private void transcript(Example example) {
        var transcript = new Transcript(example.text());
        openList = "";
        assertThat(transcript.commands()).as("commands of %s", example).isNotEmpty();
        var printed = new StringBuilder();
        for (String command : transcript.commands()) {
            printed.append(programs.bash(real(command).replaceFirst("^curl ", "curl -s "))).append('\n');
        }
        assertThat(Transcript.names(printed)).as("%s printed %s", example, printed).containsAll(transcript.names());
        assertThat(Transcript.status(printed)).as("%s printed %s", example, printed).isEqualTo(transcript.status());
        matches(example, printed.toString());
    }

    private String real(String command) {
        boolean ofMessage = MESSAGE.matcher(command).find() || REPLACE.matcher(command).find();
        String endpoint = value(ofMessage ? "AWAY" : "ENDPOINT");
        String real = command.replaceAll("ep_(?!0{20})(?:[0-9a-z]{20}|\\.\\.\\.)", endpoint)
                .replace(" :8080/", " $API/")
                .replace(" \":8080/", " \"$API/").replaceAll("/v1/apps/\\d+", "/v1/apps/" + value("APP_ID"))
                .replaceAll("app_id=\\d+", "app_id=" + value("APP_ID"));
        Supplier<String> message = () -> backend.send(Message.to(endpoint).payload("hi")).await().messageId();
        real = filled(MESSAGE, real, message);
        real = filled(REPLACE, real, message);
        real = filled(TIME, real, () -> time);
        real = filled(BROADCAST, real, () -> backend.broadcasts().create(Broadcast.toAll().payload("hi")
                .ttl(Duration.ofMinutes(10)).canary(Canary.percent(50).untilAdvanced())).await().broadcastId());
        real = filled(LIST, real, this::openList);
        real = filled(TO_LIST, real, () -> sealedList(endpoint));
        return filled(SCHEDULE, real, () -> backend.schedules().create(Message.to(endpoint).ttl(Duration.ofHours(1)),
                When.cron("0 8 * * *", ZoneId.of("UTC")), "sample").await().scheduleId());
    }

    private String openList() {
        if (openList.isEmpty()) {
            openList = backend.lists().create("sample", null).await().listId();
        }
        return openList;
    }

    private String sealedList(String endpoint) {
        String list = backend.lists().create("sample", null).await().listId();
        backend.lists().append(list, 0, 1, List.of(endpoint)).await();
        return backend.lists().seal(list, 1, false).await().listId();
    }

    private static String filled(Pattern sample, String command, Supplier<String> id) {
        Matcher found = sample.matcher(command);
        return found.find() ? found.replaceFirst("$1" + id.get()) : command;
    }

    private String value(String name) {
        String value = variables.get(name);
        if (value == null) {
            throw new IllegalArgumentException(name + ": missing (expected: among the variables)");
        }
        return value;
    }

    @Override
    public void close() {
        backend.close();
    }
}
