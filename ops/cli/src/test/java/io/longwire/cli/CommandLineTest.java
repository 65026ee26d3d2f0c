package io.longwire.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** What the command line says without a platform. */
class CommandLineTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    Path nothing = Path.of(".");

    @ParameterizedTest
    @ValueSource(strings = {"push", "status", "cancel", "revoke", "schedule", "schedule create", "schedule list",
            "schedule pause", "broadcast", "broadcast send", "broadcast get", "broadcast list", "broadcast watch",
            "broadcast pause", "broadcast resume", "broadcast cancel", "broadcast pace", "broadcast advance",
            "broadcast approve", "broadcast revoke", "schedule resume", "schedule delete", "endpoint", "receipts",
            "dead-letters",
            "dead-letters list", "dead-letters resend", "consume", "app", "app create", "app update", "app list", "key",
            "key create", "key list", "key revoke", "config", "config get", "config set", "config diff",
            "config history", "config rollout", "config rollback", "console", "console user", "console user add",
            "console user list", "console user role", "console user password", "console user remove", "audit",
            "audit-log", "up", "demo", "device", "secrets", "share-list", "describe", "profile", "threads", "heap",
            "sampling", "restart", "restart list", "restart pause", "host", "host list", "host start", "host stop",
            "host restart", "host drain", "host logs", "host pack", "host deploy",
            "host key"})
    void everyCommandExplainsItself(String command) {
        assertThat(run((command + " --help").split(" ", -1))).isZero();
        assertThat(out.toString()).startsWith("Usage: longwire " + command);
    }

    @Test
    void saysWhatATargetIsMissing() {
        assertThat(run("push", "--key", "lw_x", "--api", "http://localhost:1", "only-one-word")).isEqualTo(2);
        assertThat(err.toString())
                .isEqualTo("longwire: words: [only-one-word] (expected: ENDPOINT TEXT, or --to or --alias and TEXT)\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"config history room", "config rollout room --watch", "threads room", "describe room",
            "sampling show", "restart list",
            "host list"})
    void sendsTheOperatorsKeyToNoOtherMachineInClearText(String command) {
        assertThat(run((command + " --keeper 192.0.2.1:9001 --key lwadmin_x").split(" ", -1))).isEqualTo(2);
        assertThat(err.toString())
                .startsWith("longwire: --keeper: 192.0.2.1:9001 (expected: an address of this machine")
                .doesNotContain("lwadmin");
    }

    @Test
    void readsTheOperatorsKeyFromAFile() throws Exception {
        String[] command = {"config", "history", "room", "--keeper", "127.0.0.1:1", "--key-file",
                nothing.resolve("key").toString()};
        assertThat(run(command)).isEqualTo(2);
        assertThat(err.toString()).isEqualTo("longwire: --key-file: " + nothing.resolve("key")
                + " (expected: a file that can be read)\n");

        err.getBuffer().setLength(0);
        Files.writeString(nothing.resolve("key"), "lwadmin_x\n");
        run(command);
        assertThat(err.toString()).startsWith("longwire: keeper 127.0.0.1:1");
    }

    @Test
    void saysHowATimeIsWritten() {
        assertThat(run("push", "--key", "lw_x", "--api", "http://localhost:1", "ep_a", "hi", "--ttl", "soon"))
                .isEqualTo(2);
        assertThat(err.toString()).contains("Invalid value for option '--ttl'")
                .contains("'soon' (expected: such as 90s, 15m, 24h, 7d)");
    }

    @Test
    void aScheduleHasOneKindOfTime() {
        assertThat(run("schedule", "create", "--key", "lw_x", "--api", "http://localhost:1", "ep_a", "hi"))
                .isEqualTo(2);
        assertThat(err.toString()).isEqualTo("longwire: --cron, --at: none (expected: one)\n");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"'' | TEXT, --file: none (expected: one)",
            "hi --rate 5 --duration 3m | --rate, --duration: both (expected: at most one)",
            "hi --hold 3m | --canary: missing (expected: with --hold, --max-failed, --max-dropped, "
                    + "--max-callback-errors, --wait)",
            "hi --tag a --audience {} | --audience: with --tag or --topic (expected: alone)",
            "hi --audience @/nowhere | --audience: /nowhere (expected: a file that can be read)",
            "hi --not-before noon | --not-before: noon (expected: RFC 3339 such as 2026-12-01T08:00:00Z, or a length"
                    + " of time such as 15m)"})
    void saysWhatABroadcastIsMissing(String words, String why) {
        var command = Stream.concat(Stream.of("broadcast", "send", "--key", "lw_x", "--api", "http://localhost:1"),
                Stream.of(words.split(" ", -1)).filter(word -> !word.isEmpty()));

        assertThat(run(command.toArray(String[]::new))).isEqualTo(2);
        assertThat(err.toString()).isEqualTo("longwire: " + why + "\n");
    }

    @Test
    void aWatchSaysWhenNobodyAnswers() {
        assertThat(
                run("broadcast", "watch", "0123456789ABC", "--api", "http://127.0.0.1:1", "--key", "lw_x", "--timeout",
                        "200ms"))
                .isEqualTo(1);
        assertThat(err.toString()).startsWith("longwire: ").contains("no_answer");
    }

    @Test
    void namesWhatIsNoAudience() {
        assertThat(run("broadcast", "send", "hi", "--key", "lw_x", "--api", "http://localhost:1", "--audience",
                "{\"tagg\": \"a\"}")).isEqualTo(2);
        assertThat(err.toString()).startsWith("longwire: --audience: ").contains("tagg");
    }

    @Test
    void saysHowToFindAPlatform() {
        assertThat(run("status", "ep_a", "--data", nothing.toString())).isEqualTo(2);
        assertThat(err.toString()).contains("missing (expected: the option, or --data with the directory of a running"
                + " `longwire up`)");
    }

    @Test
    void saysHowAnAddressIsWritten() {
        assertThat(run("status", "ep_a", "--api", "localhost:8080", "--key", "lw_x")).isEqualTo(2);
        assertThat(err.toString())
                .contains("address: localhost:8080 (expected: http://host:port or https://host:port)");
    }

    @Test
    void anAuditThatCouldNotAskSaysSoByItsExitCode() {
        assertThat(run("audit", "--api", "http://127.0.0.1:1", "--key", "lw_x", "--timeout", "200ms")).isEqualTo(2);
        assertThat(err.toString()).startsWith("longwire: could not ask: ");
        assertThat(run("audit", "--data", nothing.toString())).isEqualTo(2);
    }

    private int run(String... args) {
        return LongwireCli.run(new PrintWriter(out, true), new PrintWriter(err, true), args);
    }
}
