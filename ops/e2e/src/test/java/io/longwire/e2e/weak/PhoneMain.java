package io.longwire.e2e.weak;

import io.longwire.keeper.clock.Clock;
import io.longwire.sdk.ConnectionListener;
import io.longwire.sdk.ConnectionStatus;
import io.longwire.sdk.LongwireApp;
import io.longwire.sdk.LongwireClient;
import io.longwire.sdk.Receipt;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/**
 * A phone as a process of its own, which can be frozen, or live where the network is bad. Nobody looks at it, and
 * nobody tells the SDK that it was frozen. Prints what it says and shows.
 */
final class PhoneMain {
    private static final Duration TICK = Duration.ofMillis(250);

    private final PhoneClock clock = new PhoneClock();
    private final Path speed;
    private int goes = 1;

    private PhoneMain(Path files) {
        speed = speedOf(files);
    }

    /** Has the clock of the phone with these files run so many times as fast as ours, and all its alarms. */
    static void speed(Path files, int times) throws IOException {
        Path written = Files.writeString(Path.of(files + ".next"), Integer.toString(times));
        Files.move(written, speedOf(files), StandardCopyOption.ATOMIC_MOVE);
    }

    private static Path speedOf(Path files) {
        return Path.of(files + ".speed");
    }

    /** DISPATCHER APP-KEY DIRECTORY [PORT=SOCKET ...]: ports of loopback that lead to these sockets. */
    public static void main(String[] words) throws Exception {
        for (int i = 3; i < words.length; i++) {
            String[] way = words[i].split("=", 2);
            Relay.fromPort(Integer.parseInt(way[0]), Path.of(way[1]));
        }
        Path files = Path.of(words[2]);
        new PhoneMain(files).run(words[0], words[1], files);
    }

    private void run(String dispatcher, String appKey, Path files) throws InterruptedException {
        LongwireClient phone = LongwireClient.builder(files.toFile()).dispatcher(dispatcher).sync(false)
                .askAgainAfterMillis(500).clock(clock).wakeups(clock).listener(new ConnectionListener() {
                    @Override
                    public void onStatus(ConnectionStatus status) {
                        print("state " + Clock.system().wallMillis() + " " + status.state() + " " + status.reason());
                    }

                    @Override
                    public void onEndpoint(LongwireApp app, String endpoint) {
                        print("endpoint " + endpoint);
                    }

                    @Override
                    public void onProblem(String what) {
                        print("problem " + what);
                    }
                }).build();
        phone.addApp(appKey, message -> {
            print("shown " + new String(message.payload(), StandardCharsets.UTF_8) + " " + message.endpoint() + " "
                    + message.id());
            return Receipt.DONE;
        });
        phone.setNetwork(Trial.WIFI);
        phone.start();
        Clock.system().every(TICK, this::setClock);
        new CountDownLatch(1).await();
    }

    private void setClock() {
        try {
            int asked = Files.exists(speed) ? Integer.parseInt(Files.readString(speed)) : 1;
            if (asked != goes) {
                goes = asked;
                clock.speed(asked);
            }
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static synchronized void print(String line) {
        System.out.println(line); // allowed: what the test reads
    }
}
