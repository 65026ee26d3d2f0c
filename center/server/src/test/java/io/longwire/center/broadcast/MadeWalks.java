package io.longwire.center.broadcast;

import io.longwire.center.access.Apps;
import io.longwire.center.access.EndpointNames;
import io.longwire.center.access.Quotas;
import io.longwire.center.fakes.FakeFeedback;
import io.longwire.center.fakes.FakeListStore;
import io.longwire.center.fakes.FakeNeighbours;
import io.longwire.center.list.BackendPace;
import io.longwire.center.list.ListWalks;
import io.longwire.center.list.Sending;
import io.longwire.center.mint.MessageIds;
import io.longwire.center.revoke.Revokes;
import io.longwire.center.send.Post;
import io.longwire.center.send.RevokePushes;
import io.longwire.center.send.Router;
import io.longwire.center.send.Rules;
import io.longwire.center.send.Sender;
import io.longwire.center.send.SliceSends;
import io.longwire.center.status.Presence;
import io.longwire.device.id.EndpointId;
import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.metrics.Metrics;
import io.longwire.keeper.service.HaltPoints;
import io.longwire.rpc.saver.BroadcastProgress;
import io.longwire.testkit.cluster.FakeCluster;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongFunction;

/** What walks lists, over made neighbours. */
final class MadeWalks {
    private MadeWalks() {
    }

    /** For tests without lists. */
    static ListWalks none(Clock clock, Metrics metrics) {
        return of(new FakeNeighbours(), new FakeListStore(), new MessageIds(clock, FakeCluster.of("center")),
                id -> CompletableFuture.completedFuture(BroadcastProgress.getDefaultInstance()),
                new Sender.Tools(clock, HaltPoints.none(), metrics), (broadcast, asked, endpoints) -> asked);
    }

    /** For tests whose products have no backends. */
    static ProductPaces unpaced(Clock clock, Metrics metrics) {
        return new ProductPaces(new FakeFeedback(), clock, metrics);
    }

    /** @param ids of all centers together: no two of them mint the same */
    static ListWalks of(FakeNeighbours parts, FakeListStore lists, MessageIds ids,
            LongFunction<CompletableFuture<BroadcastProgress>> progress, Sender.Tools tools,
            BackendPace pace) {
        Clock clock = tools.clock();
        var names = new EndpointNames(new EndpointId(new byte[32]));
        var post = new Post(parts, new Router(parts, parts, () -> 10_000, tools), parts, () -> 10_000, tools);
        var revokes = new Revokes(new Rules(names), parts, new Revokes.Parts(parts,
                new Presence(parts, parts, FakeCluster.of("center")),
                new RevokePushes(new Sender(ids, post, tools.metrics()), names), clock), tools.metrics());
        return new ListWalks(new Sending(lists, new SliceSends(parts, post), ids, clock, tools.metrics()),
                new ListWalks.Behind(new Apps(parts, Duration.ofMillis(1), clock), new Quotas(() -> 1, clock), revokes,
                        progress, pace));
    }
}
