package io.longwire.keeper.agent.backend;

import io.longwire.rpc.agent.ProcessReport.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Against programs that stand for systemd's: they write down how they are called and answer as systemd 252 does. */
final class SystemdTest {
    private static final String SHOW = "systemctl show --property=ActiveState,MainPID,Result,ExecMainStatus "
            + "longwire@room-1.service";
    private static final String FORGET = "systemctl reset-failed longwire@room-1.service";
    // Over before the call is made: whoever does not answer at once is late.
    private static final Duration OVER = Duration.ofDays(-1);

    @TempDir
    private Path place;
    private Path calls;
    private Systemd systemd;
    private final ProcessSpec room = new ProcessSpec("room-1", "room", Path.of("/etc/longwire/room-1.yaml"), List.of());

    @BeforeEach
    void start() throws IOException {
        calls = place.resolve("calls");
        systemd = new Systemd(place.resolve("home"), Files.createDirectories(place.resolve("bin")));
        program("systemctl", "");
        program("journalctl", "echo '2026-11-30T01:02:03+0000 host room[7]: serves'\n");
    }

    @Test
    void startsAUnitWithTheVersionItsLinkPointsTo() throws IOException {
        Path version = Files.createDirectories(place.resolve("versions/1.2"));
        systemd.start(room, "1.2", version);
        assertThat(place.resolve("home/current/room-1")).isSymbolicLink();
        assertThat(Files.readSymbolicLink(place.resolve("home/current/room-1"))).isEqualTo(version);
        assertThat(calls()).containsExactly(SHOW, "systemctl start --no-block longwire@room-1.service");

        Path next = Files.createDirectories(place.resolve("versions/1.3"));
        systemd.start(room, "1.3", next);
        assertThat(Files.readSymbolicLink(place.resolve("home/current/room-1"))).isEqualTo(next);
        assertThat(systemd.look(room).version()).isEqualTo("1.3");
    }

    @Test
    void readsHowAUnitStands() throws IOException {
        program("systemctl", "printf 'Result=success\\nMainPID=" + ProcessHandle.current().pid()
                + "\\nExecMainStatus=0\\nActiveState=active\\n'\n");
        Standing running = systemd.look(room);
        assertThat(running.state()).isEqualTo(State.RUNNING);
        assertThat(running.pid()).isEqualTo(ProcessHandle.current().pid());
        assertThat(calls()).containsExactly(SHOW);

        program("systemctl", "printf 'Result=exit-code\\nMainPID=0\\nExecMainStatus=2\\nActiveState=failed\\n'\n");
        Standing died = systemd.look(room);
        assertThat(died.state()).isEqualTo(State.DIED);
        assertThat(died.detail()).isEqualTo("failed, exit-code, exit 2");

        program("systemctl", "printf 'MainPID=0\\nActiveState=inactive\\n'\n");
        assertThat(systemd.look(room).state()).isEqualTo(State.STOPPED);
        program("systemctl", "printf 'MainPID=1;2\\nActiveState=active\\n'\n");
        assertThat(systemd.look(room).detail()).contains("MainPID 1;2");
    }

    @Test
    void endsAUnitAndReadsItsLog() throws Exception {
        systemd.stop(room, Duration.ofSeconds(1));
        assertThat(systemd.logs(room, 5)).contains("serves");
        assertThat(calls()).containsExactly("systemctl stop longwire@room-1.service", SHOW,
                "journalctl --unit=longwire@room-1.service --lines=5 --no-pager --output=short-iso");
    }

    @Test
    void showsAUnitThatHadToBeKilledAsStopped() throws Exception {
        program("systemctl", "case $1 in\nstop) grep -q SIGKILL " + calls + " || exec sleep 60;;\n"
                + failedUntilForgotten() + "esac\n");

        systemd.stop(room, OVER);

        assertThat(systemd.look(room).state()).isEqualTo(State.STOPPED);
        List<String> calls = calls();
        String kill = "systemctl kill --signal=SIGKILL longwire@room-1.service";
        assertThat(calls.subList(calls.indexOf(kill), calls.size())).containsExactly(kill,
                "systemctl stop longwire@room-1.service", SHOW, FORGET, SHOW);
    }

    @Test
    void startsAUnitThatDiedAsOneThatDidNot() throws IOException {
        program("systemctl", "case $1 in\n" + failedUntilForgotten() + "esac\n");
        assertThat(systemd.look(room).state()).isEqualTo(State.DIED);

        systemd.start(room, "1.2", Files.createDirectories(place.resolve("versions/1.2")));

        assertThat(systemd.look(room).state()).as("though its job has not begun").isEqualTo(State.STOPPED);
        assertThat(calls()).containsExactly(SHOW, SHOW, FORGET,
                "systemctl start --no-block longwire@room-1.service", SHOW);
    }

    private String failedUntilForgotten() {
        return "show) grep -q reset-failed " + calls + " && echo ActiveState=inactive || echo ActiveState=failed;;\n";
    }

    @Test
    void tellsWhatSystemdRefused() throws IOException {
        program("systemctl", "echo 'Unit longwire@room-1.service not found.'\nexit 5\n");
        assertThatThrownBy(() -> systemd.stop(room, Duration.ofSeconds(1))).isInstanceOf(IOException.class)
                .hasMessage("systemctl stop longwire@room-1.service: 5 Unit longwire@room-1.service not found.");
    }

    private List<String> calls() throws IOException {
        return Files.exists(calls) ? Files.readAllLines(calls) : List.of();
    }

    private void program(String name, String body) throws IOException {
        Path file = place.resolve("bin").resolve(name);
        Files.writeString(file, "#!/bin/sh\necho " + name + " \"$@\" >>" + calls + "\n" + body);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    }
}
