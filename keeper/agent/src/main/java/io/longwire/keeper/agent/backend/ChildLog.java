package io.longwire.keeper.agent.backend;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * What a child prints: it appends to one file, and what is above the limit goes to a second one, {@code .1}, in the
 * place of what was there. Stateless; one change at a time.
 *
 * @param mostBytes how large it may be
 */
record ChildLog(Path file, long mostBytes) {
    /** Before a child begins to write. */
    void renew() throws IOException {
        if (tooLarge()) {
            Files.move(file, older(), StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /**
     * While a child writes, which keeps the file open: its newest part is copied, the file emptied. The child appends,
     * so that it goes on at the beginning. What it writes between the last look and the emptying is lost.
     */
    void shorten() throws IOException {
        if (!tooLarge()) {
            return;
        }
        try (FileChannel from = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
                FileChannel to = FileChannel.open(older(), StandardOpenOption.CREATE, StandardOpenOption.WRITE,
                        StandardOpenOption.TRUNCATE_EXISTING)) {
            long at = Math.max(0, from.size() - mostBytes);
            while (at < from.size() && to.position() < 2 * mostBytes) { // it may write as fast as this copies
                at += from.transferTo(at, from.size() - at, to);
            }
            from.truncate(0);
        }
    }

    /** Its last lines, of the second file too where this one has too few. */
    String tail(int lines) throws IOException {
        String now = LogTail.of(file, lines);
        int missing = lines - (int) now.lines().count();
        boolean whole = !Files.exists(file) || Files.size(file) <= LogTail.MOST_BYTES;
        if (missing <= 0 || !whole) {
            return now;
        }
        String before = LogTail.of(older(), missing);
        return before.isEmpty() || now.isEmpty() ? before + now : before + "\n" + now;
    }

    private boolean tooLarge() throws IOException {
        return Files.exists(file) && Files.size(file) > mostBytes;
    }

    private Path older() {
        return file.resolveSibling(file.getFileName() + ".1");
    }
}
