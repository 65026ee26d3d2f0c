package io.longwire.sdk.store;

import com.google.protobuf.ByteString;
import io.longwire.device.v1.AckStatus;
import io.longwire.device.v1.Push;
import io.longwire.device.v1.PushKind;
import io.longwire.sdk.policy.Dedupe;
import io.longwire.sdk.store.MessageLog.Revocation;
import io.longwire.sdk.store.v1.LogKind;
import io.longwire.sdk.store.v1.LogRecord;
import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** Collapsing, revoking and reporting; each step with the log opened anew, as after a kill. */
class MessageLogLifeTest {
    private static final long KEEP = Long.MAX_VALUE;

    @TempDir
    File directory;

    @Test
    void aNewerOfTheKeyTakesThePlaceOfOneThatWaits() throws IOException {
        store(keyed(1, "k"));
        store(keyed(2, "k"));
        store(keyed(3, "other"));

        assertThat(waiting()).containsExactly(2L, 3L);
        assertThat(contains(1)).isTrue();
        assertThat(show(2)).isZero();
    }

    @Test
    void anOlderOfTheKeyIsNotShown() throws IOException {
        store(keyed(5, "k"));
        assertThat(show(5)).isZero();

        assertThat(store(keyed(4, "k"))).isFalse();
        assertThat(contains(4)).isTrue();
        assertThat(waiting()).isEmpty();
    }

    @Test
    void namesTheOneOfTheKeyThatIsOnTheScreen() throws IOException {
        store(keyed(1, "k"));
        show(1);
        store(keyed(2, "k"));
        store(keyed(3, "k"));

        assertThat(show(3)).isEqualTo(1);
        store(keyed(4, "k"));
        assertThat(show(4)).isEqualTo(3);
    }

    @Test
    void oneThatIsBeingShownIsOnTheScreenForTheNext() throws IOException {
        try (MessageLog log = open()) {
            log.store(keyed(1, "k"), KEEP, 0);
            log.showing(1);
            log.store(keyed(2, "k"), KEEP, 0);
            log.shown(1);
            assertThat(Objects.requireNonNull(log.showing(2)).earlier()).isEqualTo(1);
        }
    }

    @Test
    void oneInDoubtIsNotShownAgainWhenANewerWaits() throws IOException {
        try (MessageLog log = open()) {
            log.store(keyed(1, "k"), KEEP, 0);
            log.showing(1);
            log.store(keyed(2, "k"), KEEP, 0);
        }
        try (MessageLog log = open()) {
            assertThat(log.showing(1)).isNull();
            assertThat(Objects.requireNonNull(log.showing(2)).earlier()).isEqualTo(1);
        }
    }

    @Test
    void oneThatTheAppDeclinedIsNotOnTheScreen() throws IOException {
        store(keyed(1, "k"));
        show(1);
        try (MessageLog log = open()) {
            log.store(keyed(2, "k"), KEEP, 0);
            log.showing(2);
            log.declined(2);
        }
        store(keyed(3, "k"));
        assertThat(waiting()).containsExactly(3L);
        assertThat(show(3)).isEqualTo(1);
    }

    @Test
    void replacesWhatIsNamedBeItWaitingShownOrYetToCome() throws IOException {
        store(plain(1));
        store(replacing(4, 1));
        assertThat(waiting()).containsExactly(4L);
        assertThat(show(4)).isZero();

        store(replacing(5, 4));
        assertThat(show(5)).isEqualTo(4);

        store(replacing(9, 8));
        assertThat(contains(8)).isTrue();
        assertThat(show(9)).isZero();
    }

    @Test
    void inheritsWhatTheReplacedOneWouldHaveReplaced() throws IOException {
        store(plain(1));
        show(1);
        store(replacing(2, 1));
        store(replacing(3, 2));

        assertThat(show(3)).isEqualTo(1);
    }

    @Test
    void anOlderMessageReplacesNothingNewer() throws IOException {
        store(plain(7));
        store(replacing(6, 7));

        assertThat(waiting()).containsExactly(7L, 6L);
    }

    @Test
    void aRevokedMessageThatWaitedIsGoneWithoutAWord() throws IOException {
        store(plain(1));

        assertThat(revoke(2, 1)).isEqualTo(Revocation.DONE);
        assertThat(waiting()).isEmpty();
        assertThat(contains(2)).isTrue();
    }

    @Test
    void aRevocationThatIsFirstKeepsItsMessageFromBeingShown() throws IOException {
        assertThat(revoke(2, 1)).isEqualTo(Revocation.DONE);
        assertThat(contains(1)).isTrue();
    }

    @Test
    void aRevokedMessageThatWasShownMustBeToldAndIsOffTheScreen() throws IOException {
        store(keyed(1, "k"));
        show(1);

        assertThat(revoke(2, 1)).isEqualTo(Revocation.TOLD);
        assertThat(waiting()).containsExactly(2L);
        assertThat(revoke(3, 1)).isEqualTo(Revocation.DONE);
        show(2);
        store(keyed(4, "k"));
        assertThat(show(4)).isZero();
    }

    @Test
    void aMessageRevokedWhileTheAppDeclinesItIsGoneWithoutAWord() throws IOException {
        try (MessageLog log = open()) {
            log.store(plain(1), KEEP, 0);
            log.showing(1);
            log.revoke(push(2).setKind(PushKind.KIND_REVOKE).setReplaces(1).build(), KEEP, 0);
            log.store(plain(3), KEEP, 0);
            log.declined(1);
            assertThat(log.unshown(1)).isNull();
            assertThat(log.unshownCount()).isEqualTo(1);
        }
        assertThat(waiting()).containsExactly(3L);
        assertThat(contains(1)).isTrue();
        assertThat(contains(2)).isTrue();
    }

    @Test
    void oneInDoubtIsNotShownAgainAfterItsRevocation() throws IOException {
        try (MessageLog log = open()) {
            log.store(plain(1), KEEP, 0);
            log.showing(1);
        }
        assertThat(revoke(2, 1)).isEqualTo(Revocation.TOLD);
        try (MessageLog log = open()) {
            assertThat(log.showing(1)).isNull();
            assertThat(log.unshown()).hasSize(1);
        }
    }

    @Test
    void aRevocationIsTooLateForWhatWasOpenedBefore() throws IOException {
        store(plain(1));
        show(1);
        report(1, Dedupe.CLICKED);

        assertThat(revoke(2, 1)).isEqualTo(Revocation.LATE);
        try (MessageLog log = open()) {
            assertThat(log.contains(2)).isTrue();
            assertThat(log.isOpened(1)).isTrue();
            assertThat(log.unshown()).isEmpty();
        }
    }

    @Test
    void aClickAfterTheRevocationDoesNotUndoIt() throws IOException {
        store(plain(1));
        show(1);
        revoke(2, 1);
        assertThat(report(1, Dedupe.CLICKED)).isTrue();

        try (MessageLog log = open()) {
            assertThat(log.isOpened(1)).isFalse();
        }
    }

    @Test
    void keepsReportsUntilTheyAreSent() throws IOException {
        store(plain(1));
        show(1);
        assertThat(report(1, Dedupe.SHOWN)).isTrue();
        assertThat(report(1, Dedupe.SHOWN)).isFalse();
        assertThat(report(1, Dedupe.CLICKED)).isTrue();

        try (MessageLog log = open()) {
            List<Report> all = log.reports(10);
            assertThat(all).extracting(Report::status).containsExactly(AckStatus.ACK_SHOWN, AckStatus.ACK_CLICKED);
            log.sent(all.get(0));
        }
        try (MessageLog log = open()) {
            assertThat(log.reports(10)).extracting(Report::status).containsExactly(AckStatus.ACK_CLICKED);
        }
        assertThat(report(1, Dedupe.SHOWN)).isFalse();
    }

    @Test
    void takesNoReportOfWhatTheAppWasNotGiven() throws IOException {
        store(plain(1));

        assertThat(report(1, Dedupe.SHOWN)).isFalse();
        assertThat(report(99, Dedupe.CLICKED)).isFalse();
    }

    @Test
    void dropsTheOldestReportWhenTooManyWaitAndCountsIt() throws IOException {
        try (MessageLog log = open()) {
            for (int id = 1; id <= Shelf.REPORTS + 3; id++) {
                log.store(plain(id), KEEP, 0);
                log.showing(id);
                log.shown(id);
                log.report(id, Dedupe.SHOWN);
            }
            assertThat(log.lostReports()).isEqualTo(3);
            assertThat(log.reports(5_000)).hasSize(Shelf.REPORTS);
            assertThat(log.reports(1).get(0).messageId()).isEqualTo(4);
        }
    }

    @Test
    void readsTheLogOfAVersionThatKnewOnlyIds() throws IOException {
        try (LogFile<LogRecord> old = LogFile.open(new File(directory, "messages"), false, LogRecord.parser(),
                new ArrayList<>())) {
            old.append(Shelf.record(LogKind.LOG_SEEN, 1).setKeepUntilMs(KEEP).build(), false);
            old.append(Shelf.record(LogKind.LOG_RECEIVED, 2).setKeepUntilMs(KEEP).setPush(plain(2).toByteString())
                    .build(), false);
        }

        assertThat(waiting()).containsExactly(2L);
        assertThat(revoke(11, 1)).as("it was shown").isEqualTo(Revocation.TOLD);
        assertThat(revoke(12, 2)).as("it was not").isEqualTo(Revocation.DONE);
    }

    @Test
    void aRewriteKeepsAllOfIt() throws IOException {
        store(keyed(1, "k"));
        show(1);
        report(1, Dedupe.CLICKED);
        store(plain(2));
        show(2);
        revoke(3, 2);
        revoke(5, 4);
        store(keyed(6, "k"));
        store(replacing(7, 1));
        long before = new File(directory, "messages").length();
        try (MessageLog log = open()) {
            for (int id = 100; id <= 4_000; id++) {
                log.store(plain(id), 0, 1);
                log.showing(id);
                log.shown(id);
            }
        }
        assertThat(new File(directory, "messages").length()).isLessThan(300_000).isGreaterThan(before);
        try (MessageLog log = open()) {
            assertThat(log.isOpened(1)).isTrue();
            assertThat(log.contains(4)).isTrue();
            assertThat(log.reports(10)).hasSize(1);
            assertThat(log.unshown()).extracting(one -> one.push().getMessageId()).containsExactly(3L, 6L, 7L);
            assertThat(Objects.requireNonNull(log.showing(6)).earlier()).isEqualTo(1);
            assertThat(log.store(keyed(5, "k"), KEEP, 1)).isFalse();
        }
    }

    private MessageLog open() throws IOException {
        return MessageLog.open(new File(directory, "messages"), false);
    }

    private boolean store(Push push) throws IOException {
        try (MessageLog log = open()) {
            return log.store(push, KEEP, 0);
        }
    }

    // Returns what it stands in the place of.
    private long show(long id) throws IOException {
        try (MessageLog log = open()) {
            MessageLog.@Nullable Stored one = log.showing(id);
            log.shown(id);
            return Objects.requireNonNull(one).earlier();
        }
    }

    private Revocation revoke(long id, long target) throws IOException {
        try (MessageLog log = open()) {
            return log.revoke(push(id).setKind(PushKind.KIND_REVOKE).setReplaces(target).build(), KEEP, 0);
        }
    }

    private boolean report(long id, int flag) throws IOException {
        try (MessageLog log = open()) {
            return log.report(id, flag);
        }
    }

    private boolean contains(long id) throws IOException {
        try (MessageLog log = open()) {
            return log.contains(id);
        }
    }

    private List<Long> waiting() throws IOException {
        try (MessageLog log = open()) {
            return log.unshown().stream().map(one -> one.push().getMessageId()).toList();
        }
    }

    private static Push plain(long id) {
        return push(id).build();
    }

    private static Push keyed(long id, String key) {
        return push(id).setCollapseKey(ByteString.copyFromUtf8(key)).build();
    }

    private static Push replacing(long id, long earlier) {
        return push(id).setReplaces(earlier).build();
    }

    private static Push.Builder push(long id) {
        return Push.newBuilder().setEndpointId(5).setMessageId(id).setAppId(7)
                .setPayload(ByteString.copyFromUtf8("a payload of some length"));
    }
}
