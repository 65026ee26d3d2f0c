package io.longwire.saver.broadcast;

import com.google.protobuf.ByteString;
import io.longwire.device.v1.Push;
import io.longwire.keeper.service.HaltPoints;
import io.longwire.rpc.saver.Broadcast;
import io.longwire.rpc.saver.Broadcast.State;
import io.longwire.rpc.saver.BroadcastChange;
import io.longwire.rpc.saver.BroadcastProgress;
import io.longwire.rpc.saver.BroadcastRequest;
import io.longwire.rpc.saver.Funnel;
import io.longwire.rpc.saver.ListActiveReply;
import io.longwire.rpc.saver.ListActiveRequest;
import io.longwire.rpc.saver.ListChangesRequest;
import io.longwire.saver.Bench;
import io.longwire.saver.append.RequestKeys;
import io.longwire.saver.ledger.ColdCalls;
import io.longwire.saver.list.ListAcks;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import static io.longwire.saver.Bench.get;

/** What keeps broadcasts, on a real database under the test's clock. */
final class BroadcastBench implements AutoCloseable {
    final Bench bench = new Bench();
    final ColdCalls calls = new ColdCalls(8);
    final RequestKeys keys = new RequestKeys(bench.shards, bench.clock, HaltPoints.none());
    final Broadcasts broadcasts = new Broadcasts(bench.shard, bench.apps, keys, calls, bench.clock, bench.metrics);
    final ActiveList active = new ActiveList(bench.shard, calls, bench.metrics);
    final Walks walks = new Walks(bench.shard, calls, bench.clock, bench.metrics);
    final ReadProgress progress = new ReadProgress(bench.shard, calls, new ListAcks(bench.shard, calls,
            request -> CompletableFuture.completedFuture(Funnel.getDefaultInstance()), bench.clock, bench.metrics));

    BroadcastBench() throws Exception {
    }

    /** One that may be kept; a day long. */
    Broadcast.Builder given() {
        long id = bench.newId();
        var push = Push.newBuilder().setMessageId(id).setAppId(bench.app).setPayload(ByteString.copyFromUtf8("all"));
        return Broadcast.newBuilder().setBroadcastId(id).setAppId(bench.app).setState(State.RUNNING)
                .setExpireAtMs(bench.clock.wallMillis() + Duration.ofDays(1).toMillis())
                .setEnvelope(push.build().toByteString());
    }

    Broadcast create(Broadcast.Builder given) throws Exception {
        return get(broadcasts.create(given.build()));
    }

    Broadcast look(Broadcast broadcast) throws Exception {
        return get(broadcasts.get(BroadcastRequest.newBuilder().setBroadcastId(broadcast.getBroadcastId()).build()));
    }

    Broadcast change(Broadcast there, State to) throws Exception {
        return change(changeOf(there).setState(to));
    }

    Broadcast change(BroadcastChange.Builder change) throws Exception {
        return get(broadcasts.change(change.build()));
    }

    static BroadcastChange.Builder changeOf(Broadcast there) {
        return BroadcastChange.newBuilder().setAppId(there.getAppId()).setBroadcastId(there.getBroadcastId())
                .setIfVersion(there.getVersion());
    }

    List<Broadcast> changes(int withinMillis) throws Exception {
        return get(walks.changes(ListChangesRequest.newBuilder().setWithinMs(withinMillis).build()))
                .getBroadcastsList();
    }

    ListActiveReply list() throws Exception {
        return get(active.list(ListActiveRequest.getDefaultInstance()));
    }

    BroadcastProgress progress(Broadcast broadcast) throws Exception {
        return get(progress.read(BroadcastRequest.newBuilder().setAppId(broadcast.getAppId())
                .setBroadcastId(broadcast.getBroadcastId()).build()));
    }

    @Override
    public void close() {
        keys.close();
        calls.close();
        bench.close();
    }
}
