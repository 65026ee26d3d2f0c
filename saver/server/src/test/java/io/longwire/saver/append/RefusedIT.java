package io.longwire.saver.append;

import io.longwire.rpc.saver.AppRecord;
import io.longwire.rpc.saver.AppendItem;
import io.longwire.rpc.saver.AppendResult;
import io.longwire.rpc.saver.How;
import io.longwire.rpc.saver.UpdateAppRequest;
import io.longwire.saver.Bench;
import io.longwire.saver.RunningSaver;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** A message that was refused stays refused, however often its sender asks. */
final class RefusedIT {
    private static final int REJECT_NEW = 1;
    private static final Duration DAY = Duration.ofDays(1);

    private Bench bench;
    private long endpoint;

    @BeforeEach
    void start() throws Exception {
        bench = new Bench().warm();
        bench.apps.update(UpdateAppRequest.newBuilder().setApp(AppRecord.newBuilder().setAppId(bench.app)
                .setInboxMessages(1).setOverflow(REJECT_NEW)).addMask("inbox_messages").addMask("overflow").build());
        endpoint = bench.newEndpoint();
    }

    @AfterEach
    void stop() {
        bench.close();
    }

    @Test
    void tellsAgainThatTheInboxWasFullAlthoughThereIsRoomByNow() throws Exception {
        long first = bench.accept(endpoint, "first", DAY);
        AppendItem.Builder second = bench.item(endpoint, "second", DAY);

        AppendResult refused = bench.append(second);
        bench.ack(endpoint, first);
        AppendResult repeated = bench.append(second);

        assertThat(refused.getCode()).isEqualTo(AppendResult.Code.REJECTED);
        assertThat(repeated).isEqualTo(refused);
        assertThat(bench.waiting(endpoint)).isEmpty();
        assertThat(bench.count("SELECT COUNT(*) FROM end_log WHERE how = " + How.REJECTED_VALUE)).isEqualTo(1);
        assertThat(bench.stock.messages()).isZero();
    }

    @Test
    void tellsAgainThatItWasRefusedUnderTheSameKey() throws Exception {
        long first = bench.accept(endpoint, "first", DAY);
        AppendItem.Builder second = bench.item(endpoint, "second", DAY)
                .setIdempotency(RunningSaver.key("k", "body"));

        AppendResult refused = bench.append(second);
        bench.ack(endpoint, first);
        AppendResult repeated = bench.append(second.setMessageId(bench.newId()));

        assertThat(refused.getCode()).isEqualTo(AppendResult.Code.REJECTED);
        assertThat(repeated).isEqualTo(refused);

        bench.pass(Duration.ofMinutes(11));
        assertThat(bench.append(bench.item(endpoint, "second", DAY).setIdempotency(RunningSaver.key("k", "body"))))
                .as("also when its id can no longer be stored under").isEqualTo(refused);
    }

    @Test
    void countsAMessageOnceHoweverOftenItIsSent() throws Exception {
        AppendItem.Builder item = bench.item(endpoint, "again and again", DAY);
        bench.append(item);
        bench.clock.advance(Duration.ofMillis(5));

        assertThat(bench.append(item).getCode()).isEqualTo(AppendResult.Code.ACCEPTED);

        assertThat(bench.stock.messages()).isEqualTo(1);
    }
}
