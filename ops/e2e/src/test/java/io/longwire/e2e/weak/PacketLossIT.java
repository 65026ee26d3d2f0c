package io.longwire.e2e.weak;

import io.longwire.testkit.process.JavaProcess.Options;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Real loss, which no proxy can make: the phone's process lives in a network namespace whose loopback drops 30 % of all
 * packets, so both ways, and the kernel's TCP fights it. Its connections leave the namespace by sockets in the file
 * system. Skipped where there is no {@code nft}, or no right to make a namespace.
 */
@Tag("full")
class PacketLossIT {
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final Duration LOOK = Duration.ofSeconds(60);
    private static final String TABLE = "ip link set lo up && nft add table inet weak"
            + " && nft add chain inet weak incoming '{ type filter hook input priority 0; }'"
            + " && nft add rule inet weak incoming numgen random mod 100 lt 30 counter drop";

    @TempDir
    Path files;

    @Test
    void thirtyPercentLossCostsTimeAndNoMessage() throws Exception {
        Assumptions.assumeTrue(canDrop(),
                "30 % loss: skipped (expected: unshare, ip and nft, and the right to make a network namespace)");
        Path rooms = socket("rooms");
        Path asks = socket("asks");
        try (var trial = new Trial(files.resolve("none"));
                var _ = Relay.fromSocket(rooms, trial.wifi.address());
                var _ = Relay.fromSocket(asks, trial.asks.address())) {
            Options options = Options.of(PhoneMain.class, files.resolve("phone.log"))
                    .arguments("http://127.0.0.1:" + trial.asks.port(), trial.product().appKey(),
                            files.resolve("phone").toString(), trial.wifi.port() + "=" + rooms,
                            trial.asks.port() + "=" + asks)
                    .under("unshare", "--map-root-user", "--net", "/bin/sh", "-c", TABLE + " && exec \"$@\"", "sh");
            Measured row = trial.row("30 % loss each way for 60 s; from the first SYN")
                    .bornAt(trial.clock.elapsedMillis());
            try (var phone = FarPhone.start(trial, options, PATIENCE)) {
                row.online(PATIENCE);
                trial.load(2);
                trial.clock.pass(LOOK);
                row.counted();
                trial.awaitShown(trial.message(), PATIENCE);
                assertThat(phone.process().alive()).isTrue();
                dropNoMore(phone.process().pid());
                row.end();
            }
        }
    }

    /** What the radio does is watched on a network that is well again. */
    private static void dropNoMore(long phone) throws Exception {
        Process mending = new ProcessBuilder("nsenter", "--target", Long.toString(phone), "--user",
                "--preserve-credentials", "--net", "nft", "delete", "table", "inet", "weak").redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.INHERIT).start();
        assertThat(mending.waitFor()).as("exit code of nsenter nft").isZero();
    }

    private static Path socket(String name) throws IOException {
        Path directory = Files.createTempDirectory("longwire-"); // a socket's path has at most 107 characters
        directory.toFile().deleteOnExit();
        Path socket = directory.resolve(name);
        socket.toFile().deleteOnExit();
        return socket;
    }

    private static boolean canDrop() throws InterruptedException {
        try {
            Process trying = new ProcessBuilder("unshare", "--map-root-user", "--net", "/bin/sh", "-c", TABLE)
                    .redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
            boolean ended = trying.waitFor(10, TimeUnit.SECONDS);
            trying.destroyForcibly();
            return ended && trying.exitValue() == 0;
        } catch (IOException missing) {
            return false;
        }
    }
}
