package io.longwire.bench.figure;

import io.longwire.bench.Report;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

import static org.assertj.core.api.Assertions.assertThat;

class CommonTest {
    private final StringWriter out = new StringWriter();

    @Command(name = "bench")
    private static final class Bench {}

    @Command(name = "probe")
    private static final class Probe implements Runnable {
        @Mixin
        private Common common = new Common();

        @Override
        public void run() {
            common.print(Report.of("probe", "us", List.of(1.0)), List.of("-Xmx1g", "-Dnot=shown"));
        }
    }

    @Test
    void printsTheLineOnTheTerminalOfItsFigureWithTheCommandThatMakesItAgain() {
        var bench = new CommandLine(new Bench()).addSubcommand(new Probe()).setOut(new PrintWriter(out));

        assertThat(bench.execute("probe", "--runs", "5")).isZero();

        assertThat(out.toString()).startsWith("{\"figure\":\"probe\",\"value\":1,")
                .contains("\"flags\":\"-Xmx1g\",\"command\":\"ops/bin/bench probe --runs 5\"");
    }
}
