package io.longwire.bench.figure;

import io.longwire.bench.Report;
import io.longwire.bench.backend.Mood;
import io.longwire.bench.backend.ProductBackend;
import io.longwire.bench.process.Heap;
import io.longwire.bench.rig.StoreSizes;
import java.util.ArrayList;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * What events that nobody takes cost while they wait: memory of the coordinators' Redis, and live heap of a coordinator
 * that has a callback for them whose backend hangs. A new type each run; what an endpoint costs once it has spoken, for
 * knowing doubles, was there before.
 */
@Command(name = "queued", description = "Memory of 100,000 events that wait: Redis, and heap of a coordinator.")
public final class QueuedFigure implements Runnable {
    private static final int PER = 100_000;
    private static final int TIMEOUT_MILLIS = 60_000;

    @Mixin
    private Common common = new Common();

    @Option(names = "--events", defaultValue = "200000", description = "Of each run (default: 200,000).")
    private int events;

    @Option(names = "--size", defaultValue = "200", description = "Bytes of a body (default: 200).")
    private int size;

    @Override
    public void run() {
        var redis = new ArrayList<Double>();
        var heap = new ArrayList<Double>();
        try (var rig = new EventsRig(common, "queued-rig", Map.of());
                var backend = new ProductBackend(got -> Mood.HANGS, got -> {
                })) {
            rig.fill("queued-0", EventsRig.ENDPOINTS, size, 0); // every endpoint has spoken
            for (int run = 1; run <= common.runs(); run++) {
                String type = "queued-" + run;
                long before = StoreSizes.redisMemory(rig.redis().host(), rig.redis().port());
                long heapBefore = Heap.of(rig.pid()).bytes();
                rig.callback(EventsRig.APP, type, backend.url(), 100, TIMEOUT_MILLIS);
                rig.fill(type, events, size, run);
                Settle.seconds(3);
                redis.add((StoreSizes.redisMemory(rig.redis().host(), rig.redis().port()) - before)
                        / (double) events * PER);
                heap.add((Heap.of(rig.pid()).bytes() - heapBefore) / (double) events * PER);
                rig.noCallback(EventsRig.APP, type);
                Settle.seconds(2);
            }
            common.print(Report.of("queued", "Redis bytes of 100,000 events that wait", redis)
                    .put("coordinatorHeapBytesOf100k", RegisterTableFigure.median(heap)).put("sizeBytes", size)
                    .put("events", events), rig.flags());
        }
    }
}
