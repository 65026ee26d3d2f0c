package io.longwire.demo.apk;

import io.longwire.sdk.LongwireApp;
import io.longwire.sdk.LongwireClient;
import io.longwire.sdk.Receipt;
import io.longwire.sdk.Uplink;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A phone's day in short, to be run by the SDK as it is in the APKs. */
final class Journey {
    private Journey() {
    }

    /** Connects, sends an uplink, waits for a message; returns what became of them. */
    static String run(String dispatcher, String appKey, File directory) throws InterruptedException {
        BlockingQueue<String> shown = new LinkedBlockingQueue<>();
        try (LongwireClient phone = LongwireClient.builder(directory).dispatcher(dispatcher).foreground(true)
                .build()) {
            LongwireApp app = phone.addApp(appKey, message -> {
                shown.add(new String(message.payload(), StandardCharsets.UTF_8));
                return Receipt.DONE;
            });
            phone.start();
            boolean online = app.awaitOnline(30_000);
            Uplink.Result sent = app.send("order", new byte[]{42}).await(30_000);
            return online + " " + sent + " " + shown.poll(30, TimeUnit.SECONDS);
        }
    }
}
