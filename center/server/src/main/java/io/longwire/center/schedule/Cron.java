package io.longwire.center.schedule;

import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinition;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import io.longwire.center.refuse.Refused;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.List;

/**
 * The times of a cron expression: minute, hour, day of month, month, day of week (0 and 7 are Sunday; names such as
 * {@code MON} and {@code JAN} do), in a time zone. With both a day of month and a day of week either makes it fire.
 * Where clocks go forward, a time that does not exist that day is skipped; where they go back, a time of day fires
 * once, the first time, while an expression for all hours goes through both. Immutable.
 */
final class Cron {
    private static final CronDefinition UNIX = CronDefinitionBuilder.instanceDefinitionFor(CronType.UNIX);
    private static final List<String> FIELDS = List.of("minute", "hour", "day-of-month", "month", "day-of-week");
    private static final List<String> RULES = List.of("0 to 59", "0 to 23", "1 to 31", "1 to 12 or JAN to DEC",
            "0 to 7 or MON to SUN");
    private static final String EXAMPLE = "minute hour day-of-month month day-of-week, such as 30 9 * * 1-5";
    private static final int MAX_CHARS = 120;

    private final ExecutionTime times;
    private final ZoneId zone;
    private final boolean allHours;

    private Cron(ExecutionTime times, ZoneId zone, boolean allHours) {
        this.times = times;
        this.zone = zone;
        this.allHours = allHours;
    }

    /** Throws {@link Refused} that names the field and its rule. */
    static Cron parse(String text, String zone) {
        if (text.length() > MAX_CHARS) {
            throw Refused.invalid("cron", text, "at most " + MAX_CHARS + " characters");
        }
        String[] fields = text.strip().split("\\s+", -1);
        if (fields.length != FIELDS.size()) {
            throw Refused.invalid("cron", text, EXAMPLE);
        }
        for (int i = 0; i < fields.length; i++) {
            checkField(i, fields[i]);
        }
        return new Cron(ExecutionTime.forCron(new CronParser(UNIX).parse(String.join(" ", fields)).validate()),
                zone(zone), fields[1].startsWith("*"));
    }

    /** The first time after this one, in unix milliseconds; 0 = it never fires again. */
    long after(long unixMillis) {
        var next = times.nextExecution(Instant.ofEpochMilli(unixMillis).atZone(zone));
        while (!allHours && next.isPresent() && again(next.get())) {
            next = times.nextExecution(next.get());
        }
        return next.map(time -> time.toInstant().toEpochMilli()).orElse(0L);
    }

    // In the hour that clocks go through twice, the second time: the library fires a time of day there once more when
    // it is asked from between the two.
    private static boolean again(ZonedDateTime time) {
        return !time.equals(time.withEarlierOffsetAtOverlap());
    }

    // Alone in its place among stars, so that what the parser says is about this field.
    private static void checkField(int place, String field) {
        String[] alone = {"*", "*", "*", "*", "*"};
        alone[place] = field;
        try {
            new CronParser(UNIX).parse(String.join(" ", alone)).validate();
        } catch (IllegalArgumentException wrong) {
            throw Refused.invalid("cron " + FIELDS.get(place), field,
                    RULES.get(place) + ", with * , - and /");
        }
    }

    private static ZoneId zone(String text) {
        try {
            return text.isEmpty() ? ZoneOffset.UTC : ZoneId.of(text);
        } catch (DateTimeException unknown) {
            throw Refused.invalid("zone", text, "a time zone such as UTC or Europe/Paris");
        }
    }
}
