package io.longwire.e2e.weak;

import io.longwire.keeper.clock.Clock;
import io.longwire.sdk.ConnectionListener;
import io.longwire.sdk.ConnectionStatus;
import io.longwire.sdk.LongwireApp;
import io.longwire.sdk.LongwireClient;
import io.longwire.sdk.Receipt;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/**
 * A phone as a process of its own, which can be frozen, or live where the network is bad. Nobody looks at it, and
 * nobody tells the SDK that it was frozen. Prints what it says and shows.
 */
final class PhoneMain {
    private PhoneMain() {
    }

    /** DISPATCHER APP-KEY DIRECTORY [PORT=SOCKET ...]: ports of loopback that lead to these sockets. */
    public static void main(String[] words) throws Exception {
        for (int i = 3; i < words.length; i++) {
            String[] way = words[i].split("=", 2);
            Relay.fromPort(Integer.parseInt(way[0]), Path.of(way[1]));
        }
        run(words[0], words[1], Path.of(words[2]));
    }

    private static void run(String dispatcher, String appKey, Path files) throws InterruptedException {
        LongwireClient phone = LongwireClient.builder(files.toFile()).dispatcher(dispatcher).sync(false)
                .askAgainAfterMillis(500).listener(new ConnectionListener() {
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
        new CountDownLatch(1).await();
    }

    private static synchronized void print(String line) {
        System.out.println(line); // allowed: what the test reads
    }
}
