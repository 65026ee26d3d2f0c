package io.longwire.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.longwire.bench.process.ProcStat;
import io.longwire.bench.process.Tool;
import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.service.StartFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Where a figure was measured. */
final class Machine {
    private Machine() {
    }

    static void writeTo(ObjectNode json) {
        json.put("cpu", field("/proc/cpuinfo", "model name")).put("cores", Runtime.getRuntime().availableProcessors())
                .put("memory", field("/proc/meminfo", "MemTotal"))
                .put("kernel", System.getProperty("os.version", "")).put("os", field("/etc/os-release", "PRETTY_NAME"))
                .put("jdk", System.getProperty("java.vm.version", "")).put("load", ProcStat.load());
    }

    /** The short hash of the tree's commit, with a + when files differ from it; empty outside a clone. */
    static String commit() {
        try {
            String home = System.getProperty("longwire.home", ".");
            String hash = String.join("", Tool.run("git", "-C", home, "rev-parse", "--short", "HEAD"));
            boolean clean = Tool.run("git", "-C", home, "status", "--porcelain", "-uno").isEmpty();
            return clean ? hash : hash + "+";
        } catch (StartFailure noClone) {
            return "";
        }
    }

    static String now() {
        return Instant.ofEpochMilli(Clock.system().wallMillis()).truncatedTo(ChronoUnit.SECONDS).toString();
    }

    private static String field(String file, String name) {
        try (var lines = Files.lines(Path.of(file))) {
            return lines.filter(line -> line.startsWith(name)).findFirst()
                    .map(line -> line.substring(name.length()).replaceAll("^[\\s:=]+|\"", "")).orElse("");
        } catch (IOException unreadable) {
            return "";
        }
    }
}
