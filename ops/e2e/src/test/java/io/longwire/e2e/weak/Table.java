package io.longwire.e2e.weak;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The table of the bench: each row as its trial ends, into the log and into {@code target/weak-network.txt}, which
 * begins anew with each JVM. Any thread.
 */
final class Table {
    private static final Logger LOG = LoggerFactory.getLogger(Table.class);
    private static final Path FILE = Path.of("target", "weak-network.txt");
    private static boolean begun;

    private Table() {
    }

    static synchronized void print(Row row) {
        LOG.info("{}", row.line());
        try {
            if (!begun) {
                Files.createDirectories(FILE.toAbsolutePath().getParent());
                Files.writeString(FILE, Row.HEADER + "\n");
                begun = true;
            }
            Files.writeString(FILE, row.line() + "\n", StandardOpenOption.APPEND);
        } catch (IOException full) {
            throw new UncheckedIOException(full);
        }
    }
}
