package io.longwire.saver.list;

import com.google.protobuf.ByteString;
import io.longwire.rpc.saver.ListSlice;
import io.longwire.rpc.saver.MessageHead;
import io.longwire.saver.Bench;
import io.longwire.saver.ask.Funnels;
import io.longwire.saver.head.Heads;
import io.longwire.saver.ledger.ColdCalls;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static io.longwire.saver.Bench.get;
import static org.assertj.core.api.Assertions.assertThat;

/** Acks of a broadcast to a list, of whose messages the ledger has a row each. */
final class ListAcksIT {
    private static final long BROADCAST = 7;
    private static final Duration DAY = Duration.ofDays(1);
    private static final Duration SOON = Duration.ofMillis(ListAcks.FIRST_MILLIS);

    private Bench bench;
    private ColdCalls calls;
    private Heads heads;
    private ListSlices slices;
    private ListAcks acks;
    private final List<Long> asked = new ArrayList<>();

    @BeforeEach
    void start() throws Exception {
        bench = new Bench().warm();
        calls = new ColdCalls(2);
        heads = new Heads(bench.shards, bench.clock, bench.metrics);
        slices = new ListSlices(bench.shard, calls);
        var funnels = new Funnels(bench.shards, heads, bench.calls);
        acks = new ListAcks(bench.shard, calls, request -> {
            asked.add(request.getMessageId());
            return funnels.count(request);
        }, bench.clock, bench.metrics);
    }

    @AfterEach
    void stop() {
        heads.close();
        calls.close();
        bench.close();
    }

    @Test
    void countsWhoAckedASliceAndWhoDoesLater() throws Exception {
        List<Long> endpoints = endpoints(3);
        long message = slice(0, endpoints);
        bench.ack(endpoints.get(0), message);
        assertThat(looked()).as("it is too young").isZero();
        bench.pass(SOON);
        bench.ack(endpoints.get(1), message);

        assertThat(looked()).isEqualTo(2);
        bench.ack(endpoints.get(2), message);
        bench.pass(Duration.ofSeconds(1));
        assertThat(looked()).as("it is not its turn").isEqualTo(2);
        bench.pass(SOON);
        assertThat(looked()).isEqualTo(3);
        assertThat(asked).containsExactly(message, message);
    }

    @Test
    void leavesASliceAloneThatHasEnded() throws Exception {
        List<Long> endpoints = endpoints(2);
        long ended = slice(0, endpoints);
        long waits = slice(1, endpoints);
        for (long endpoint : endpoints) {
            bench.ack(endpoint, ended);
        }
        bench.ack(endpoints.getFirst(), waits);
        bench.pass(Duration.ofMinutes(12));
        assertThat(looked()).isEqualTo(3);
        asked.clear();

        bench.pass(Duration.ofHours(1));

        assertThat(looked()).isEqualTo(3);
        assertThat(asked).containsExactly(waits);
    }

    @Test
    void countsFewSlicesAtALookAndAllOfThemInTurn() throws Exception {
        List<Long> endpoints = endpoints(1);
        var messages = new ArrayList<Long>();
        for (int i = 0; i < ListAcks.SLICES + 2; i++) {
            messages.add(slice(i, endpoints));
            bench.ack(endpoints.getFirst(), messages.getLast());
        }
        bench.pass(SOON);

        assertThat(looked()).isEqualTo(ListAcks.SLICES);
        assertThat(looked()).as("at once again").isEqualTo(ListAcks.SLICES);
        bench.pass(Duration.ofSeconds(1));
        assertThat(looked()).isEqualTo(ListAcks.SLICES + 2);
        assertThat(asked).containsExactlyInAnyOrderElementsOf(messages);
    }

    private long looked() throws Exception {
        get(acks.look(bench.app, BROADCAST));
        try (Connection connection = bench.shard.connect()) {
            return ListAcks.sum(connection, BROADCAST);
        }
    }

    private List<Long> endpoints(int count) throws Exception {
        var endpoints = new ArrayList<Long>();
        for (int i = 0; i < count; i++) {
            endpoints.add(bench.newEndpoint());
        }
        return endpoints;
    }

    /** A slice of its own message, which is stored for each of them. */
    private long slice(int chunk, List<Long> endpoints) throws Exception {
        long message = bench.newId();
        ByteBuffer ids = ByteBuffer.allocate(endpoints.size() * Long.BYTES);
        endpoints.forEach(ids::putLong);
        get(heads.put(MessageHead.newBuilder().setAppId(bench.app).setMessageId(message)
                .setExpireAtMs(bench.clock.wallMillis() + DAY.toMillis())
                .setEndpoints(ByteString.copyFrom(ids.flip())).build()));
        get(slices.put(ListSlice.newBuilder().setBroadcastId(BROADCAST).setChunk(chunk).setMessageId(message)
                .setUpto(endpoints.size()).build()));
        for (long endpoint : endpoints) {
            bench.append(bench.item(endpoint, "to a list", DAY).setMessageId(message));
        }
        return message;
    }
}
