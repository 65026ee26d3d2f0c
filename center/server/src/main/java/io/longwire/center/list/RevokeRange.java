package io.longwire.center.list;

import io.longwire.center.revoke.Revokes;
import io.longwire.device.id.MessageId;
import io.longwire.keeper.clock.Clock;
import io.longwire.rpc.center.RevokeReply;
import io.longwire.rpc.center.RevokeRequest;
import io.longwire.rpc.saver.Broadcast;
import io.longwire.rpc.saver.FindSlicesRequest;
import io.longwire.rpc.saver.ListSlice;
import io.longwire.rpc.saver.ListSlices;
import io.longwire.rpc.saver.Walk;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;

/**
 * Takes a broadcast to a list back from one range: every message that its slices were noted as is revoked, which may be
 * repeated. It begins {@link #SETTLED} after the broadcast was cancelled: by then no center sends it any more. Steps
 * come one at a time; counts on any thread.
 */
final class RevokeRange implements RangeWork {
    static final Duration SETTLED = Duration.ofSeconds(15);

    private final Walk leased;
    private final Broadcast revocation;
    private final ListStore store;
    private final Revokes revokes;
    private final Clock clock;
    private int chunk; // guarded by this, as what follows
    private long written;
    private final Map<Integer, Long> failed;

    RevokeRange(Walk leased, Broadcast revocation, ListStore store, Revokes revokes, Clock clock) {
        this.leased = leased;
        this.revocation = revocation;
        this.store = store;
        this.revokes = revokes;
        this.clock = clock;
        this.chunk = leased.getCursor();
        this.written = leased.getWritten();
        this.failed = new HashMap<>(leased.getFailedMap());
    }

    @Override
    public synchronized Counts counts() {
        return new Counts(chunk, written, Map.copyOf(failed), 0);
    }

    @Override
    public CompletableFuture<Next> next(BooleanSupplier goesOn) {
        if (clock.wallMillis() - revocation.getCreatedMs() < SETTLED.toMillis()) {
            return CompletableFuture.completedFuture(Next.WAIT);
        }
        if (counts().cursor() >= leased.getChunks()) {
            return CompletableFuture.completedFuture(Next.DONE);
        }
        return store.slices(FindSlicesRequest.newBuilder().setBroadcastId(revocation.getReplaces())
                .setRange(leased.getRoomIncarnation() - 1).setChunk(counts().cursor()).build())
                .thenCompose(this::revoke);
    }

    private CompletableFuture<Next> revoke(ListSlices slices) {
        CompletableFuture<Long> told = CompletableFuture.completedFuture(0L);
        for (ListSlice slice : slices.getSlicesList()) {
            told = told.thenCompose(before -> revoke(slice).thenApply(reply -> before + reply.getSent()
                    + reply.getPending()));
        }
        return told.thenApply(count -> {
            synchronized (this) {
                written += count;
                chunk++;
            }
            return Next.ON;
        });
    }

    private CompletableFuture<RevokeReply> revoke(ListSlice slice) {
        return revokes.revoke(revocation.getAppId(),
                RevokeRequest.newBuilder().setMessageId(MessageId.text(slice.getMessageId())).build());
    }
}
