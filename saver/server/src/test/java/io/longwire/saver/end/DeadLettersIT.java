package io.longwire.saver.end;

import com.google.protobuf.ByteString;
import io.longwire.device.v1.Push;
import io.longwire.keeper.cluster.Slots;
import io.longwire.rpc.saver.DeadLetter;
import io.longwire.rpc.saver.EndItem;
import io.longwire.rpc.saver.EndResult;
import io.longwire.rpc.saver.How;
import io.longwire.rpc.saver.ListDeadReply;
import io.longwire.rpc.saver.ReceiptKind;
import io.longwire.saver.Bench;
import io.longwire.saver.FakeReceipts.Told;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/** Endpoints that never ack, hours under the test's clock. */
final class DeadLettersIT {
    private static final Duration WEEK = Duration.ofDays(7);

    private Bench bench;

    @BeforeEach
    void start() throws Exception {
        bench = new Bench().warm();
    }

    @AfterEach
    void stop() {
        bench.close();
    }

    @Test
    void givesAMessageUpAfterTenAttempts() throws Exception {
        long endpoint = bench.newEndpoint();
        long message = bench.accept(endpoint, "never acked", WEEK);
        for (int attempt = 1; attempt <= 9; attempt++) {
            tryOnce(endpoint, message);
        }
        assertThat(bench.waiting(endpoint)).containsExactly(message);

        tryOnce(endpoint, message);

        assertThat(bench.waiting(endpoint)).isEmpty();
        assertThat(bench.count("SELECT how * 100 + code FROM end_log WHERE msg_id = " + message))
                .isEqualTo(How.DEAD_VALUE * 100 + Attempts.CODE_ATTEMPTS);
        assertThat(bench.receipts.of(message)).containsExactly(
                new Told(bench.app, endpoint, message, ReceiptKind.FAILED, How.DEAD_VALUE * 100 + 1));
        DeadLetter letter = bench.letters.get(bench.app, endpoint, message);
        assertThat(letter.getEnvelope().toStringUtf8()).isEqualTo("never acked");
        assertThat(letter.getAttempts()).isEqualTo(10);
        assertThat(letter.getCode()).isEqualTo(Attempts.CODE_ATTEMPTS);
        assertThat(letter.getDeadMs()).isEqualTo(bench.clock.wallMillis() - Duration.ofMinutes(31).toMillis());
        assertThat(bench.ack(endpoint, message)).as("too late").isEqualTo(EndResult.Code.ALREADY_ENDED);
    }

    @Test
    void givesAnOldMessageUpAfterFiveAttempts() throws Exception {
        long endpoint = bench.newEndpoint();
        long message = bench.accept(endpoint, "old", WEEK);
        for (int attempt = 1; attempt <= 5; attempt++) {
            tryOnce(endpoint, message);
        }
        assertThat(bench.waiting(endpoint)).as("younger than a day").containsExactly(message);
        bench.pass(Duration.ofHours(25));
        bench.partitions.round();
        bench.cold.refresh();

        tryOnce(endpoint, message);

        assertThat(bench.waiting(endpoint)).isEmpty();
        assertThat(bench.count("SELECT how * 100 + code FROM msg_cold WHERE msg_id = " + message))
                .isEqualTo(How.DEAD_VALUE * 100 + Attempts.CODE_OLD);
        assertThat(bench.letters.get(bench.app, endpoint, message).getCode()).isEqualTo(Attempts.CODE_OLD);
    }

    @Test
    void keepsThePayloadOfAHeadInTheLetter() throws Exception {
        long endpoint = bench.newEndpoint();
        var item = bench.item(endpoint, "", WEEK).setHeadless(true)
                .setEnvelope(Push.newBuilder().setEndpointId(endpoint).build().toByteString());
        bench.heads.put(item.getMessageId(), "shared by many");
        bench.append(item);

        for (int attempt = 1; attempt <= 10; attempt++) {
            tryOnce(endpoint, item.getMessageId());
        }

        DeadLetter letter = bench.letters.get(bench.app, endpoint, item.getMessageId());
        assertThat(Push.parseFrom(letter.getEnvelope()).getPayload()).isEqualTo(
                ByteString.copyFromUtf8("shared by many"));
    }

    @Test
    void listsLettersByTimePageByPageAndOnlyTheAppsOwn() throws Exception {
        long endpoint = bench.newEndpoint();
        long other = bench.newEndpoint();
        List<Long> dead = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            dead.add(kill(i == 2 ? other : endpoint));
            bench.pass(Duration.ofSeconds(1));
        }

        ListDeadReply first = bench.letters.list(bench.app, ByteString.EMPTY, 3, 0);
        ListDeadReply second = bench.letters.list(bench.app, first.getCursor(), 3, 0);

        assertThat(ids(first)).isEqualTo(dead.subList(0, 3));
        assertThat(ids(second)).isEqualTo(dead.subList(3, 5));
        assertThat(second.getCursor()).isEqualTo(ByteString.EMPTY);
        assertThat(ids(bench.letters.list(bench.app, ByteString.EMPTY, 0, other))).containsExactly(dead.get(2));
        assertThat(ids(bench.letters.list(bench.app + 1, ByteString.EMPTY, 0, 0))).isEmpty();
        assertThat(bench.letters.get(bench.app + 1, other, dead.get(2)).getEndpointId()).isZero();
        assertThatThrownBy(() -> bench.letters.list(bench.app, ByteString.copyFromUtf8("x"), 0, 0))
                .hasMessage("cursor: 1 bytes (expected: one given before)");
    }

    @Test
    void notesWhatALetterWasSentAgainAs() throws Exception {
        long endpoint = bench.newEndpoint();
        long message = kill(endpoint);

        assertThat(bench.letters.resent(bench.app, endpoint, message, 77).getResentAs()).isEqualTo(77);
        assertThat(bench.letters.resent(bench.app, endpoint, message, 79).getResentAs()).as("the first note stays")
                .isEqualTo(77);
        assertThat(bench.letters.resent(bench.app + 1, endpoint, message, 78).getEndpointId()).isZero();

        assertThat(bench.letters.get(bench.app, endpoint, message).getResentAs()).isEqualTo(77);
    }

    @Test
    void forgetsLettersAfterAWeek() throws Exception {
        long endpoint = bench.newEndpoint();
        long message = kill(endpoint);
        bench.pass(Duration.ofDays(6));
        bench.partitions.round();
        assertThat(bench.letters.get(bench.app, endpoint, message).getEndpointId()).isEqualTo(endpoint);

        bench.pass(Duration.ofHours(25));
        bench.partitions.round();

        assertThat(bench.count("SELECT COUNT(*) FROM dead_letter")).isZero();
    }

    @Test
    void givesNothingUpBecauseItsRoomToldOneAttemptTenTimes() throws Exception {
        long endpoint = bench.newEndpoint();
        long message = bench.accept(endpoint, "told again", WEEK);
        long at = bench.clock.wallMillis();
        for (int told = 1; told <= 10; told++) {
            bench.unackedAt(endpoint, message, at);
            bench.pass(Duration.ofSeconds(30));
        }

        assertThat(bench.fetch(endpoint).getMessages(0).getAttempts()).isEqualTo(1);
        assertThat(bench.count("SELECT COUNT(*) FROM dead_letter")).isZero();
    }

    @Test
    void givesUpWhenItsRoomTellsItAgainWhatCouldNotBeGivenUpBefore() throws Exception {
        long endpoint = bench.newEndpoint();
        long message = bench.accept(endpoint, "doomed", WEEK);
        for (int attempt = 1; attempt <= 9; attempt++) {
            bench.unacked(endpoint, message);
        }
        long at = bench.clock.wallMillis() + 1;
        bench.execute("RENAME TABLE dead_letter TO dead_letter_away");

        assertThat(bench.unackedAt(endpoint, message, at)).isEqualTo(EndResult.Code.UNAVAILABLE);
        assertThat(bench.count("SELECT COUNT(*) FROM end_log WHERE msg_id = " + message)).isZero();
        bench.execute("RENAME TABLE dead_letter_away TO dead_letter");
        assertThat(bench.unackedAt(endpoint, message, at)).isEqualTo(EndResult.Code.NOTED);

        assertThat(bench.letters.get(bench.app, endpoint, message).getAttempts()).isEqualTo(10);
        assertThat(bench.count("SELECT how FROM end_log WHERE msg_id = " + message)).isEqualTo(How.DEAD_VALUE);
    }

    @Test
    void keepsTheLetterWhenAnotherSaverGaveTheMessageUpFirst() throws Exception {
        long endpoint = bench.newEndpoint();
        long message = triedFourTimesInADay(endpoint);

        endWhileItIsGivenUp(endpoint, message, How.DEAD);

        assertThat(bench.letters.get(bench.app, endpoint, message).getEndpointId()).isEqualTo(endpoint);
    }

    @Test
    void keepsNoLetterOfAMessageThatWasAckedFirst() throws Exception {
        long endpoint = bench.newEndpoint();
        long message = triedFourTimesInADay(endpoint);

        endWhileItIsGivenUp(endpoint, message, How.ACKED);

        assertThat(bench.letters.get(bench.app, endpoint, message).getEndpointId()).isZero();
    }

    @Test
    void countsNoAttemptOfAnAppThatDoesNotRun() throws Exception {
        long endpoint = bench.newEndpoint();
        long message = bench.accept(endpoint, "deferred", WEEK);
        for (int i = 0; i < 12; i++) {
            Bench.get(bench.ends.handle(EndItem.newBuilder().setKind(EndItem.Kind.DEFERRED)
                    .setEndpointId(endpoint).setMessageId(message).setAtMs(bench.clock.wallMillis()).build()));
        }

        assertThat(bench.fetch(endpoint).getMessages(0).getAttempts()).isZero();
        assertThat(bench.count("SELECT COUNT(*) FROM dead_letter")).isZero();
    }

    private long kill(long endpoint) throws Exception {
        long message = bench.accept(endpoint, "doomed", WEEK);
        for (int attempt = 1; attempt <= 10; attempt++) {
            bench.unacked(endpoint, message);
        }
        return message;
    }

    private long triedFourTimesInADay(long endpoint) throws Exception {
        long message = bench.accept(endpoint, "old", WEEK);
        for (int attempt = 1; attempt <= 4; attempt++) {
            bench.unacked(endpoint, message);
        }
        bench.pass(Duration.ofHours(25));
        bench.partitions.round();
        bench.cold.refresh();
        return message;
    }

    // The end of another saver: begun before this one looks at the row, committed when it is about to write its own.
    private void endWhileItIsGivenUp(long endpoint, long message, How how) throws Exception {
        long at = bench.clock.wallMillis() + 1;
        CompletableFuture<EndResult> fifth;
        try (Connection other = bench.shard.connectForJob(); Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.executeUpdate("UPDATE msg_cold SET how = " + how.getNumber() + ", at = 1 WHERE slot = "
                    + Slots.of(endpoint) + " AND ep = " + endpoint + " AND msg_id = " + message);
            fifth = bench.ends.handle(EndItem.newBuilder().setKind(EndItem.Kind.UNACKED).setEndpointId(endpoint)
                    .setMessageId(message).setAppId(bench.app).setAtMs(at).build());
            await().until(() -> bench.count("SELECT COUNT(*) FROM information_schema.processlist"
                    + " WHERE db = DATABASE() AND info LIKE 'UPDATE msg_cold SET how%'") > 0);
            other.commit();
        }
        if (Bench.get(fifth).getCode() == EndResult.Code.UNAVAILABLE) { // its room tells it again
            await().until(() -> bench.unackedAt(endpoint, message, at) != EndResult.Code.UNAVAILABLE);
        }
    }

    private void tryOnce(long endpoint, long message) throws Exception {
        bench.unacked(endpoint, message);
        bench.pass(Duration.ofMinutes(31)); // behind the backoff
    }

    private static List<Long> ids(ListDeadReply reply) {
        return reply.getLettersList().stream().map(DeadLetter::getMessageId).toList();
    }
}
