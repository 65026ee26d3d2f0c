package io.longwire.saver.list;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.longwire.keeper.clock.Clock;
import io.longwire.rpc.saver.AudienceList;
import io.longwire.rpc.saver.ChunkRequest;
import io.longwire.rpc.saver.FindListsReply;
import io.longwire.rpc.saver.FindListsRequest;
import io.longwire.rpc.saver.ListChunk;
import io.longwire.rpc.saver.ListRequest;
import io.longwire.saver.account.Apps;
import io.longwire.saver.ledger.ColdCalls;
import io.longwire.saver.ledger.Shard;
import io.longwire.saver.ledger.StoreFailure;
import io.longwire.saver.ledger.Transaction;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Makes lists, looks at them, deletes them, and hands out the chunks of sealed ones. Whoever makes a broadcast to a
 * list, or deletes the list, has its row locked from the look to the commit, so no broadcast loses its list. Nothing
 * blocks the caller; futures fail with StoreFailure, ListRefusal or IllegalArgumentException. A list that is not there,
 * or another app's, is answered in state ABSENT.
 */
public final class Lists {
    /** The most lists of an app that are not deleted; a few more when they are made at once. */
    static final int MOST = 50;
    private static final int PAGE = 200;

    private final Shard shard;
    private final Apps apps;
    private final ColdCalls calls;
    private final Clock clock;

    public Lists(Shard first, Apps apps, ColdCalls calls, Clock clock) {
        this.shard = first;
        this.apps = apps;
        this.calls = calls;
        this.clock = clock;
    }

    /** A new list, or the one that has the same key, whatever it has become. BUSY: the app has {@value #MOST}. */
    public CompletableFuture<AudienceList> create(AudienceList given) {
        AudienceList made;
        try {
            made = ListRules.made(given, clock.wallMillis());
        } catch (IllegalArgumentException wrong) {
            return CompletableFuture.failedFuture(wrong);
        }
        return calls.call(() -> {
            if (apps.get(made.getAppId()).getAppId() == 0) {
                throw new IllegalArgumentException(
                        "app_id: " + made.getAppId() + " (expected: an app that was created)");
            }
            try (Connection connection = shard.connect()) {
                return create(connection, made);
            }
        });
    }

    private static AudienceList create(Connection connection, AudienceList made) throws SQLException {
        byte[] key = ListRules.key(made);
        if (key.length > 0) {
            ListRow there = ListRows.byKey(connection, made.getAppId(), key);
            if (!there.absent()) {
                return there.list();
            }
        }
        if (live(connection, made.getAppId()) >= MOST) {
            throw new StoreFailure(StoreFailure.Kind.BUSY,
                    "lists: " + MOST + " (expected: fewer; delete some, or wait until they expire)");
        }
        long id = ListRows.insert(connection, made);
        return id == 0
                ? ListRows.byKey(connection, made.getAppId(), key).list()
                : ListRows.get(connection, made.getAppId(), id).list();
    }

    private static int live(Connection connection, int app) throws SQLException {
        try (PreparedStatement select = connection
                .prepareStatement("SELECT COUNT(*) FROM audience_list WHERE app = ? AND state IN (1, 2)")) {
            select.setInt(1, app);
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return row.getInt(1);
            }
        }
    }

    /** The list with its first bad lines. */
    public CompletableFuture<AudienceList> get(ListRequest request) {
        return calls.call(() -> {
            try (Connection connection = shard.connect()) {
                AudienceList list = ListRows.get(connection, request.getAppId(), request.getListId()).list();
                return list.getState() == AudienceList.State.OPEN && list.getBad() > 0
                        ? list.toBuilder().addAllBadLines(ListRows.badLines(connection, list.getListId())).build()
                        : list;
            }
        });
    }

    /** Newest first, without bad lines and without deleted ones. */
    public CompletableFuture<FindListsReply> find(FindListsRequest request) {
        int limit = request.getLimit() <= 0 ? PAGE : Math.min(request.getLimit(), PAGE);
        return calls.call(() -> {
            try (Connection connection = shard.connect();
                    PreparedStatement select = connection.prepareStatement(ListRows.COLUMNS
                            + " WHERE app = ? AND list_id < ? AND state IN (1, 2) ORDER BY list_id DESC LIMIT "
                            + limit)) {
                select.setInt(1, request.getAppId());
                select.setLong(2, request.getBeforeId() <= 0 ? Long.MAX_VALUE : request.getBeforeId());
                var reply = FindListsReply.newBuilder();
                try (ResultSet row = select.executeQuery()) {
                    while (row.next()) {
                        reply.addLists(ListRows.read(row).list().toBuilder().clearBadLines());
                    }
                }
                return reply.build();
            }
        });
    }

    /** Deletes it unless a broadcast to it is not over; may be repeated. Its rows are swept within seconds. */
    public CompletableFuture<AudienceList> delete(ListRequest request) {
        return calls.call(() -> {
            try (Connection connection = shard.connect()) {
                return Transaction.on(connection, tx -> delete(tx, request.getAppId(), request.getListId())
                        .orElseThrow(() -> new ListRefusal("list_id: " + request.getListId()
                                + " is used (expected: no broadcast to it that is not over)")));
            }
        });
    }

    /** Deletes it in the caller's transaction; empty = a broadcast uses it. */
    static Optional<AudienceList> delete(Connection connection, int app, long id) throws SQLException {
        AudienceList list = ListRows.lock(connection, app, id).list();
        if (list.getState() != AudienceList.State.OPEN && list.getState() != AudienceList.State.SEALED) {
            return Optional.of(list);
        }
        if (ListRows.used(connection, list)) {
            return Optional.empty();
        }
        ListRows.markDeleted(connection, id);
        return Optional.of(list.toBuilder().setState(AudienceList.State.DELETED).build());
    }

    /** One chunk of a sealed list. */
    public CompletableFuture<ListChunk> chunk(ChunkRequest request) {
        return calls.call(() -> {
            try (Connection connection = shard.connect();
                    PreparedStatement select = connection.prepareStatement("SELECT c.body FROM audience_list l"
                            + " JOIN audience_chunk c ON c.list_id = l.list_id AND c.rng = ? AND c.chunk = ?"
                            + " WHERE l.list_id = ? AND l.app = ? AND l.state = 2")) {
                select.setLong(1, Integer.toUnsignedLong(request.getRange()));
                select.setLong(2, Integer.toUnsignedLong(request.getChunk()));
                select.setLong(3, request.getListId());
                select.setInt(4, request.getAppId());
                try (ResultSet row = select.executeQuery()) {
                    if (!row.next()) {
                        throw new ListRefusal("list_id, range, chunk: " + request.getListId() + ", "
                                + Integer.toUnsignedString(request.getRange()) + ", "
                                + Integer.toUnsignedString(request.getChunk()) + " (expected: of a sealed list)");
                    }
                    ByteString body = UnsafeByteOperations.unsafeWrap(row.getBytes(1));
                    return ListChunk.newBuilder().setEndpoints(body).build();
                }
            }
        });
    }

    /**
     * A list that a broadcast is about to be made to, in the caller's transaction, from now until its end not deleted.
     * Throws ListRefusal unless it is the app's, sealed, and has endpoints.
     */
    public static AudienceList lockSealed(Connection connection, int app, long id) throws SQLException {
        ListRow there = ListRows.lock(connection, app, id);
        if (there.absent()) {
            throw new ListRefusal("list_id: " + id + " is not there (expected: a list of the app)");
        }
        AudienceList list = there.in(AudienceList.State.SEALED).list();
        if (list.getEndpoints() == 0) {
            throw new ListRefusal("list_id: " + id + " has no endpoints (expected: at least one)");
        }
        return list;
    }
}
