package io.longwire.sdk.store;

import com.google.protobuf.ByteString;
import io.longwire.device.BroadcastSeen;
import io.longwire.device.Limits;
import io.longwire.device.v1.Push;
import io.longwire.sdk.policy.Dedupe;
import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class MessageLogTest {
    @TempDir
    File directory;

    @Test
    void givesOutAgainWhatWasStoredAndNotShown() throws IOException {
        try (MessageLog log = open()) {
            store(log, 1);
            store(log, 2);
            log.showing(1);
            log.shown(1);
        }
        try (MessageLog log = open()) {
            assertThat(ids(log)).containsExactly(2L);
            assertThat(log.unshown().get(0).inDoubt()).isFalse();
            assertThat(log.unshown().get(0).push().getPayload()).isEqualTo(payload());
            assertThat(log.contains(1)).isTrue();
            assertThat(log.contains(3)).isFalse();
        }
    }

    @Test
    void marksWhatWasBeingShownAsInDoubtUnlessTheAppDeclined() throws IOException {
        try (MessageLog log = open()) {
            store(log, 1);
            store(log, 2);
            log.showing(1);
            log.showing(2);
            log.declined(2);
        }
        try (MessageLog log = open()) {
            assertThat(log.unshown().get(0).inDoubt()).isTrue();
            assertThat(log.unshown().get(1).inDoubt()).isFalse();
        }
    }

    @Test
    void survivesAKillAfterAnyByte() throws IOException {
        try (MessageLog log = open()) {
            store(log, 1);
            log.showing(1);
            log.shown(1);
            store(log, 2);
        }
        byte[] whole = Files.readAllBytes(file().toPath());
        int shownEnds = 0;
        for (int cut = 0; cut <= whole.length; cut++) {
            Files.write(file().toPath(), Arrays.copyOf(whole, cut));
            try (MessageLog log = open()) {
                List<Long> ids = ids(log);
                assertThat(ids).as("cut at %d", cut).isSubsetOf(1L, 2L);
                shownEnds += log.contains(1) && !ids.contains(1L) ? 1 : 0;
                // What is stored after the cut is whole again.
                store(log, 9);
            }
            try (MessageLog log = open()) {
                assertThat(ids(log)).as("cut at %d", cut).contains(9L);
            }
        }
        assertThat(shownEnds).isPositive();
    }

    @Test
    void losesOnlyTheBrokenRecord() throws IOException {
        List<Long> ends = new ArrayList<>();
        try (MessageLog log = open()) {
            for (int id = 1; id <= 3; id++) {
                store(log, id);
                ends.add(file().length());
            }
        }
        byte[] whole = Files.readAllBytes(file().toPath());
        for (int at = Math.toIntExact(ends.get(0)); at < ends.get(1); at++) {
            byte[] broken = whole.clone();
            broken[at] ^= 0x40;
            Files.write(file().toPath(), broken);
            try (MessageLog log = open()) {
                assertThat(ids(log)).as("byte %d", at).containsExactly(1L, 3L);
            }
        }
    }

    @Test
    void staysSmallHoweverManyMessagesPass() throws IOException {
        try (MessageLog log = open()) {
            store(log, 1);
            for (int id = 2; id <= 20_000; id++) {
                log.store(push(id), 0, 1);
                log.showing(id);
                log.shown(id);
            }
            assertThat(file().length()).isLessThan(600_000);
            assertThat(ids(log)).containsExactly(1L);
        }
        try (MessageLog log = open()) {
            assertThat(ids(log)).containsExactly(1L);
            assertThat(log.contains(20_000)).isTrue();
        }
    }

    @Test
    void aRewriteKeepsWhatIsInDoubt() throws IOException {
        try (MessageLog log = open()) {
            store(log, 1);
            log.showing(1);
            for (int id = 2; id <= 5_000; id++) {
                log.store(push(id), 0, 1);
                log.shown(id);
            }
        }
        try (MessageLog log = open()) {
            assertThat(ids(log)).containsExactly(1L);
            assertThat(log.unshown().get(0).inDoubt()).isTrue();
        }
    }

    @Test
    void namesTheBroadcastsAboveTheFloor() throws IOException {
        try (MessageLog log = open()) {
            log.store(push(1).toBuilder().setBcastSeq(10).build(), Long.MAX_VALUE, 0);
            log.store(push(2).toBuilder().setBcastSeq(12).build(), Long.MAX_VALUE, 0);
        }
        try (MessageLog log = open()) {
            assertThat(log.broadcastsAbove(10, 0)).containsExactly(12L);
        }
    }

    @Test
    void forgetsNoBroadcastThatIsStillSentForThoseThatAreOver() throws IOException {
        long day = Dedupe.KEEP_MILLIS;
        try (MessageLog log = open()) {
            log.store(push(1).toBuilder().setBcastSeq(2).build(), 100 * day, 0);
            for (int i = 0; i < Limits.BROADCASTS_SEEN - 1; i++) {
                log.store(push(10 + i).toBuilder().setBcastSeq(10 + i).build(), 2 * day, 0);
            }
            assertThat(log.broadcastsAbove(1, 3 * day)).as("there is room for all")
                    .hasSize(Limits.BROADCASTS_SEEN);

            log.store(push(200).toBuilder().setBcastSeq(200).build(), 4 * day, 0);

            assertThat(log.broadcastsAbove(1, 2 * day)).containsExactlyInAnyOrder(2L, 200L);
            assertThat(BroadcastSeen.of(1, log.broadcastsAbove(1, day)).contains(2)).as("over now").isTrue();
            assertThat(log.broadcastsAbove(1, day - 1)).as("all are still sent")
                    .hasSize(Limits.BROADCASTS_SEEN + 1);
        }
    }

    @Test
    void hasABroadcastSeenIfAndOnlyIfItIsStored() throws IOException {
        try (MessageLog log = open()) {
            log.store(push(1).toBuilder().setBcastSeq(10).build(), Long.MAX_VALUE, 0);
            log.store(push(2).toBuilder().setBcastSeq(12).build(), Long.MAX_VALUE, 0);
        }
        try (RandomAccessFile torn = new RandomAccessFile(file(), "rw")) {
            torn.setLength(torn.length() - 1); // as a kill in the middle of the write leaves it
        }
        try (MessageLog log = open()) {
            assertThat(log.broadcastsAbove(0, 0)).containsExactly(10L);
            assertThat(log.contains(2)).isFalse();
            assertThat(log.unshownCount()).isEqualTo(1);
        }
    }

    private MessageLog open() throws IOException {
        return MessageLog.open(file(), false);
    }

    private File file() {
        return new File(directory, "messages");
    }

    private static void store(MessageLog log, long id) throws IOException {
        log.store(push(id), Long.MAX_VALUE, 0);
    }

    private static Push push(long id) {
        return Push.newBuilder().setEndpointId(5).setMessageId(id).setAppId(7).setPayload(payload()).build();
    }

    private static ByteString payload() {
        return ByteString.copyFromUtf8("a payload of some length");
    }

    private static List<Long> ids(MessageLog log) {
        List<Long> ids = new ArrayList<>();
        for (MessageLog.Stored one : log.unshown()) {
            ids.add(one.push().getMessageId());
        }
        return ids;
    }
}
