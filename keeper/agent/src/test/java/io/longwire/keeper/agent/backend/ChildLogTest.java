package io.longwire.keeper.agent.backend;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

final class ChildLogTest {
    @TempDir
    private Path place;
    private Path file;
    private Path older;
    private ChildLog log;

    @BeforeEach
    void create() {
        file = place.resolve("room-1.log");
        older = place.resolve("room-1.log.1");
        log = new ChildLog(file, 12);
    }

    @Test
    void leavesASmallOneAlone() throws IOException {
        log.shorten();
        Files.writeString(file, "one\ntwo\ntri\n");
        log.shorten();
        log.renew();

        assertThat(file).hasContent("one\ntwo\ntri\n");
        assertThat(older).doesNotExist();
    }

    @Test
    void keepsTheNewestPartOfAnOpenOneAside() throws IOException {
        Files.writeString(older, "of an earlier time, and longer");
        try (OutputStream child = Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            child.write(bytes("one\ntwo\nthree\nfour\n"));
            log.shorten();

            assertThat(file).isEmptyFile();
            assertThat(Files.readString(older)).isEqualTo("\nthree\nfour\n");
            child.write(bytes("five\n"));
        }
        assertThat(Files.readString(file)).isEqualTo("five\n");
    }

    @Test
    void tellsItsLastLinesOverBothFiles() throws IOException {
        assertThat(log.tail(3)).isEmpty();
        Files.writeString(older, "one\ntwo\n");
        assertThat(log.tail(1)).isEqualTo("two");
        Files.writeString(file, "three\n");

        assertThat(log.tail(1)).isEqualTo("three");
        assertThat(log.tail(2)).isEqualTo("two\nthree");
        assertThat(log.tail(9)).isEqualTo("one\ntwo\nthree");
    }

    @Test
    void skipsNothingWhereItIsLongerThanItIsRead() throws IOException {
        Files.writeString(older, "long ago\n");
        Files.writeString(file, "x".repeat(LogTail.MOST_BYTES) + "\nthe end\n");

        assertThat(log.tail(5)).isEqualTo("the end");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
