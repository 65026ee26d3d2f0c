package io.longwire.sdk;

import java.io.File;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;

/** A phone as a process of its own, for tests that kill it: writes what its listener hears into a file. */
final class PhoneProcess {
    private PhoneProcess() {
    }

    private static final int UPLINKS_OPEN = 20;

    /** Arguments: dispatcher, directory, file to write what was shown into; how many uplinks to send. */
    public static void main(String[] args) throws Exception {
        LongwireClient phone = LongwireClient.builder(new File(args[1])).dispatcher(args[0]).foreground(true)
                .sync(false)
                .askAgainAfterMillis(100).build();
        OutputStream shown = new FileOutputStream(args[2], true);
        LongwireApp app = phone.addApp(TestPhone.APP_7, new MessageListener() {
            @Override
            public Receipt onMessage(Message message) throws IOException {
                write(shown, message.id() + (message.mayBeRepeated() ? " ?" : ""));
                return Receipt.DONE;
            }

            @Override
            public void onRevoked(String messageId) throws IOException {
                write(shown, "-" + messageId);
            }
        });
        phone.start();
        for (int i = 0; args.length > 3 && i < Integer.parseInt(args[3]); i++) {
            String body = ProcessHandle.current().pid() + " " + i;
            Uplink uplink = app.send("count", body.getBytes(StandardCharsets.UTF_8));
            if (i % UPLINKS_OPEN == 0) {
                uplink.await(60_000);
            }
        }
        new CountDownLatch(1).await();
    }

    // One write for one line, so that a kill leaves whole lines.
    private static void write(OutputStream shown, String line) throws IOException {
        shown.write((line + "\n").getBytes(StandardCharsets.UTF_8));
    }
}
