package io.longwire.e2e.uplink;

import io.longwire.testkit.process.JavaProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A consumer that can be killed and started again; what all its lives wrote goes into the books. One thread. */
final class ConsumerProcess implements AutoCloseable {
    private final Path home;
    private final List<String> words;
    private final String channel;
    private final UplinkBooks books;
    private final List<Path> files = new ArrayList<>();
    private final List<Long> read = new ArrayList<>();
    private JavaProcess running;
    private int redelivered;

    /** Starts it. */
    ConsumerProcess(Path home, String addresses, String key, String type, String channel, UplinkBooks books) {
        this.home = home;
        this.words = List.of(addresses, key, type, channel);
        this.channel = channel;
        this.books = books;
        this.running = launch();
    }

    /** Ends it where it stands. */
    void kill9() {
        running.kill9();
    }

    /** Another process; returns when it has consumed something. */
    void restart(Duration limit) {
        running = launch();
        running.awaitLine("consumes", limit);
    }

    private JavaProcess launch() {
        Path file = home.resolve("consumed-" + files.size() + ".tsv");
        files.add(file);
        read.add(0L);
        var all = new ArrayList<>(words);
        all.add(file.toString());
        return JavaProcess.start(JavaProcess.Options.of(ConsumerMain.class, home.resolve("consumer-" + files.size()
                + ".log")).arguments(all.toArray(String[]::new)));
    }

    /** Takes what was written since the last look into the books; a line that is not whole yet is left. */
    void look() {
        for (int i = 0; i < files.size(); i++) {
            read.set(i, look(files.get(i), read.get(i)));
        }
    }

    /** Deliveries that were not the first of their event. */
    int redelivered() {
        return redelivered;
    }

    private long look(Path file, long from) {
        if (!Files.exists(file)) {
            return from;
        }
        try (var channelOfFile = Files.newByteChannel(file)) {
            channelOfFile.position(from);
            var bytes = ByteBuffer.allocate((int) (channelOfFile.size() - from));
            int more = 0;
            while (bytes.hasRemaining() && more >= 0) {
                more = channelOfFile.read(bytes);
            }
            String text = new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
            int whole = text.lastIndexOf('\n') + 1;
            text.substring(0, whole).lines().forEach(this::take);
            return from + text.substring(0, whole).getBytes(StandardCharsets.UTF_8).length;
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private void take(String line) {
        String[] fields = line.split("\t", 3);
        redelivered += fields[1].equals("1") ? 0 : 1;
        books.delivered(channel, fields[0], fields[2]);
    }

    @Override
    public void close() {
        running.close();
    }
}
