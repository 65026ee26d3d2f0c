package io.longwire.sdk.store;

import com.google.protobuf.ByteString;
import io.longwire.sdk.store.v1.UplinkRecord;
import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class UplinkLogTest {
    private static final long NOW = 1_780_000_000_000L;

    @TempDir
    File directory;

    @Test
    void keepsWhatWaitsInOrderAndCountsOnOverRestarts() throws IOException {
        try (UplinkLog log = open()) {
            for (int i = 0; i < 4; i++) {
                add(log, "body " + i);
            }
            log.done(NOW + 1);
        }
        try (UplinkLog log = open()) {
            assertThat(log.waiting()).extracting(UplinkRecord::getSeq).containsExactly(NOW, NOW + 2, NOW + 3);
            assertThat(log.waiting()).extracting(one -> one.getBody().toStringUtf8()).containsExactly("body 0",
                    "body 2", "body 3");
            assertThat(log.waiting()).allMatch(one -> one.getType().equals("order") && one.getExpireAtMs() == NOW + 9);
            for (UplinkRecord one : log.waiting()) {
                log.done(one.getSeq());
            }
        }
        try (UplinkLog log = open()) {
            assertThat(log.waiting()).isEmpty();
            assertThat(add(log, "next")).isEqualTo(NOW + 4);
        }
    }

    @Test
    void aLogThatWasLostUsesNoNumberAgain() throws IOException {
        try (UplinkLog log = open()) {
            add(log, "one");
        }
        Files.delete(file().toPath());

        try (UplinkLog log = open()) {
            assertThat(log.add("order", ByteString.EMPTY, 0, NOW + 60_000).getSeq()).isEqualTo(NOW + 60_000);
        }
    }

    @Test
    void isBoundedInNumberAndBytes() throws IOException {
        try (UplinkLog log = open()) {
            for (int i = 0; i < UplinkLog.COUNT; i++) {
                assertThat(log.hasRoomFor(1)).isTrue();
                add(log, "x");
            }
            assertThat(log.hasRoomFor(1)).isFalse();
            log.done(NOW);
            assertThat(log.hasRoomFor(1)).isTrue();
            assertThat(log.hasRoomFor(UplinkLog.BYTES)).isFalse();
        }
        try (UplinkLog log = open()) { // counted again from what is read
            assertThat(log.hasRoomFor(UplinkLog.BYTES - UplinkLog.COUNT + 1)).isTrue();
            assertThat(log.hasRoomFor(UplinkLog.BYTES - UplinkLog.COUNT + 2)).isFalse();
        }
    }

    @Test
    void theFileStaysSmallAndKeepsTheNumberWhenAllAreDone() throws IOException {
        String large = "x".repeat(10_000);
        long last = 0;
        try (UplinkLog log = open()) {
            for (int i = 0; i < 1_000; i++) {
                last = add(log, large);
                log.done(last);
            }
            assertThat(file().length()).isLessThan(512 * 1024);
        }
        assertThat(last).isEqualTo(NOW + 999);
        try (UplinkLog log = open()) {
            assertThat(add(log, "after")).isEqualTo(NOW + 1_000);
        }
    }

    @Test
    void survivesAKillAfterAnyByte() throws IOException {
        try (UplinkLog log = open()) {
            add(log, "one");
            add(log, "two");
        }
        byte[] whole = Files.readAllBytes(file().toPath());
        for (int length = whole.length; length >= 0; length--) {
            try (RandomAccessFile cut = new RandomAccessFile(file(), "rw")) {
                cut.setLength(length);
            }
            try (UplinkLog log = open()) {
                List<UplinkRecord> left = log.waiting();
                assertThat(left.size()).isEqualTo(length == whole.length ? 2 : length >= whole.length / 2 ? 1 : 0);
            }
        }
    }

    private long add(UplinkLog log, String body) throws IOException {
        return log.add("order", ByteString.copyFromUtf8(body), NOW + 9, NOW).getSeq();
    }

    private UplinkLog open() throws IOException {
        return UplinkLog.open(file(), false);
    }

    private File file() {
        return new File(directory, "uplinks");
    }
}
