package io.longwire.keeper.agent.order;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** The time of the newest order that was obeyed here; outlives the agent and a power cut. One caller at a time. */
final class NewestOrder {
    private final Path file;
    private long atMillis;

    /**
     * Reads it; nothing is there before the first order.
     *
     * @param unreadable what it is taken for then
     */
    NewestOrder(Path file, long unreadable) {
        this.file = file;
        try {
            this.atMillis = Long.parseLong(Files.readString(file).strip());
        } catch (NoSuchFileException none) {
            this.atMillis = 0;
        } catch (IOException | NumberFormatException broken) {
            this.atMillis = unreadable;
        }
    }

    long atMillis() {
        return atMillis;
    }

    /** Keeps the later of the two; on disk when this returns. */
    void keep(long orderedMillis) throws IOException {
        if (orderedMillis <= atMillis) {
            return;
        }
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        try (var out = FileChannel.open(fresh, StandardOpenOption.CREATE, StandardOpenOption.WRITE,
                StandardOpenOption.TRUNCATE_EXISTING)) {
            out.write(ByteBuffer.wrap(Long.toString(orderedMillis).getBytes(StandardCharsets.US_ASCII)));
            out.force(true);
        }
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        atMillis = orderedMillis;
    }
}
