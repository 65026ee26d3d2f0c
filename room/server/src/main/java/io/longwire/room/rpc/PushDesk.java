package io.longwire.room.rpc;

import io.longwire.keeper.metrics.Metrics;
import io.longwire.keeper.metrics.Metrics.Counter;
import io.longwire.room.directory.SessionDirectory;
import io.longwire.room.metric.RoomMetric;
import io.longwire.room.metric.Tagged;
import io.longwire.room.phone.PhoneLoop;
import io.longwire.room.phone.RoomLoops;
import io.longwire.room.session.Connection;
import io.longwire.room.session.Handle;
import io.longwire.rpc.room.PushBatch;
import io.longwire.rpc.room.PushBatchReply;
import io.longwire.rpc.room.PushItem;
import io.longwire.rpc.room.PushResult;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;

/**
 * Deals the items of a batch to the loops that have their sessions, one task and one wake-up per loop, and gathers
 * what became of them. A loop whose mailbox is full sheds its share as BUSY. NOT_HERE also takes that very session
 * out of the register. Thread-safe.
 */
public final class PushDesk {
    private final RoomLoops loops;
    private final SessionDirectory directory;
    private final IntSupplier incarnation;
    private final Tagged<PushResult.Code> answered;
    private final Counter mailboxFull;
    private final Counter strays;

    public PushDesk(RoomLoops loops, SessionDirectory directory, IntSupplier incarnation, Metrics metrics) {
        this.loops = loops;
        this.directory = directory;
        this.incarnation = incarnation;
        this.answered = new Tagged<>(metrics, RoomMetric.PUSHES, "code", PushResult.Code.class);
        this.mailboxFull = metrics.counter(RoomMetric.MAILBOX_FULL);
        this.strays = metrics.counter(RoomMetric.STRAY_REMOVED);
    }

    /** Completes on the loop that finishes last. */
    CompletableFuture<PushBatchReply> push(PushBatch batch) {
        var job = new Job(batch);
        if (batch.getRoomIncarnation() != incarnation.getAsInt()) {
            Arrays.fill(job.codes, PushResult.Code.NOT_HERE); // not our sessions: nothing to remove either
            job.reply.complete(job.toReply());
            return job.reply;
        }
        if (batch.getItemsCount() == 0) {
            job.reply.complete(job.toReply());
            return job.reply;
        }
        int unknownLoop = 0;
        int[] perLoop = new int[loops.count()];
        for (PushItem item : batch.getItemsList()) {
            int loop = Handle.loop(item.getHandle());
            if (loop < perLoop.length) {
                perLoop[loop]++;
            } else {
                unknownLoop++;
            }
        }
        for (int i = 0; i < perLoop.length; i++) {
            PhoneLoop loop = loops.at(i);
            if (perLoop[i] > 0 && !loop.loop().mailbox().offer(() -> job.run(loop))) {
                mailboxFull.increment();
                job.fill(i, PushResult.Code.BUSY);
            }
        }
        if (unknownLoop > 0) {
            job.fill(-1, PushResult.Code.NOT_HERE);
        }
        return job.reply;
    }

    private final class Job {
        private final PushBatch batch;
        private final PushResult.Code[] codes;
        private final AtomicInteger open;
        private final CompletableFuture<PushBatchReply> reply = new CompletableFuture<>();

        Job(PushBatch batch) {
            this.batch = batch;
            this.codes = new PushResult.Code[batch.getItemsCount()];
            this.open = new AtomicInteger(codes.length);
        }

        /** All items of this loop, on it. */
        void run(PhoneLoop loop) {
            loop.loop().sample();
            int done = 0;
            for (int i = 0; i < codes.length; i++) {
                PushItem item = batch.getItems(i);
                if (Handle.loop(item.getHandle()) != loop.loop().index()) {
                    continue;
                }
                switch (loop.loop().table().at(item.getHandle())) {
                    case Connection connection -> {
                        codes[i] = loop.push(connection, item);
                        done++;
                    }
                    case null -> {
                        codes[i] = loop.push(null, item);
                        done++;
                    }
                    default -> follow(loop, i, item);
                }
            }
            settled(done);
        }

        /** Items of this loop that it cannot take; -1 = of no loop. */
        void fill(int loop, PushResult.Code code) {
            int done = 0;
            for (int i = 0; i < codes.length; i++) {
                int of = Handle.loop(batch.getItems(i).getHandle());
                if (of == loop || (loop < 0 && of >= loops.count())) {
                    codes[i] = code;
                    done++;
                }
            }
            settled(done);
        }

        private void follow(PhoneLoop loop, int index, PushItem item) {
            loops.resolve(loop, item.getHandle(), (at, connection) -> {
                codes[index] = at.push(connection, item);
                settled(1);
            });
        }

        private void settled(int done) {
            if (done > 0 && open.addAndGet(-done) == 0) {
                for (int i = 0; i < codes.length; i++) {
                    answered.increment(codes[i]);
                    if (codes[i] == PushResult.Code.NOT_HERE) {
                        strays.increment();
                        directory.removeStray(batch.getItems(i).getEndpointId(), batch.getItems(i).getConnSeq());
                    }
                }
                reply.complete(toReply());
            }
        }

        private PushBatchReply toReply() {
            PushBatchReply.Builder made = PushBatchReply.newBuilder().setBatchId(batch.getBatchId());
            for (PushResult.Code code : codes) {
                made.addResults(PushResult.newBuilder().setCode(code));
            }
            return made.build();
        }
    }
}
