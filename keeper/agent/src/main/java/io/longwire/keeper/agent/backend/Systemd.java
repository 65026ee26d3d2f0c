package io.longwire.keeper.agent.backend;

import io.longwire.rpc.agent.ProcessReport.State;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Units of systemd, {@code longwire@NAME.service}: it starts them, keeps them running and has their logs. We only ever
 * run {@code systemctl start|stop|kill|show|reset-failed} and {@code journalctl} with these arguments. Which version a
 * unit runs is where the link {@code current/NAME} points; the unit's class path goes through it.
 */
public final class Systemd implements Backend {
    private static final Duration CALL = Duration.ofSeconds(20);
    private static final int MOST_BYTES = 1 << 20;

    private final Path programs;
    private final Path current;
    private final Path scratch;

    /** @param home where the links to versions are kept */
    public Systemd(Path home) throws IOException {
        this(home, Path.of(""));
    }

    /** @param programs where systemctl and journalctl are; empty = on the path */
    Systemd(Path home, Path programs) throws IOException {
        this.programs = programs;
        this.current = Files.createDirectories(home.resolve("current"));
        this.scratch = Files.createDirectories(home.resolve("run"));
    }

    @Override
    public String name() {
        return "systemd";
    }

    @Override
    public Standing look(ProcessSpec spec) {
        Map<String, String> shown;
        try {
            shown = show(spec);
        } catch (IOException broken) {
            return new Standing(State.DIED, 0, 0, version(spec), false, String.valueOf(broken.getMessage()));
        } catch (InterruptedException ending) {
            Thread.currentThread().interrupt();
            return new Standing(State.DIED, 0, 0, version(spec), false, "not asked: the agent ends");
        }
        long pid = Long.parseLong(shown.getOrDefault("MainPID", "0"));
        long started = Proc.see(pid).map(seen -> Proc.wallMillis(seen.startTicks())).orElse(0L);
        String active = shown.getOrDefault("ActiveState", "unknown");
        State state = switch (active) {
            case "active", "reloading" -> State.RUNNING;
            case "activating" -> State.STARTING;
            case "deactivating" -> State.STOPPING;
            case "inactive" -> State.STOPPED;
            default -> State.DIED;
        };
        String detail = state == State.DIED
                ? active + ", " + shown.getOrDefault("Result", "?") + ", exit "
                        + shown.getOrDefault("ExecMainStatus", "?")
                : "";
        return new Standing(state, pid, started, version(spec), false, detail);
    }

    private Map<String, String> show(ProcessSpec spec) throws IOException, InterruptedException {
        var shown = new HashMap<String, String>();
        run(CALL, "systemctl", "show", "--property=ActiveState,MainPID,Result,ExecMainStatus", unit(spec)).lines()
                .forEach(line -> {
                    int equals = line.indexOf('=');
                    if (equals > 0) {
                        shown.put(line.substring(0, equals), line.substring(equals + 1));
                    }
                });
        if (!shown.getOrDefault("MainPID", "0").matches("\\d{1,10}")) {
            throw new IOException("systemctl show: MainPID " + shown.get("MainPID") + " (expected: a number)");
        }
        return shown;
    }

    @Override
    public void start(ProcessSpec spec, String version, Path directory) throws IOException {
        Path fresh = current.resolve(spec.name() + ".new");
        Files.deleteIfExists(fresh);
        Files.createSymbolicLink(fresh, directory.toAbsolutePath());
        Files.move(fresh, current.resolve(spec.name()), StandardCopyOption.ATOMIC_MOVE);
        try {
            forgetFailure(spec); // whoever looks before its job has begun must not take the last end for this start's
            run(CALL, "systemctl", "start", "--no-block", unit(spec));
        } catch (InterruptedException ending) {
            Thread.currentThread().interrupt();
            throw new IOException("systemctl start: interrupted, the agent ends", ending);
        }
    }

    @Override
    public void stop(ProcessSpec spec, Duration patience) throws IOException, InterruptedException {
        try {
            run(patience.plus(CALL), "systemctl", "stop", unit(spec));
        } catch (Late late) {
            run(CALL, "systemctl", "kill", "--signal=SIGKILL", unit(spec));
            run(CALL, "systemctl", "stop", unit(spec));
        }
        forgetFailure(spec);
    }

    // A unit that had to be killed stays failed, though it ended as it was told to. One that is not is left alone:
    // systemd may have forgotten it, and refuses then.
    private void forgetFailure(ProcessSpec spec) throws IOException, InterruptedException {
        if ("failed".equals(show(spec).get("ActiveState"))) {
            run(CALL, "systemctl", "reset-failed", unit(spec));
        }
    }

    @Override
    public String logs(ProcessSpec spec, int lines) throws IOException, InterruptedException {
        String text = run(CALL, "journalctl", "--unit=" + unit(spec), "--lines=" + lines, "--no-pager",
                "--output=short-iso");
        return LogTail.last(text.lines().toList(), lines);
    }

    private String version(ProcessSpec spec) {
        try {
            return String.valueOf(Files.readSymbolicLink(current.resolve(spec.name())).getFileName());
        } catch (IOException never) {
            return "";
        }
    }

    private static String unit(ProcessSpec spec) {
        return "longwire@" + spec.name() + ".service";
    }

    // Its output goes to a file, so that a program that prints without end cannot block us, nor fill our memory.
    private String run(Duration limit, String... words) throws IOException, InterruptedException {
        if (!Set.of("systemctl", "journalctl").contains(words[0])) {
            throw new IllegalArgumentException("program: " + words[0] + " (expected: systemctl or journalctl)");
        }
        Path output = Files.createTempFile(scratch, "call-", ".txt");
        try {
            var command = new ArrayList<>(List.of(words));
            command.set(0, programs.resolve(words[0]).toString());
            Process process = new ProcessBuilder(command).redirectErrorStream(true)
                    .redirectInput(new File("/dev/null")).redirectOutput(output.toFile()).start();
            if (!process.waitFor(limit.toNanos(), TimeUnit.NANOSECONDS)) {
                process.destroyForcibly();
                throw new Late(String.join(" ", words) + ": no answer within " + limit.toMillis() + " ms");
            }
            String text;
            try (var in = Files.newInputStream(output)) {
                text = new String(in.readNBytes(MOST_BYTES), StandardCharsets.UTF_8);
            }
            if (process.exitValue() != 0) {
                throw new IOException(String.join(" ", words) + ": " + process.exitValue() + " " + text.strip());
            }
            return text;
        } finally {
            Files.deleteIfExists(output);
        }
    }

    private static final class Late extends IOException {
        private static final long serialVersionUID = 1;

        Late(String message) {
            super(message);
        }
    }
}
