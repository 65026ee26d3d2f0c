package io.longwire.keeper.agent.backend;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/** The end of a log file: its last lines, at most 256 KiB of them. */
final class LogTail {
    static final int MOST_BYTES = 256 << 10;

    private LogTail() {
    }

    static String of(Path file, int lines) throws IOException {
        try (SeekableByteChannel channel = Files.newByteChannel(file)) {
            long from = Math.max(0, channel.size() - MOST_BYTES);
            channel.position(from);
            var bytes = ByteBuffer.allocate(MOST_BYTES);
            int read = 0;
            while (bytes.hasRemaining() && read >= 0) {
                read = channel.read(bytes);
            }
            String text = new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
            List<String> all = text.lines().toList();
            List<String> whole = from > 0 && !all.isEmpty() ? all.subList(1, all.size()) : all;
            return last(whole, lines);
        } catch (NoSuchFileException none) {
            return "";
        }
    }

    static String last(List<String> all, int lines) {
        return String.join("\n", all.subList(Math.max(0, all.size() - lines), all.size()));
    }
}
