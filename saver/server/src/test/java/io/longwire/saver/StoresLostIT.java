package io.longwire.saver;

import io.longwire.rpc.saver.AppendItem;
import io.longwire.rpc.saver.AppendResult;
import io.longwire.rpc.saver.EndResult;
import io.longwire.rpc.saver.FetchResult;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static io.longwire.saver.RunningSaver.again;
import static io.longwire.saver.RunningSaver.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** What was accepted stays, and what is answered stays honest, while Redis or MariaDB is wiped, down or frozen. */
final class StoresLostIT {
    private static final Duration LONG = Duration.ofSeconds(40);

    @TempDir
    private Path directory = Path.of("");
    @AutoClose
    private RunningSaver saver;

    @BeforeEach
    void start() throws Exception {
        saver = RunningSaver.start(directory).warm();
    }

    @Test
    void answersFromTheLedgerWhenRedisIsWipedAndRefillsIt() throws Exception {
        long endpoint = saver.newEndpoint();
        long acked = saver.accept(endpoint, "acked");
        long waiting = saver.accept(endpoint, "waiting");
        saver.ack(endpoint, acked);

        saver.redis.wipe();

        await().atMost(LONG).untilAsserted(() -> {
            FetchResult result = saver.fetch(endpoint);
            assertThat(result.getCode()).isEqualTo(FetchResult.Code.OK);
            assertThat(texts(result)).containsExactly("waiting");
        });
        saver.warm();
        await().atMost(LONG).until(() -> !saver.reach.asked().isEmpty());
        assertThat(saver.reach.asked()).as("what was put back is looked up").contains(endpoint);
        assertThat(saver.waiting(endpoint)).containsExactly(waiting);
        assertThat(saver.ack(endpoint, waiting)).isEqualTo(EndResult.Code.ENDED_NOW);
        assertThat(saver.waiting(endpoint)).isEmpty();
        assertThat(saver.conservation().getHidden()).isZero();
    }

    @Test
    void refillsEverythingThoughANewMessageCameIntoTheWipedRedisFirst() throws Exception {
        long endpoint = saver.newEndpoint();
        long before = saver.accept(endpoint, "before");

        saver.redis.wipe();
        long after = saver.accept(endpoint, "after");

        saver.warm();
        assertThat(saver.waiting(endpoint)).containsExactly(before, after);
        assertThat(saver.conservation().getHidden()).isZero();
    }

    @Test
    void acceptsWithoutRedisAndDeliversFromTheLedger() throws Exception {
        long endpoint = saver.newEndpoint();
        long first = saver.accept(endpoint, "in redis");
        saver.redis.kill();

        AppendItem item = saver.item(endpoint, saver.newId(), "in the ledger").build();
        AppendResult result = again(() -> saver.client.append(item)); // its first answer

        assertThat(result.getCode()).isEqualTo(AppendResult.Code.ACCEPTED);
        assertThat(result.getCold()).isTrue();
        assertThat(texts(saver.fetch(endpoint))).containsExactly("in redis", "in the ledger");
        assertThat(saver.ack(endpoint, first)).isEqualTo(EndResult.Code.ENDED_NOW);
        assertThat(texts(saver.fetch(endpoint))).containsExactly("in the ledger");

        saver.redis.restart();
        saver.warm();
        assertThat(texts(saver.fetch(endpoint))).contains("in the ledger");
        assertThat(saver.conservation().getHidden()).isZero();
    }

    @Test
    void acceptsWhileRedisIsFrozen() throws Exception {
        long endpoint = saver.newEndpoint();
        saver.redis.freeze();
        try {
            AppendItem item = saver.item(endpoint, saver.newId(), "meanwhile").build();
            AppendResult result = again(() -> saver.client.append(item)); // its first answer

            assertThat(result.getCode()).isEqualTo(AppendResult.Code.ACCEPTED);
            assertThat(result.getCold()).isTrue();
            await().atMost(LONG).untilAsserted(() -> assertThat(texts(saver.fetch(endpoint)))
                    .containsExactly("meanwhile"));
        } finally {
            saver.redis.thaw();
        }
        saver.warm();
        assertThat(texts(saver.fetch(endpoint))).containsExactly("meanwhile");
    }

    @Test
    void acceptsNothingWithoutTheLedgerAndKeepsDelivering() throws Exception {
        long endpoint = saver.newEndpoint();
        long kept = saver.accept(endpoint, "kept");
        saver.database.server().kill();

        AppendResult result = saver.append(saver.item(endpoint, saver.newId(), "refused"));

        assertThat(result.getCode()).isIn(AppendResult.Code.UNAVAILABLE, AppendResult.Code.BUSY);
        await().atMost(LONG).untilAsserted(() -> {
            FetchResult partial = saver.fetch(endpoint);
            assertThat(partial.getCode()).isEqualTo(FetchResult.Code.PARTIAL);
            assertThat(texts(partial)).containsExactly("kept");
        });
        assertThat(saver.ack(endpoint, kept)).isEqualTo(EndResult.Code.UNAVAILABLE);

        saver.database.server().restart();
        AppendItem.Builder again = saver.item(endpoint, saver.newId(), "again"); // unavailable = perhaps kept: the same
        await().atMost(LONG).until(() -> saver.append(again).getCode() == AppendResult.Code.ACCEPTED);
        await().atMost(LONG).until(() -> saver.ack(endpoint, kept) != EndResult.Code.UNAVAILABLE);
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(texts(saver.fetch(endpoint))).containsExactly("again"));
    }

    @Test
    void keepsEverythingOverARestartOfTheSaver() throws Exception {
        long endpoint = saver.newEndpoint();
        long message = saver.accept(endpoint, "over a restart");

        saver.stopSaver();
        saver.startSaver();

        await().atMost(LONG).ignoreExceptions().until(() -> saver.waiting(endpoint).equals(List.of(message)));
        saver.warm();
        assertThat(saver.waiting(endpoint)).containsExactly(message);
        assertThat(again(() -> saver.client.apps()).getAppsList()).hasSize(1);
    }
}
