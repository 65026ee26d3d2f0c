package io.longwire.saver.list;

import com.google.protobuf.ByteString;
import io.longwire.rpc.saver.AudienceList;
import io.longwire.rpc.saver.BadLine;
import io.longwire.rpc.saver.ChunkRequest;
import io.longwire.rpc.saver.ListPart;
import io.longwire.rpc.saver.ListRequest;
import io.longwire.rpc.saver.SealListRequest;
import io.longwire.saver.Bench;
import io.longwire.saver.ledger.ColdCalls;
import io.longwire.saver.ledger.Shard;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

import static io.longwire.saver.Bench.get;

/** What keeps lists, on a real database under the test's clock. */
public final class ListBench implements AutoCloseable {
    private static final int MINUTES = 3; // for what sorts a million

    final Bench bench;
    final ColdCalls calls = new ColdCalls(4);
    private final ColdCalls sealing = new ColdCalls(2);
    public final Lists lists;
    final ListParts parts;
    final ListSeals seals;

    public ListBench(Bench bench) {
        this.bench = bench;
        this.lists = new Lists(bench.shard, bench.apps, calls, bench.clock);
        this.parts = new ListParts(bench.shard, calls, bench.metrics);
        this.seals = seals(bench.shard);
    }

    /** As another saver has them. */
    ListSeals seals(Shard shard) {
        return new ListSeals(shard, calls, sealing, bench.clock, bench.metrics);
    }

    /** An endpoint of that slot. */
    public static long endpoint(int slot, long number) {
        return number << 12 | slot;
    }

    public AudienceList create(String key) throws Exception {
        return get(lists.create(AudienceList.newBuilder().setAppId(bench.app).setIdempotencyKey(key).build()));
    }

    AudienceList append(AudienceList list, ListPart.Builder part) throws Exception {
        return get(parts.append(part.setAppId(list.getAppId()).setListId(list.getListId()).build()));
    }

    public AudienceList append(AudienceList list, int part, long... endpoints) throws Exception {
        return append(list, part(part, endpoints));
    }

    static ListPart.Builder part(int part, long... endpoints) {
        var bytes = ByteBuffer.allocate(8 * endpoints.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asLongBuffer().put(endpoints);
        return ListPart.newBuilder().setPart(part).setLines(endpoints.length)
                .setEndpoints(ByteString.copyFrom(bytes));
    }

    static BadLine bad(long line) {
        return BadLine.newBuilder().setLine(line).setValue("ep_" + line).setExpected("an endpoint").build();
    }

    public static SealListRequest sealOf(AudienceList list, int parts) {
        return SealListRequest.newBuilder().setAppId(list.getAppId()).setListId(list.getListId()).setParts(parts)
                .build();
    }

    public AudienceList seal(AudienceList list, int parts) throws Exception {
        return seals.seal(sealOf(list, parts)).get(MINUTES, TimeUnit.MINUTES);
    }

    AudienceList look(AudienceList list) throws Exception {
        return get(lists.get(request(list)));
    }

    public AudienceList delete(AudienceList list) throws Exception {
        return get(lists.delete(request(list)));
    }

    static ListRequest request(AudienceList list) {
        return ListRequest.newBuilder().setAppId(list.getAppId()).setListId(list.getListId()).build();
    }

    long[] chunk(AudienceList list, int range, int chunk) throws Exception {
        ByteString body = get(lists.chunk(ChunkRequest.newBuilder().setAppId(list.getAppId())
                .setListId(list.getListId()).setRange(range).setChunk(chunk).build())).getEndpoints();
        LongBuffer ids = ByteBuffer.wrap(body.toByteArray()).order(ByteOrder.LITTLE_ENDIAN).asLongBuffer();
        var endpoints = new long[ids.remaining()];
        ids.get(endpoints);
        return endpoints;
    }

    /** All chunks one behind the other. */
    List<Long> content(AudienceList list) throws Exception {
        var content = new ArrayList<Long>();
        for (int range = 0; range < list.getChunksCount(); range++) {
            for (int chunk = 0; chunk < list.getChunks(range); chunk++) {
                Arrays.stream(chunk(list, range, chunk)).forEach(content::add);
            }
        }
        return content;
    }

    long rows(String table) throws SQLException {
        return bench.count("SELECT COUNT(*) FROM " + table);
    }

    @Override
    public void close() {
        calls.close();
        sealing.close();
    }
}
