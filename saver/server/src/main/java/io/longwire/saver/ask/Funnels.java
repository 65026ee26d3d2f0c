package io.longwire.saver.ask;

import io.longwire.keeper.cluster.Slots;
import io.longwire.rpc.saver.Funnel;
import io.longwire.rpc.saver.FunnelRequest;
import io.longwire.rpc.saver.MessageHead;
import io.longwire.saver.head.Heads;
import io.longwire.saver.ledger.ColdCalls;
import io.longwire.saver.ledger.Shard;
import io.longwire.saver.ledger.Shards;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/**
 * How a message stands over all its endpoints: those of its head, or the ones the caller names. Each shard is asked
 * once, at most {@link Heads#MAX_TARGETS} endpoints in all. Nothing blocks the caller; fails with StoreFailure.
 */
public final class Funnels {
    private final Shards shards;
    private final Heads heads;
    private final ColdCalls calls;

    public Funnels(Shards shards, Heads heads, ColdCalls calls) {
        this.shards = shards;
        this.heads = heads;
        this.calls = calls;
    }

    /** Counts; {@code found} is false when neither a head nor a row of the app is known under that id. */
    public CompletableFuture<Funnel> count(FunnelRequest request) {
        if (request.getEndpointIdsCount() > Heads.MAX_TARGETS) {
            return CompletableFuture.failedFuture(new IllegalArgumentException("endpoint_ids: "
                    + request.getEndpointIdsCount() + " (expected: at most " + Heads.MAX_TARGETS + ")"));
        }
        if (request.getEndpointIdsCount() > 0) {
            return count(request, request.getEndpointIdsList().stream().distinct().toList(), false);
        }
        return heads.get(request.getAppId(), request.getMessageId())
                .thenCompose(head -> count(request, endpoints(head), head.getAppId() != 0));
    }

    private static List<Long> endpoints(MessageHead head) {
        ByteBuffer bytes = head.getEndpoints().asReadOnlyByteBuffer();
        var endpoints = new ArrayList<Long>(bytes.remaining() / Long.BYTES);
        while (bytes.remaining() >= Long.BYTES) {
            endpoints.add(bytes.getLong());
        }
        return endpoints;
    }

    private CompletableFuture<Funnel> count(FunnelRequest request, List<Long> endpoints, boolean head) {
        Map<Integer, List<Long>> byShard = new TreeMap<>();
        for (long endpoint : endpoints) {
            byShard.computeIfAbsent(shards.of(Slots.of(endpoint)).number(), any -> new ArrayList<>()).add(endpoint);
        }
        List<CompletableFuture<FunnelCount>> counts = byShard.entrySet().stream()
                .map(each -> count(request, shards.list().get(each.getKey()), each.getValue())).toList();
        return CompletableFuture.allOf(counts.toArray(CompletableFuture[]::new)).thenApply(done -> {
            var sum = new FunnelCount();
            counts.forEach(count -> sum.add(count.join()));
            Funnel funnel = sum.funnel(endpoints.size(), head);
            return request.getNamed() ? sum.named(funnel) : funnel;
        });
    }

    private CompletableFuture<FunnelCount> count(FunnelRequest request, Shard shard, List<Long> endpoints) {
        return calls.call(() -> FunnelCount.of(shard, request, endpoints));
    }
}
