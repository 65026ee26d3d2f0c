package io.longwire.saver.append;

import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.service.HaltPoints;
import io.longwire.rpc.saver.ClaimKeyReply;
import io.longwire.rpc.saver.ClaimKeyRequest;
import io.longwire.rpc.saver.Idempotency;
import io.longwire.saver.ledger.Shards;
import io.longwire.saver.ledger.StoreFailure;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * The caller's keys of requests that are more than one message: several targets under one id, and schedules. Claimed
 * first, settled when all of it is accepted; in between, the same request is given the same id again. Nothing blocks.
 *
 * <p>An id that was claimed more than 10 min ago can no longer be stored under, so a request with several targets that
 * died in the middle starts anew under another id when it is repeated so late: targets reached the first time get it
 * twice, none is left out.
 */
public final class RequestKeys implements AutoCloseable {
    private final IdemTable table;

    public RequestKeys(Shards shards, Clock clock, HaltPoints halts) {
        this.table = new IdemTable(shards, clock, halts);
    }

    /** Whether what an old claim stands for was stored after all. */
    public interface Probe {
        CompletableFuture<Boolean> stored(long id);
    }

    /** Claims a key for a request with several targets. Fails with IllegalArgumentException only. */
    public CompletableFuture<ClaimKeyReply> claim(ClaimKeyRequest request) {
        return claim(request.getAppId(), request.getKey(), request.getMessageId(),
                old -> CompletableFuture.completedFuture(false));
    }

    /** Claims a key for something with an id of its own. Fails with IllegalArgumentException only. */
    public CompletableFuture<ClaimKeyReply> claim(int app, Idempotency given, long id, Probe probe) {
        IdemKey key = IdemKey.of(app, given);
        if (!key.valid() || app == 0 || id == 0) {
            return wrong(key, id);
        }
        IdemTable.Probe old = claimed -> probe.stored(claimed).thenApply(stored -> stored
                ? Optional.of(new IdemTable.Verdict.Duplicate(claimed))
                : Optional.empty());
        return table.claim(key, id, old).thenApply(verdict -> switch (verdict) {
            case IdemTable.Verdict.Store ours -> reply(ClaimKeyReply.Code.STORE, ours.message());
            case IdemTable.Verdict.Duplicate same -> reply(ClaimKeyReply.Code.DUPLICATE, same.message());
            case IdemTable.Verdict.Conflict other -> reply(ClaimKeyReply.Code.CONFLICT, other.message());
            case IdemTable.Verdict.Unconfirmed no -> throw new IllegalStateException(no + ": of a message alone");
            case IdemTable.Verdict.Refused no -> throw new IllegalStateException(no + ": of a message alone");
        }).exceptionally(failed -> failed(failed, id));
    }

    /** All of the request is accepted: from now on its key answers DUPLICATE. */
    public CompletableFuture<ClaimKeyReply> settle(ClaimKeyRequest request) {
        IdemKey key = IdemKey.of(request.getAppId(), request.getKey());
        long id = request.getMessageId();
        if (!key.valid() || key.app() == 0 || id == 0) {
            return wrong(key, id);
        }
        return table.settle(key, id).thenApply(done -> reply(ClaimKeyReply.Code.DUPLICATE, id))
                .exceptionally(failed -> failed(failed, id));
    }

    /** As settle, without waiting: until it is done, the same request is given the same id again. */
    public void settleLater(int app, Idempotency given, long id) {
        table.accepted(IdemKey.of(app, given), id);
    }

    private static CompletableFuture<ClaimKeyReply> wrong(IdemKey key, long id) {
        return CompletableFuture.failedFuture(new IllegalArgumentException("app_id, message_id, key: " + key.app()
                + ", " + id + ", " + key.key().size() + " and " + key.body().size()
                + " bytes (expected: not 0, two hashes of " + IdemKey.HASH_BYTES + " bytes)"));
    }

    private static ClaimKeyReply failed(Throwable failed, long id) {
        return reply(StoreFailure.of(failed).kind() == StoreFailure.Kind.BUSY
                ? ClaimKeyReply.Code.BUSY
                : ClaimKeyReply.Code.UNAVAILABLE, id);
    }

    private static ClaimKeyReply reply(ClaimKeyReply.Code code, long id) {
        return ClaimKeyReply.newBuilder().setCode(code).setMessageId(id).build();
    }

    @Override
    public void close() {
        table.close();
    }
}
