package io.longwire.saver;

import io.longwire.device.id.MessageId;
import io.longwire.rpc.saver.AppRecord;
import io.longwire.rpc.saver.AppendItem;
import io.longwire.rpc.saver.AppendResult;
import io.longwire.rpc.saver.Conservation;
import io.longwire.rpc.saver.EndItem;
import io.longwire.rpc.saver.EndResult;
import io.longwire.rpc.saver.FetchResult;
import io.longwire.rpc.saver.GetAppRequest;
import io.longwire.rpc.saver.How;
import io.longwire.rpc.saver.InboxRequest;
import io.longwire.rpc.saver.Timeline;
import io.longwire.rpc.saver.TimelineRequest;
import io.longwire.rpc.saver.UpdateAppRequest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

import static io.longwire.saver.RunningSaver.again;
import static io.longwire.saver.RunningSaver.key;
import static io.longwire.saver.RunningSaver.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Append, fetch and end on warm slots. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class SaverIT {
    @TempDir
    private static Path directory = Path.of("");
    @AutoClose
    private RunningSaver saver;

    @BeforeAll
    void start() throws Exception {
        saver = RunningSaver.start(directory).warm();
    }

    @Test
    void keepsAMessageUntilItIsAcked() throws Exception {
        long endpoint = saver.newEndpoint();

        long message = saver.accept(endpoint, "hello");

        FetchResult waiting = saver.fetch(endpoint);
        assertThat(waiting.getCode()).isEqualTo(FetchResult.Code.OK);
        assertThat(texts(waiting)).containsExactly("hello");
        assertThat(timeline(endpoint, message).getState()).isEqualTo(Timeline.State.WAITING);
        assertThat(timeline(endpoint, message).getInInbox()).isTrue();
        assertThat(timeline(endpoint, message).getDueMs()).isPositive();

        assertThat(saver.ack(endpoint, message)).isEqualTo(EndResult.Code.ENDED_NOW);

        assertThat(saver.fetch(endpoint).getMessagesList()).isEmpty();
        Timeline ended = timeline(endpoint, message);
        assertThat(ended.getState()).isEqualTo(Timeline.State.ENDED);
        assertThat(ended.getHow()).isEqualTo(How.ACKED);
        assertThat(ended.getRoomIncarnation()).isEqualTo(7);
        assertThat(ended.getStoredMs()).isPositive();
        assertThat(ended.getWrittenMs()).isGreaterThan(ended.getRoutedMs());
    }

    @Test
    void givesMessagesByIdEightAtATimeWithoutThoseOfTheWindow() throws Exception {
        long endpoint = saver.newEndpoint();
        List<Long> ids = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            ids.add(saver.accept(endpoint, "m" + i));
        }
        ids.sort(Long::compare);

        FetchResult first = saver.fetch(endpoint);
        FetchResult next = saver.fetch(endpoint, ids.subList(0, 8).toArray(Long[]::new));

        assertThat(saver.waiting(endpoint)).isEqualTo(ids.subList(0, 8));
        assertThat(first.getMore()).isTrue();
        assertThat(next.getMessagesList()).extracting(message -> message.getMessageId())
                .containsExactlyElementsOf(ids.subList(8, 16));
    }

    @Test
    void absorbsTheSameMessageAppendedAgain() throws Exception {
        long endpoint = saver.newEndpoint();
        var item = saver.item(endpoint, saver.newId(), "once");

        assertThat(saver.append(item).getCode()).isEqualTo(AppendResult.Code.ACCEPTED);
        assertThat(saver.append(item).getCode()).isEqualTo(AppendResult.Code.ACCEPTED);

        assertThat(saver.waiting(endpoint)).hasSize(1);
        assertThat(saver.ack(endpoint, item.getMessageId())).isEqualTo(EndResult.Code.ENDED_NOW);
        assertThat(saver.ack(endpoint, item.getMessageId())).isEqualTo(EndResult.Code.ALREADY_ENDED);

        assertThat(saver.append(item).getCode()).as("a retry behind its ack").isEqualTo(AppendResult.Code.ACCEPTED);
        assertThat(saver.waiting(endpoint)).isEmpty();
    }

    @Test
    void refusesWhatIsNotToBeStored() throws Exception {
        long endpoint = saver.newEndpoint();
        long old = MessageId.of(
                MessageId.timeMs(saver.newId()) - 11 * 60_000, 1, 1);

        assertThat(saver.append(saver.item(endpoint, old, "old").setExpireAtMs(Long.MAX_VALUE)).getCode())
                .isEqualTo(AppendResult.Code.STALE_ID);
        assertThat(saver.append(saver.item(endpoint ^ 1, saver.newId(), "nobody")).getCode())
                .isEqualTo(AppendResult.Code.NO_ENDPOINT);
        assertThat(saver.append(saver.item(endpoint, saver.newId(), "foreign").setAppId(saver.app + 1)).getCode())
                .isEqualTo(AppendResult.Code.NO_ENDPOINT);
        assertThat(saver.append(saver.item(endpoint, saver.newId(), "x".repeat(6001))).getReason())
                .contains("envelope: 6001 bytes (expected: 1 to 6000)");
        assertThat(saver.append(saver.item(endpoint, saver.newId(), "late").setExpireAtMs(1)).getReason())
                .contains("expire_at_ms: 1 (expected: in the future)");
    }

    /** What all savers have stored is told among them each second. */
    @Test
    void refusesWhatTheAppHasNoBytesLeftForUntilSomethingEnds() throws Exception {
        long endpoint = saver.newEndpoint();
        long large = saver.accept(endpoint, "x".repeat(5_000));
        await().until(() -> storedBytes() >= 5_000);
        try {
            allowBytes(storedBytes());
            await().untilAsserted(() -> {
                AppendResult refused = saver.append(saver.item(endpoint, saver.newId(), "more"));
                assertThat(refused.getCode()).isEqualTo(AppendResult.Code.REJECTED);
                assertThat(refused.getReason()).startsWith("quota: stored_messages, stored_bytes (expected: room");
            });

            assertThat(saver.ack(endpoint, large)).isEqualTo(EndResult.Code.ENDED_NOW);

            await().untilAsserted(() -> saver.accept(endpoint, "room again"));
        } finally {
            allowBytes(0);
        }
    }

    private long storedBytes() throws Exception {
        return again(() -> saver.client.usage(GetAppRequest.newBuilder().setAppId(saver.app).build()))
                .getStoredBytes();
    }

    private void allowBytes(long bytes) throws Exception {
        again(() -> saver.client.updateApp(UpdateAppRequest.newBuilder().addMask("stored_bytes")
                .setApp(AppRecord.newBuilder().setAppId(saver.app).setStoredBytes(bytes)).build()));
    }

    @Test
    void refusesTheAckOfAMessageThatIsNotTheEndpoints() throws Exception {
        long owner = saver.newEndpoint();
        long thief = saver.newEndpoint();
        long message = saver.accept(owner, "mine");

        assertThat(saver.ack(thief, message)).isEqualTo(EndResult.Code.NO_MESSAGE);
        EndResult foreignApp = again(
                () -> saver.client.end(EndItem.newBuilder().setEndpointId(owner).setMessageId(message)
                        .setAppId(saver.app + 1).setHow(How.ACKED).build()));

        assertThat(foreignApp.getCode()).isEqualTo(EndResult.Code.NO_MESSAGE);
        assertThat(saver.waiting(owner)).containsExactly(message);
    }

    @Test
    void countsAttemptsAndNotesThatTheAppDoesNotRun() throws Exception {
        long endpoint = saver.newEndpoint();
        long message = saver.accept(endpoint, "again");
        var note = EndItem.newBuilder().setEndpointId(endpoint).setMessageId(message).setAppId(saver.app);

        noted(note.setKind(EndItem.Kind.UNACKED).setAtMs(15_000));
        noted(note.setKind(EndItem.Kind.UNACKED).setAtMs(15_000));
        assertThat(saver.fetch(endpoint).getMessages(0).getAttempts()).as("told twice").isEqualTo(1);
        noted(note.setKind(EndItem.Kind.UNACKED).setAtMs(30_000));
        noted(note.setKind(EndItem.Kind.DEFERRED).setAtMs(77));

        assertThat(saver.fetch(endpoint).getMessages(0).getAttempts()).isEqualTo(2);
        assertThat(timeline(endpoint, message).getAttempts()).isEqualTo(2);
        assertThat(timeline(endpoint, message).getDeferredMs()).isEqualTo(77);
    }

    private void noted(EndItem.Builder note) {
        await().until(() -> again(() -> saver.client.end(note.build())).getCode() != EndResult.Code.UNAVAILABLE);
    }

    @Test
    void endsTheOldestWhenAnInboxOverflows() throws Exception {
        long endpoint = saver.newEndpoint();
        List<AppendItem.Builder> items = new ArrayList<>();
        List<CompletableFuture<AppendResult>> appends = new ArrayList<>();
        List<Long> ids = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            items.add(saver.item(endpoint, saver.newId(), "m" + i));
            ids.add(items.getLast().getMessageId());
            appends.add(saver.client.append(items.getLast().build()));
        }
        CompletableFuture.allOf(appends.toArray(CompletableFuture[]::new)).exceptionally(late -> null).join();
        for (var item : items) { // again, in case one was late
            assertThat(saver.append(item).getCode()).isEqualTo(AppendResult.Code.ACCEPTED);
        }
        for (int i = 0; i < 5; i++) {
            ids.add(saver.accept(endpoint, "one too many"));
        }
        ids.sort(Long::compare);

        await().until(
                () -> saver.count("SELECT COUNT(*) FROM end_log WHERE how = 5 AND ep = " + endpoint) == 5);
        for (long oldest : ids.subList(0, 5)) {
            assertThat(timeline(endpoint, oldest).getHow()).isEqualTo(How.OVERFLOWED);
        }
        await().untilAsserted(() -> assertThat(again(
                () -> saver.client.inbox(InboxRequest.newBuilder().setEndpointId(endpoint).build())).getMessagesList())
                .hasSize(200));
    }

    @Test
    void neverGivesAnExpiredMessageAndEndsItWhenItIsMet() throws Exception {
        long endpoint = saver.newEndpoint();
        long message = saver.newId();
        saver.append(saver.item(endpoint, message, "short").setExpireAtMs(
                MessageId.timeMs(message) + 3_000));
        long kept = saver.accept(endpoint, "long");

        await()
                .untilAsserted(() -> assertThat(saver.waiting(endpoint)).containsExactly(kept));

        await().until(() -> timeline(endpoint, message).getHow() == How.EXPIRED);
    }

    @Test
    void answersTheSameKeyWithTheSameMessage() throws Exception {
        long endpoint = saver.newEndpoint();
        long first = saver.newId();
        var item = saver.item(endpoint, first, "keyed").setIdempotency(key("k1", "body"));

        assertThat(saver.append(item).getCode()).isEqualTo(AppendResult.Code.ACCEPTED);
        await().until(
                () -> saver.count("SELECT COUNT(*) FROM idem WHERE done = 1 AND msg_id = " + first) == 1);
        AppendResult again = saver.append(item.setMessageId(saver.newId()));
        AppendResult other = saver.append(item.setIdempotency(key("k1", "another body")));

        assertThat(again.getCode()).isEqualTo(AppendResult.Code.DUPLICATE);
        assertThat(again.getMessageId()).isEqualTo(first);
        assertThat(other.getCode()).isEqualTo(AppendResult.Code.KEY_CONFLICT);
        assertThat(saver.waiting(endpoint)).containsExactly(first);
    }

    @Test
    void cancelsWhatWasNotDelivered() throws Exception {
        long endpoint = saver.newEndpoint();
        long message = saver.accept(endpoint, "never mind");
        var request = io.longwire.rpc.saver.CancelRequest.newBuilder().setAppId(saver.app).setEndpointId(endpoint)
                .setMessageId(message).build();

        assertThat(again(() -> saver.client.cancel(request)).getCode()).isEqualTo(EndResult.Code.ENDED_NOW);

        assertThat(saver.waiting(endpoint)).isEmpty();
        assertThat(saver.ack(endpoint, message)).isEqualTo(EndResult.Code.ALREADY_ENDED);
    }

    @Test
    void accountsForEveryMessage() throws Exception {
        long endpoint = saver.newEndpoint();
        Conservation before = saver.conservation();
        for (int i = 0; i < 5; i++) {
            long message = saver.accept(endpoint, "m" + i);
            if (i < 3) {
                saver.ack(endpoint, message);
            }
        }

        Conservation after = saver.conservation();

        assertThat(after.getRows() - before.getRows()).isEqualTo(5);
        assertThat(after.getEndedOrDefault("ACKED", 0) - before.getEndedOrDefault("ACKED", 0)).isEqualTo(3);
        assertThat(after.getLive() - before.getLive()).isEqualTo(2);
        assertThat(after.getGap()).isZero();
        assertThat(after.getHidden()).isZero();
    }

    private Timeline timeline(long endpoint, long message) throws Exception {
        return again(
                () -> saver.client.timeline(TimelineRequest.newBuilder().setAppId(saver.app).setEndpointId(endpoint)
                        .setMessageId(message).build()));
    }
}
