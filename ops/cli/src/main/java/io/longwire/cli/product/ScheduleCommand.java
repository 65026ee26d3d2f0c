package io.longwire.cli.product;

import io.longwire.center.client.LongwireBackend;
import io.longwire.center.client.Page;
import io.longwire.center.client.Schedule;
import io.longwire.center.client.Schedules;
import io.longwire.center.client.Schedules.When;
import io.longwire.center.client.call.Answer;
import io.longwire.cli.terminal.Connection;
import io.longwire.cli.terminal.Moments;
import io.longwire.cli.terminal.Output;
import io.longwire.cli.terminal.Table;
import io.longwire.cli.terminal.WrongUsage;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.function.BiFunction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Sends at later times. */
@Command(name = "schedule", mixinStandardHelpOptions = true, description = "Sends at later times, once or by cron.",
        subcommands = ScheduleCommand.Create.class)
public final class ScheduleCommand implements Runnable {
    private static final int PAGE = 100;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "create, list, pause, resume or delete is missing");
    }

    @Command(name = "list", mixinStandardHelpOptions = true, description = "Lists the schedules of the app.")
    void list(@Mixin Connection connection, @Mixin Output output) {
        var all = new ArrayList<Schedule>();
        try (LongwireBackend backend = connection.asProduct()) {
            String cursor = "";
            do {
                Page<Schedule> page = backend.schedules().list(cursor, PAGE).await();
                all.addAll(page.items());
                cursor = page.cursor();
            } while (!cursor.isEmpty());
        }
        var table = new Table("SCHEDULE", "STATE", "CRON", "NEXT", "FIRED", "LAST MESSAGE", "LABEL");
        all.forEach(one -> table.row(one.scheduleId(), one.state(), one.cron(), Output.time(one.nextFire()),
                one.fired(), one.lastProblem().isEmpty() ? one.lastMessageId() : one.lastProblem(), one.label()));
        output.list(all, table);
    }

    @Command(name = "pause", mixinStandardHelpOptions = true, description = "It does not fire until it is resumed.")
    void pause(@Mixin Connection connection, @Mixin Output output,
            @Parameters(paramLabel = "SCHEDULE") String scheduleId) {
        change(connection, output, scheduleId, Schedules::pause);
    }

    @Command(name = "resume", mixinStandardHelpOptions = true, description = "It fires again, from its next time on.")
    void resume(@Mixin Connection connection, @Mixin Output output,
            @Parameters(paramLabel = "SCHEDULE") String scheduleId) {
        change(connection, output, scheduleId, Schedules::resume);
    }

    @Command(name = "delete", mixinStandardHelpOptions = true, description = "It never fires again.")
    void delete(@Mixin Connection connection, @Mixin Output output,
            @Parameters(paramLabel = "SCHEDULE") String scheduleId) {
        change(connection, output, scheduleId, Schedules::delete);
    }

    private static void change(Connection connection, Output output, String scheduleId,
            BiFunction<Schedules, String, Answer<Schedule>> change) {
        try (LongwireBackend backend = connection.asProduct()) {
            tell(output, change.apply(backend.schedules(), scheduleId).await());
        }
    }

    private static void tell(Output output, Schedule schedule) {
        boolean fires = schedule.state().equals("active") && schedule.nextFire() != null;
        output.print(schedule, () -> output.line(schedule.scheduleId() + " is " + schedule.state()
                + (fires ? ", fires " + Output.time(schedule.nextFire()) : "")));
    }

    /** A new schedule. */
    @Command(name = "create", mixinStandardHelpOptions = true, description = "Makes a new one.")
    static final class Create implements Runnable {
        @Mixin
        private Connection connection = new Connection();

        @Mixin
        private Output output = new Output();

        @Mixin
        private MessageOptions options = new MessageOptions();

        @Option(names = "--cron", paramLabel = "EXPRESSION", defaultValue = "",
                description = "Minute hour day-of-month month day-of-week, e.g. '0 8 * * 1-5'.")
        private String cron = "";

        @Option(names = "--zone", defaultValue = "UTC", description = "Of --cron, e.g. Asia/Shanghai (default: UTC).")
        private ZoneId zone = ZoneId.of("UTC");

        @Option(names = "--at", paramLabel = "TIME", defaultValue = "", description = "Once, at that time: RFC 3339.")
        private String at = "";

        @Option(names = "--until", paramLabel = "TIME", defaultValue = "", description = "The end of --cron: RFC 3339.")
        private String until = "";

        @Option(names = "--label", defaultValue = "", description = "For people.")
        private String label = "";

        @Override
        public void run() {
            if (cron.isEmpty() == at.isEmpty()) {
                throw new WrongUsage("--cron, --at: " + (cron.isEmpty() ? "none" : "both") + " (expected: one)");
            }
            When when = cron.isEmpty() ? When.once(Moments.instant("--at", at)) : When.cron(cron, zone);
            when = until.isEmpty() ? when : when.until(Moments.instant("--until", until));
            try (LongwireBackend backend = connection.asProduct()) {
                tell(output, backend.schedules().create(options.message(), when, label).await());
            }
        }
    }
}
