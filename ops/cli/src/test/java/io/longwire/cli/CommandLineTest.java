package io.longwire.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
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
            "schedule pause", "schedule resume", "schedule delete", "profile", "receipts", "dead-letters",
            "dead-letters list", "dead-letters resend", "app", "app create", "app update", "app list", "key",
            "key create", "key list", "key revoke", "audit", "audit-log", "up", "demo", "device", "secrets"})
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
