package io.longwire.saver.append;

import com.google.protobuf.ByteString;
import io.longwire.device.id.MessageId;
import io.longwire.device.v1.Push;
import io.longwire.keeper.cluster.Slots;
import io.longwire.rpc.saver.AppendItem;
import io.longwire.rpc.saver.AppendResult;
import io.longwire.rpc.saver.FetchItem;
import io.longwire.rpc.saver.Idempotency;
import io.longwire.saver.Bench;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import static io.longwire.saver.Bench.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** What a caller's key stands for, also when a process died between the claim and the store. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class IdempotencyIT {
    private static final Duration DAY = Duration.ofDays(1);

    private Bench bench;
    private int keys;

    @BeforeAll
    void start() throws Exception {
        bench = new Bench().warm();
    }

    @AfterAll
    void stop() {
        bench.close();
    }

    @Test
    void storesUnderTheIdOfACallerThatDiedBeforeItStored() throws Exception {
        long endpoint = bench.newEndpoint();
        Idempotency key = key("body");
        long claimed = bench.newId();
        claim(key, claimed, 0, bench.clock.wallMillis());
        AppendItem.Builder item = push(endpoint, key);

        AppendResult result = bench.append(item);

        assertThat(result.getCode()).isEqualTo(AppendResult.Code.ACCEPTED);
        assertThat(result.getMessageId()).isEqualTo(claimed).isNotEqualTo(item.getMessageId());
        assertThat(bench.waiting(endpoint)).containsExactly(claimed);
        Push stored = Push.parseFrom(get(bench.fetches.fetch(FetchItem.newBuilder().setEndpointId(endpoint).build()))
                .getMessages(0).getEnvelope());
        assertThat(stored.getMessageId()).as("the phone must know it by the id in force").isEqualTo(claimed);
        await().until(() -> done(claimed) == 1);
    }

    @Test
    void aBlockedAppendStoresNothingAndIsADuplicateOfWhatWasStoredBefore() throws Exception {
        long endpoint = bench.newEndpoint();
        Idempotency key = key("body");

        AppendResult refused = bench.append(push(endpoint, key).setBlocked("blocked: banned"));
        assertThat(refused.getCode()).isEqualTo(AppendResult.Code.REJECTED);
        assertThat(refused.getReason()).isEqualTo("blocked: banned");
        assertThat(bench.waiting(endpoint)).isEmpty();

        long stored = bench.append(push(endpoint, key)).getMessageId();
        AppendResult again = bench.append(push(endpoint, key).setBlocked("blocked: banned"));
        assertThat(again.getCode()).isEqualTo(AppendResult.Code.DUPLICATE);
        assertThat(again.getMessageId()).isEqualTo(stored);
        assertThat(bench.waiting(endpoint)).containsExactly(stored);
    }

    @Test
    void answersDuplicateForAnOldClaimThatIsInTheLedger() throws Exception {
        long endpoint = bench.newEndpoint();
        long stored = bench.accept(endpoint, "stored, then its center died", DAY);
        Idempotency key = key("body");
        claim(key, stored, 0, bench.clock.wallMillis());
        bench.pass(Duration.ofMinutes(11));

        AppendResult result = bench.append(push(endpoint, key));

        assertThat(result.getCode()).isEqualTo(AppendResult.Code.DUPLICATE);
        assertThat(result.getMessageId()).isEqualTo(stored);
        await().until(() -> done(stored) == 1);
        assertThat(bench.waiting(endpoint)).containsExactly(stored);
    }

    @Test
    void putsAnOldMessageThatNoInboxHasWhereAFetchFindsIt() throws Exception {
        long endpoint = bench.newEndpoint();
        long row = rowAlone(endpoint);
        Idempotency key = key("body");
        claim(key, row, 0, bench.clock.wallMillis());
        bench.pass(Duration.ofMinutes(11));
        bench.accept(endpoint, "later, so that a repair from the slot's newest does not meet it", DAY);
        assertThat(bench.waiting(endpoint)).doesNotContain(row);

        AppendResult result = bench.append(push(endpoint, key));

        assertThat(result.getCode()).isEqualTo(AppendResult.Code.DUPLICATE);
        assertThat(result.getMessageId()).isEqualTo(row);
        bench.cold.refresh();
        assertThat(bench.waiting(endpoint)).as("by the ledger").contains(row);
        bench.warm();
        assertThat(bench.waiting(endpoint)).as("in the inbox").contains(row);
        await().until(() -> done(row) == 1);
    }

    @Test
    void putsABlockedMessagesRowWhereAFetchFindsIt() throws Exception {
        long endpoint = bench.newEndpoint();
        long row = rowAlone(endpoint);
        Idempotency key = key("body");
        claim(key, row, 0, bench.clock.wallMillis());

        AppendResult result = bench.append(push(endpoint, key).setBlocked("blocked: banned"));

        assertThat(result.getCode()).isEqualTo(AppendResult.Code.DUPLICATE);
        bench.warm();
        assertThat(bench.waiting(endpoint)).containsExactly(row);
    }

    // As a saver leaves it that died between its two stores.
    private long rowAlone(long endpoint) throws Exception {
        AppendItem item = push(endpoint, Idempotency.getDefaultInstance()).build();
        bench.execute("INSERT INTO msg_log (slot, ep, msg_id, app, kind, expire_at, stored_at, body) VALUES ("
                + Slots.of(endpoint) + ", " + endpoint + ", " + item.getMessageId() + ", " + bench.app + ", 0, "
                + item.getExpireAtMs() + ", " + bench.clock.wallMillis() + ", " + literal(item.getEnvelope()) + ")");
        return item.getMessageId();
    }

    @Test
    void swapsANewIdInForAnOldClaimThatWasNeverStored() throws Exception {
        long endpoint = bench.newEndpoint();
        Idempotency key = key("body");
        long never = bench.newId();
        claim(key, never, 0, bench.clock.wallMillis());
        bench.pass(Duration.ofMinutes(11));
        AppendItem.Builder item = push(endpoint, key);

        AppendResult result = bench.append(item);

        assertThat(result.getCode()).isEqualTo(AppendResult.Code.ACCEPTED);
        assertThat(result.getMessageId()).isEqualTo(item.getMessageId());
        assertThat(bench.waiting(endpoint)).containsExactly(item.getMessageId());
        await().until(() -> done(item.getMessageId()) == 1);
    }

    @Test
    void takesAKeyAnewAfterADay() throws Exception {
        long endpoint = bench.newEndpoint();
        Idempotency key = key("body");
        claim(key, MessageId.of(bench.clock.wallMillis() - DAY.toMillis() - 1, 1, 1), 1,
                bench.clock.wallMillis() - DAY.toMillis() - 1);
        Idempotency otherBody = key.toBuilder().setBodyHash(hash("another")).build();

        AppendResult result = bench.append(push(endpoint, otherBody));

        assertThat(result.getCode()).isEqualTo(AppendResult.Code.ACCEPTED);
    }

    @Test
    void storesOneMessageForManyCallersWithOneKey() throws Exception {
        long endpoint = bench.newEndpoint();
        Idempotency key = key("body");
        List<CompletableFuture<AppendResult>> answers = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            answers.add(bench.appends.append(push(endpoint, key).build()));
        }

        for (var answer : answers) {
            assertThat(get(answer).getCode()).isIn(AppendResult.Code.ACCEPTED, AppendResult.Code.DUPLICATE);
            assertThat(get(answer).getMessageId()).isEqualTo(get(answers.getFirst()).getMessageId());
        }
        assertThat(bench.count("SELECT COUNT(*) FROM msg_log WHERE ep = " + endpoint)).isEqualTo(1);
        assertThat(bench.waiting(endpoint)).hasSize(1);
    }

    @Test
    void keepsKeysOfDifferentAppsApart() throws Exception {
        Idempotency key = key("body");
        claim(key, bench.newId(), 1, bench.clock.wallMillis(), bench.app + 1);

        assertThat(bench.append(push(bench.newEndpoint(), key)).getCode()).isEqualTo(AppendResult.Code.ACCEPTED);
    }

    private AppendItem.Builder push(long endpoint, Idempotency key) {
        AppendItem.Builder item = bench.item(endpoint, "", DAY).setIdempotency(key);
        return item.setEnvelope(Push.newBuilder().setEndpointId(endpoint).setMessageId(item.getMessageId())
                .setPayload(ByteString.copyFromUtf8("payload")).build().toByteString());
    }

    private Idempotency key(String body) throws Exception {
        return Idempotency.newBuilder().setKeyHash(hash("key-" + ++keys)).setBodyHash(hash(body)).build();
    }

    private static ByteString hash(String text) throws Exception {
        return ByteString.copyFrom(
                MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    }

    private void claim(Idempotency key, long message, int done, long at) throws Exception {
        claim(key, message, done, at, bench.app);
    }

    private void claim(Idempotency key, long message, int done, long at, int app) throws Exception {
        bench.execute("INSERT INTO idem (app, key_hash, body_hash, msg_id, done, at) VALUES (" + app + ", "
                + literal(key.getKeyHash()) + ", " + literal(key.getBodyHash()) + ", " + message + ", " + done + ", "
                + at + ")");
    }

    private static String literal(ByteString bytes) {
        return "x'" + HexFormat.of().formatHex(bytes.toByteArray()) + "'";
    }

    private long done(long message) throws Exception {
        return bench.count("SELECT done FROM idem WHERE msg_id = " + message);
    }
}
