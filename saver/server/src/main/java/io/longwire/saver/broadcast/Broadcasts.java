package io.longwire.saver.broadcast;

import com.google.protobuf.ByteString;
import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.metrics.Metrics;
import io.longwire.rpc.saver.AudienceList;
import io.longwire.rpc.saver.Broadcast;
import io.longwire.rpc.saver.BroadcastChange;
import io.longwire.rpc.saver.BroadcastRequest;
import io.longwire.rpc.saver.ListBroadcastsReply;
import io.longwire.rpc.saver.ListBroadcastsRequest;
import io.longwire.saver.account.Apps;
import io.longwire.saver.append.Envelope;
import io.longwire.saver.append.RequestKeys;
import io.longwire.saver.ledger.ColdCalls;
import io.longwire.saver.ledger.Shard;
import io.longwire.saver.ledger.StoreFailure;
import io.longwire.saver.ledger.Transaction;
import io.longwire.saver.list.Lists;
import io.longwire.saver.watch.SaverMetric;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;

/**
 * Keeps broadcasts and changes them. A broadcast is given its sequence under the lock of its app's counter, in the
 * transaction that inserts it, or approves it if it was held, so whoever sees a sequence sees all below it; one that
 * nobody may get yet has none, and holds no floor back. A change is made under the lock of the
 * row and only from where it is legal; it answers the broadcast as it is then, whether it changed or not, so it may be
 * repeated. Nothing blocks the caller; futures fail with StoreFailure, ListRefusal or IllegalArgumentException.
 */
public final class Broadcasts {
    /** The most broadcasts of an app that are not over. */
    static final int LIVE = 100;
    /** The sequence before the first: the floor of an app without any. */
    static final long NO_SEQ = 1;
    private static final int MOST = 200;

    private final Shard shard;
    private final Apps apps;
    private final RequestKeys keys;
    private final ColdCalls calls;
    private final Clock clock;
    private final Metrics metrics;

    public Broadcasts(Shard first, Apps apps, RequestKeys keys, ColdCalls calls, Clock clock, Metrics metrics) {
        this.shard = first;
        this.apps = apps;
        this.keys = keys;
        this.calls = calls;
        this.clock = clock;
        this.metrics = metrics;
    }

    /**
     * Keeps a broadcast. With an id or an idempotency key used before, the one that stands is answered, whatever its
     * body (ABSENT without a body hash if only its key is there). BUSY: the app has {@value #LIVE} that are not over.
     * ListRefusal: it is to a list that is not the app's and sealed.
     */
    public CompletableFuture<Broadcast> create(Broadcast given) {
        Broadcast made;
        try {
            made = BroadcastRules.made(given, clock.wallMillis());
        } catch (IllegalArgumentException wrong) {
            return CompletableFuture.failedFuture(wrong);
        }
        int app = made.getAppId();
        if (!made.hasIdempotency()) {
            return calls.call(() -> insert(made));
        }
        return keys.claim(app, made.getIdempotency(), made.getBroadcastId(),
                old -> calls.call(() -> find(app, old).getBroadcastId() != 0))
                .thenCompose(claim -> switch (claim.getCode()) {
                    case STORE -> calls.call(() -> insert(under(made, claim.getMessageId()))).thenApply(kept -> {
                        keys.settleLater(app, made.getIdempotency(), claim.getMessageId());
                        return kept;
                    });
                    case DUPLICATE, CONFLICT -> calls.call(() -> find(app, claim.getMessageId()));
                    default -> CompletableFuture.failedFuture(new StoreFailure(StoreFailure.Kind.UNAVAILABLE,
                            "idempotency: the ledger does not answer"));
                });
    }

    private static Broadcast under(Broadcast made, long id) {
        return id == made.getBroadcastId()
                ? made
                : made.toBuilder().setBroadcastId(id)
                        .setEnvelope(ByteString.copyFrom(Envelope.withId(made.getEnvelope().toByteArray(), id)))
                        .build();
    }

    private Broadcast insert(Broadcast made) throws SQLException {
        if (apps.get(made.getAppId()).getAppId() == 0) {
            throw new IllegalArgumentException(
                    "app_id: " + made.getAppId() + " (expected: an app that was created)");
        }
        try (Connection connection = shard.connect()) {
            return Transaction.on(connection, tx -> insert(tx, made));
        }
    }

    private Broadcast insert(Connection connection, Broadcast made) throws SQLException {
        long last = lockCounter(connection, made.getAppId());
        Broadcast there = BroadcastRows.get(connection, 0, made.getBroadcastId());
        if (there.getBroadcastId() != 0) {
            if (there.getAppId() != made.getAppId()) {
                throw new IllegalArgumentException(
                        "broadcast_id: " + made.getBroadcastId() + " (expected: one that nobody has)");
            }
            return there;
        }
        if (live(connection, made.getAppId()) >= LIVE) {
            throw new StoreFailure(StoreFailure.Kind.BUSY, "broadcasts: " + LIVE
                    + " (expected: fewer that are not over; cancel some, or wait until they expire)");
        }
        Broadcast kept = made.getListId() == 0 ? toPhones(connection, made, last) : toList(connection, made);
        metrics.counter(SaverMetric.BROADCASTS_MADE, "state", made.getState() == Broadcast.State.HELD
                ? "held"
                : "running").increment();
        return kept;
    }

    private static Broadcast toPhones(Connection connection, Broadcast made, long last) throws SQLException {
        Broadcast numbered = made.getState() == Broadcast.State.HELD ? made : number(connection, made, last + 1);
        BroadcastRows.insert(connection, numbered);
        return numbered;
    }

    // It has no sequence: its messages are ordinary ones. Its walks are made with it; the list stays as it is sealed.
    private static Broadcast toList(Connection connection, Broadcast made) throws SQLException {
        AudienceList list = Lists.lockSealed(connection, made.getAppId(), made.getListId());
        BroadcastRows.insert(connection, made);
        WalkRows.makeRanges(connection, made, list);
        return made;
    }

    private static Broadcast number(Connection connection, Broadcast made, long seq) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement("UPDATE bcast_seq SET last = ? WHERE app = ?")) {
            update.setLong(1, seq);
            update.setInt(2, made.getAppId());
            update.executeUpdate();
        }
        return made.toBuilder().setSeq(seq)
                .setEnvelope(ByteString.copyFrom(Envelope.withBroadcast(made.getEnvelope().toByteArray(), seq)))
                .build();
    }

    // From here to the commit no other creator of the app goes on, so a sequence is never seen before a lower one.
    private static long lockCounter(Connection connection, int app) throws SQLException {
        long last = counter(connection, app);
        if (last == 0) {
            try (PreparedStatement insert = connection.prepareStatement(
                    "INSERT INTO bcast_seq (app, last) VALUES (?,?) ON DUPLICATE KEY UPDATE app = VALUES(app)")) {
                insert.setInt(1, app);
                insert.setLong(2, NO_SEQ);
                insert.executeUpdate();
            }
            last = counter(connection, app);
        }
        return last;
    }

    private static long counter(Connection connection, int app) throws SQLException {
        try (PreparedStatement select = connection
                .prepareStatement("SELECT last FROM bcast_seq WHERE app = ? FOR UPDATE")) {
            select.setInt(1, app);
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? row.getLong(1) : 0;
            }
        }
    }

    private static int live(Connection connection, int app) throws SQLException {
        try (PreparedStatement select = connection
                .prepareStatement("SELECT COUNT(*) FROM broadcast WHERE active IN (1, 2) AND app = ?")) {
            select.setInt(1, app);
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return row.getInt(1);
            }
        }
    }

    private Broadcast find(int app, long id) throws SQLException {
        try (Connection connection = shard.connect()) {
            return BroadcastRows.get(connection, app, id);
        }
    }

    /** The broadcast of that app (0 = whichever), or one in state ABSENT. */
    public CompletableFuture<Broadcast> get(BroadcastRequest request) {
        return calls.call(() -> find(request.getAppId(), request.getBroadcastId()));
    }

    /** Newest first, about 1 MB at most: fewer than asked for are not the end, none are. */
    public CompletableFuture<ListBroadcastsReply> list(ListBroadcastsRequest request) {
        int limit = request.getLimit() <= 0 ? MOST : Math.min(request.getLimit(), MOST);
        int app = request.getAppId();
        String sql = BroadcastRows.COLUMNS + " WHERE broadcast_id < ?" + (app == 0 ? "" : " AND app = ?")
                + (request.getActiveOnly() ? " AND active IN (1, 2)" : "") + " ORDER BY broadcast_id DESC LIMIT "
                + limit;
        return calls.call(() -> {
            try (Connection connection = shard.connect();
                    PreparedStatement select = connection.prepareStatement(sql)) {
                select.setLong(1, request.getBeforeId() <= 0 ? Long.MAX_VALUE : request.getBeforeId());
                if (app != 0) {
                    select.setInt(2, app);
                }
                return ListBroadcastsReply.newBuilder().addAllBroadcasts(BroadcastRows.page(select)).build();
            }
        });
    }

    /** Changes it if it can, and answers it as it is then; ABSENT = there is none. */
    public CompletableFuture<Broadcast> change(BroadcastChange change) {
        try {
            BroadcastRules.check(change);
        } catch (IllegalArgumentException wrong) {
            return CompletableFuture.failedFuture(wrong);
        }
        return calls.call(() -> {
            try (Connection connection = shard.connect()) {
                return Transaction.on(connection, tx -> change(tx, change));
            }
        });
    }

    private Broadcast change(Connection connection, BroadcastChange change) throws SQLException {
        long last = mayApprove(connection, change);
        Broadcast there = BroadcastRows.lock(connection, change.getAppId(), change.getBroadcastId());
        if (there.getBroadcastId() == 0) {
            return there;
        }
        long now = clock.wallMillis();
        Broadcast changed = BroadcastRules.changed(there, change, now);
        if (there.getListId() != 0 && changed.getState() == Broadcast.State.WALKED
                && WalkRows.anyOpen(connection, there.getBroadcastId())) {
            return there; // nobody fetches what of a list was not sent
        }
        if (changed.getVersion() != there.getVersion()) {
            if (changed.getState() == Broadcast.State.RUNNING && changed.getSeq() == 0 && changed.getListId() == 0
                    && last > 0) {
                changed = number(connection, changed, last + 1);
            }
            if (changed.getSeq() != there.getSeq() || !changed.getCanary().equals(there.getCanary())) {
                BroadcastRows.rewrite(connection, changed);
            }
            BroadcastRows.update(connection, changed, now);
            metrics.counter(SaverMetric.BROADCASTS_CHANGED).increment();
        }
        return changed;
    }

    // The counter is locked before the row, as by a creator. 0 = it will have no sequence of this change.
    private static long mayApprove(Connection connection, BroadcastChange change) throws SQLException {
        if (change.getState() != Broadcast.State.RUNNING) {
            return 0;
        }
        Broadcast there = BroadcastRows.get(connection, change.getAppId(), change.getBroadcastId());
        boolean unnumbered = there.getState() == Broadcast.State.HELD && there.getSeq() == 0 && there.getListId() == 0;
        return unnumbered ? lockCounter(connection, there.getAppId()) : 0;
    }
}
