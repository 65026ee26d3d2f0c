package io.longwire.center.client;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** Where a reader of receipts keeps how far it is. Called by the thread that reads. */
public interface CursorStore {
    /** The last one kept; empty = from the oldest receipt there is. */
    String load();

    /** Returns when it is kept. */
    void save(String cursor);

    /** Forgets with the process. */
    static CursorStore inMemory() {
        return new CursorStore() {
            private String kept = "";

            @Override
            public String load() {
                return kept;
            }

            @Override
            public void save(String cursor) {
                kept = cursor;
            }
        };
    }

    /** A file, replaced as a whole and on disk when {@code save} returns. */
    static CursorStore file(Path file) {
        return new CursorStore() {
            @Override
            public String load() {
                try {
                    return Files.readString(file).strip();
                } catch (NoSuchFileException first) {
                    return "";
                } catch (IOException unreadable) {
                    throw new UncheckedIOException(file + ": unreadable", unreadable);
                }
            }

            @Override
            public void save(String cursor) {
                Path next = file.resolveSibling(file.getFileName() + ".next");
                try (var channel = FileChannel.open(next, StandardOpenOption.CREATE, StandardOpenOption.WRITE,
                        StandardOpenOption.TRUNCATE_EXISTING)) {
                    channel.write(ByteBuffer.wrap((cursor + "\n").getBytes(StandardCharsets.UTF_8)));
                    channel.force(true);
                    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
                } catch (IOException full) {
                    throw new UncheckedIOException(file + ": not writable", full);
                }
            }
        };
    }
}
