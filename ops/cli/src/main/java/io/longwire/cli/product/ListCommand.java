package io.longwire.cli.product;

import io.longwire.center.client.AudienceList;
import io.longwire.center.client.LongwireBackend;
import io.longwire.center.client.Page;
import io.longwire.cli.terminal.Connection;
import io.longwire.cli.terminal.Output;
import io.longwire.cli.terminal.Table;
import java.util.ArrayList;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Lists of endpoints to broadcast to. */
@Command(name = "list", mixinStandardHelpOptions = true,
        description = "Lists of endpoints, made of files, for longwire broadcast send --list.",
        subcommands = ListUpload.class)
public final class ListCommand implements Runnable {
    private static final int PAGE = 100;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "upload, ls, show or delete is missing");
    }

    @Command(name = "ls", mixinStandardHelpOptions = true, description = "Lists the lists of the app.")
    void ls(@Mixin Connection connection, @Mixin Output output) {
        var all = new ArrayList<AudienceList>();
        try (LongwireBackend backend = connection.asProduct()) {
            String cursor = "";
            do {
                Page<AudienceList> page = backend.lists().list(cursor, PAGE).await();
                all.addAll(page.items());
                cursor = page.cursor();
            } while (!cursor.isEmpty());
        }
        var table = new Table("LIST", "STATE", "ENDPOINTS", "BAD", "CREATED", "EXPIRES", "LABEL");
        all.forEach(one -> table.row(one.listId(), one.state(), one.endpoints(), one.bad(),
                Output.time(one.created()), Output.time(one.expires()), one.label()));
        output.list(all, table);
    }

    @Command(name = "show", mixinStandardHelpOptions = true,
            description = "Shows a list, and its first lines that are no endpoints.")
    void show(@Mixin Connection connection, @Mixin Output output, @Parameters(paramLabel = "LIST") String listId) {
        try (LongwireBackend backend = connection.asProduct()) {
            AudienceList list = backend.lists().get(listId).await();
            output.print(list, () -> {
                output.line(sentence(list) + (list.label().isEmpty() ? "" : " (" + list.label() + ")"));
                output.line("made " + Output.time(list.created()) + ", expires " + Output.time(list.expires()) + ", "
                        + list.parts() + " parts, " + BroadcastText.number(list.lines()) + " lines, "
                        + BroadcastText.number(list.bad()) + " of them no endpoints");
                list.badLines().forEach(bad -> output.line("line " + bad.line() + ": " + bad.value()
                        + " (expected: " + bad.expected() + ")"));
            });
        }
    }

    @Command(name = "delete", mixinStandardHelpOptions = true,
            description = "Deletes it; refused while a broadcast to it is not over.")
    void delete(@Mixin Connection connection, @Mixin Output output, @Parameters(paramLabel = "LIST") String listId) {
        try (LongwireBackend backend = connection.asProduct()) {
            AudienceList list = backend.lists().delete(listId).await();
            output.print(list, () -> output.line(sentence(list)));
        }
    }

    /** What it is, in one sentence. */
    static String sentence(AudienceList list) {
        String what = list.state().equals("sealed")
                ? ": " + BroadcastText.number(list.endpoints()) + " endpoints, " + BroadcastText.number(list.twice())
                        + " twice, " + BroadcastText.number(list.bad()) + " bad lines left out"
                : "";
        return list.listId() + " is " + list.state() + what;
    }
}
