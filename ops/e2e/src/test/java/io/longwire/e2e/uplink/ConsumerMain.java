package io.longwire.e2e.uplink;

import io.longwire.coordinator.client.consume.ConsumerOptions;
import io.longwire.coordinator.client.consume.EventConsumer;
import io.longwire.coordinator.client.consume.Verdict;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A product's consumer as a process, by the client of the coordinators: writes each event into a file, a line of its
 * own, before it finishes it. What stands in the file outlives the process, whose end may be SIGKILL.
 */
final class ConsumerMain {
    private ConsumerMain() {
    }

    /** ADDRESS,ADDRESS KEY TYPE CHANNEL FILE. */
    public static void main(String[] words) throws Exception {
        var options = ConsumerOptions.of(List.of(words[0].split(",", -1)), words[1], words[2], words[3]).rdy(500);
        var ready = new AtomicBoolean();
        try (var file = FileChannel.open(Path.of(words[4]), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
                var consumer = EventConsumer.start(options, event -> {
                    write(file, event.eventId() + "\t" + event.attempt() + "\t" + event.body().toStringUtf8() + "\n");
                    if (ready.compareAndSet(false, true)) {
                        System.out.println("consumes"); // allowed: what the test waits for
                    }
                    return Verdict.FIN;
                })) {
            consumer.ended().get();
        }
    }

    private static void write(FileChannel file, String line) {
        try {
            synchronized (file) {
                var bytes = ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8));
                while (bytes.hasRemaining()) {
                    file.write(bytes);
                }
            }
        } catch (IOException full) {
            throw new UncheckedIOException(full);
        }
    }
}
