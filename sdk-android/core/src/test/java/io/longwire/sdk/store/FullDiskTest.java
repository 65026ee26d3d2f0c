package io.longwire.sdk.store;

import com.google.protobuf.ByteString;
import io.longwire.device.v1.Push;
import io.longwire.sdk.store.v1.UplinkRecord;
import java.io.File;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class FullDiskTest {
    private static final long NOW = 1_780_000_000_000L;

    @TempDir
    File directory;

    @Test
    void aMessageIsStoredWholeOrNotAtAll() throws IOException {
        try (MessageLog log = MessageLog.open(new File(directory, "messages"), false)) {
            FullDisk disk = FullDisk.below(log);
            log.store(push(1), NOW + 9, NOW);
            disk.full = true;
            assertThatThrownBy(() -> log.store(push(2), NOW + 9, NOW)).isInstanceOf(IOException.class);
            assertThat(log.contains(2)).isFalse();
            assertThat(log.unshown(2)).isNull();

            disk.full = false;
            log.store(push(3), NOW + 9, NOW);
        }
        try (MessageLog log = MessageLog.open(new File(directory, "messages"), false)) {
            assertThat(log.unshown()).extracting(one -> one.push().getMessageId()).containsExactly(1L, 3L);
        }
    }

    @Test
    void anUplinkIsKeptWholeOrNotAtAll() throws IOException {
        try (UplinkLog log = UplinkLog.open(new File(directory, "uplinks"), false)) {
            FullDisk disk = FullDisk.below(log);
            add(log, "one");
            disk.full = true;
            assertThatThrownBy(() -> add(log, "two")).isInstanceOf(IOException.class);
            assertThat(log.waiting()).hasSize(1);

            disk.full = false;
            add(log, "three");
        }
        try (UplinkLog log = UplinkLog.open(new File(directory, "uplinks"), false)) {
            assertThat(log.waiting()).extracting(one -> one.getBody().toStringUtf8()).containsExactly("one", "three");
            assertThat(log.waiting()).extracting(UplinkRecord::getSeq).doesNotHaveDuplicates();
        }
    }

    private static void add(UplinkLog log, String body) throws IOException {
        log.add("order", ByteString.copyFromUtf8(body), NOW + 9, NOW);
    }

    private static Push push(long id) {
        return Push.newBuilder().setMessageId(id).setEndpointId(99).setAppId(7).setExpireAtMs(NOW + 9)
                .setPayload(ByteString.copyFromUtf8("message " + id)).build();
    }
}
