package io.longwire.keeper.agent.backend;

import io.longwire.keeper.agent.Made;
import io.longwire.rpc.agent.ProcessReport.State;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/** Real JVMs as children, and what becomes of them when the agent that started them is another one. */
final class ChildProcessesIT {
    private static final Duration SOON = Duration.ofSeconds(30);

    @TempDir
    private Path home;
    private Path version;
    private ProcessSpec spec;
    private ChildProcesses agent;

    @BeforeEach
    void start() throws IOException {
        version = Made.unpacked(home.resolve("versions/1.0"));
        spec = new ProcessSpec("room-1", "room", config(""), List.of("-Xmx24m"));
        agent = another();
    }

    @AfterEach
    void stop() throws Exception {
        agent.stop(spec, Duration.ofMillis(1));
    }

    @Test
    void startsEndsAndTellsHowItStands() throws Exception {
        assertThat(agent.look(spec)).isEqualTo(Standing.never());
        run();
        Standing running = agent.look(spec);
        assertThat(running.state()).isEqualTo(State.RUNNING);
        assertThat(running.version()).isEqualTo("1.0");
        assertThat(running.adopted()).isFalse();
        assertThat(agent.logs(spec, 10)).contains("args run room --config " + spec.config())
                .contains("process test-host/room-1 version 1.0");
        assertThat(agent.logs(spec, 1)).isEqualTo("waits");

        agent.stop(spec, SOON);
        assertThat(agent.look(spec).state()).isEqualTo(State.STOPPED);
        assertThat(agent.look(spec).version()).as("kept for the next start").isEqualTo("1.0");
        assertThat(ProcessHandle.of(running.pid())).isEmpty();
        agent.stop(spec, SOON);
    }

    @Test
    void findsItsChildrenAgainWhenItIsANewOne() throws Exception {
        run();
        long pid = agent.look(spec).pid();
        ChildProcesses next = another();
        assertThat(next.adopt(List.of(spec))).containsExactly("room-1");
        assertThat(next.look(spec).pid()).isEqualTo(pid);
        assertThat(next.look(spec).adopted()).isTrue();
        next.stop(spec, SOON);
        assertThat(next.look(spec).state()).isEqualTo(State.STOPPED);
        assertThat(ProcessHandle.of(pid).filter(ProcessHandle::isAlive)).isEmpty();
    }

    @Test
    void takesOneThatNobodyCollectsForEnded() throws Exception {
        Process negligent = new ProcessBuilder("sh", "-c", "sleep 60 & echo $!; exec sleep 60").start();
        try (var told = negligent.inputReader()) {
            long pid = Long.parseLong(told.readLine());
            Files.createDirectories(home.resolve("run"));
            new PidFile(pid, Proc.see(pid).orElseThrow().startTicks(), Proc.bootId(), "1.0", false)
                    .write(home.resolve("run/room-1.pid"));

            agent.stop(spec, SOON);

            assertThat(Proc.see(pid).orElseThrow().runs()).as("ended, and still listed").isFalse();
        } finally {
            negligent.destroyForcibly();
        }
    }

    @Test
    void findsAChildThatNobodyWroteDown() throws Exception {
        run();
        long pid = agent.look(spec).pid();
        // As the end of the version before has left it.
        new PidFile(pid, 1, "another-boot", "0.9", true).write(home.resolve("run/room-1.pid"));
        ChildProcesses next = another();
        assertThat(next.look(spec).runs()).isFalse();
        assertThat(next.adopt(List.of(spec))).containsExactly("room-1");
        assertThat(next.look(spec).pid()).isEqualTo(pid);
        assertThat(next.look(spec).version()).as("what it runs, not what ran before").isEqualTo("1.0");
    }

    @Test
    void takesNobodyForItsChildWhoOnlySaysSo() throws Exception {
        var builder = new ProcessBuilder("sleep", "60");
        builder.environment().put("LONGWIRE_PROCESS", "test-host/room-1");
        Process stranger = builder.start();
        try {
            assertThat(agent.adopt(List.of(spec))).isEmpty();
            assertThat(agent.look(spec)).isEqualTo(Standing.never());
        } finally {
            stranger.destroyForcibly();
        }
    }

    @Test
    void neverSignalsAProcessThatHasThePidByNow() throws Exception {
        run();
        long innocent = agent.look(spec).pid();
        PidFile written = PidFile.read(home.resolve("run/room-1.pid")).orElseThrow();
        // As it stood there when a process of ours had that pid, before this one got it.
        var old = new PidFile(innocent, written.startTicks() - 1, written.boot(), "1.0", false);
        ProcessSpec other = new ProcessSpec("room-2", "room", spec.config(), List.of());
        old.write(home.resolve("run/room-2.pid"));
        ChildProcesses next = another();
        assertThat(next.look(other).state()).isEqualTo(State.DIED);
        next.stop(other, Duration.ofSeconds(1));
        assertThat(agent.look(spec).runs()).isTrue();

        var before = new PidFile(innocent, written.startTicks(), "another-boot", "1.0", false);
        before.write(home.resolve("run/room-2.pid"));
        next.stop(other, Duration.ofSeconds(1));
        assertThat(agent.look(spec).runs()).isTrue();
    }

    @Test
    void killsWhatDoesNotEnd() throws Exception {
        spec = new ProcessSpec("room-1", "room", config("stubborn"), List.of("-Xmx24m"));
        run();
        agent.stop(spec, Duration.ofMillis(500));
        assertThat(agent.look(spec).state()).isEqualTo(State.STOPPED);
    }

    @Test
    void endsTheChildThatItCannotWriteDown() throws IOException {
        Files.createDirectories(home.resolve("run/room-1.pid.new/in the way"));

        assertThatThrownBy(() -> agent.start(spec, "1.0", version)).isInstanceOf(IOException.class)
                .hasMessageStartingWith("room-1: its pid file cannot be written: ")
                .hasMessageEndingWith(" (expected: it can; the process is ended)");

        assertThat(ProcessHandle.current().children().map(ProcessHandle::pid)
                .filter(pid -> Proc.commandLine(pid).contains(spec.config().toString()))).isEmpty();
        assertThat(agent.look(spec)).isEqualTo(Standing.never());
        assertThat(agent.adopt(List.of(spec))).isEmpty();
    }

    @Test
    void shortensTheLogOfOneThatGoesOnWriting() throws Exception {
        spec = new ProcessSpec("room-1", "room", config("talks"), List.of("-Xmx24m"));
        run();
        Path log = home.resolve("logs/room-1.log");
        try (var grown = FileChannel.open(log, StandardOpenOption.WRITE)) {
            grown.write(ByteBuffer.wrap(new byte[]{'\n'}), 64L << 20); // the child goes on behind it
        }

        agent.shortenLogs(List.of(spec));

        assertThat(Files.size(log)).isLessThan(1 << 20);
        await().atMost(SOON).until(() -> Files.size(log) > 100);
        assertThat(Files.readString(log)).contains("talks\ntalks").doesNotContain("\0");
        assertThat(Files.size(home.resolve("logs/room-1.log.1"))).isGreaterThanOrEqualTo(64L << 20);
        assertThat(agent.logs(spec, 2)).isEqualTo("talks\ntalks");
    }

    @Test
    void tellsWhoDied() throws Exception {
        spec = new ProcessSpec("room-1", "room", config("dies"), List.of("-Xmx24m"));
        agent.start(spec, "1.0", version);
        await().atMost(SOON).until(() -> agent.look(spec).state() == State.DIED);
        assertThat(agent.look(spec).detail()).isEqualTo("ended with 3");
    }

    private void run() throws IOException {
        agent.start(spec, "1.0", version);
        await().atMost(SOON).until(() -> agent.logs(spec, 10).contains("waits"));
    }

    private ChildProcesses another() throws IOException {
        return new ChildProcesses("test-host", home, new ChildProcesses.Jvm(
                Path.of(System.getProperty("java.home"), "bin", "java"), List.of("-XX:TieredStopAtLevel=1")));
    }

    private Path config(String text) throws IOException {
        return Files.writeString(home.resolve("room.yaml"), "# " + text + "\n");
    }
}
