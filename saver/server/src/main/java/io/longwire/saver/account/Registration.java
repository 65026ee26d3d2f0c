package io.longwire.saver.account;

import com.google.protobuf.ByteString;
import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.cluster.Slots;
import io.longwire.rpc.saver.EndpointRecord;
import io.longwire.rpc.saver.RegisterEndpointRequest;
import io.longwire.saver.ledger.Shards;
import io.longwire.saver.ledger.Tuples;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Registers endpoints. The row in {@code install} (by the hash of the install) claims the endpoint id and the
 * ordinal; the row in {@code endpoint} (by slot) follows. Whoever dies in between leaves a claim that the next
 * attempt completes with the same id. Methods block and run on cold-call threads.
 */
public final class Registration {
    private static final int INSTALL_BYTES = 16;
    private static final int MAX_PAYLOAD_KEY = 64;
    private static final String COLUMNS = "ep, app, ord, state, created_at, seen_at, package_name, gone_at,"
            + " payload_key";

    private record Claim(long endpoint, int ord) {
    }

    private final Shards shards;
    private final Apps apps;
    private final Endpoints endpoints;
    private final OrdBlocks ords;
    private final Clock clock;

    public Registration(Shards shards, Apps apps, Endpoints endpoints, Clock clock) {
        this.shards = shards;
        this.apps = apps;
        this.endpoints = endpoints;
        this.ords = new OrdBlocks(apps);
        this.clock = clock;
    }

    /** The same install of the same app gives the same endpoint, unless that one is gone: then the proposed one. */
    public EndpointRecord register(RegisterEndpointRequest request) throws SQLException {
        if (request.getInstallId().size() != INSTALL_BYTES || request.getProposedEndpointId() == 0) {
            throw new IllegalArgumentException("install_id, proposed_endpoint_id: " + request.getInstallId().size()
                    + " bytes, " + request.getProposedEndpointId() + " (expected: " + INSTALL_BYTES + " bytes, not 0)");
        }
        if (apps.get(request.getAppId()).getAppId() == 0) {
            throw new IllegalArgumentException(
                    "app_id: " + request.getAppId() + " (expected: an app that was created)");
        }
        if (request.getPayloadKey().size() > MAX_PAYLOAD_KEY) {
            throw new IllegalArgumentException("payload_key: " + request.getPayloadKey().size()
                    + " bytes (expected: at most " + MAX_PAYLOAD_KEY + ")");
        }
        byte[] install = Hashes.sha256(request.getInstallId().toByteArray());
        Claim claim = claim(request.getAppId(), install, request.getProposedEndpointId());
        EndpointRecord record = write(request, install, claim);
        if (record.getState() == EndpointRecord.State.GONE && claim.endpoint != request.getProposedEndpointId()) {
            claim = replace(request.getAppId(), install, claim, request.getProposedEndpointId());
            record = write(request, install, claim);
        }
        endpoints.forget(record.getEndpointId());
        return record;
    }

    /** The endpoint of that app (0 = whichever), or a record in state ABSENT. */
    public EndpointRecord get(long endpoint, int app) throws SQLException {
        Found found = find(endpoint);
        return found == null || (app != 0 && app != found.record.getAppId())
                ? EndpointRecord.getDefaultInstance()
                : found.record;
    }

    /** Marks an active endpoint gone if it was not seen since then (unix ms). Answers what it is now. */
    EndpointRecord markGone(long endpoint, int app, long seenBefore) throws SQLException {
        EndpointRecord before = get(endpoint, app);
        if (before.getState() != EndpointRecord.State.ACTIVE) {
            return before;
        }
        try (Connection connection = shards.of(Slots.of(endpoint)).connect();
                PreparedStatement update = connection.prepareStatement(
                        "UPDATE endpoint SET state = 2, gone_at = ? WHERE slot = ? AND ep = ? AND state = 1"
                                + " AND seen_at < ?")) {
            update.setLong(1, clock.wallMillis());
            update.setInt(2, Slots.of(endpoint));
            update.setLong(3, endpoint);
            update.setLong(4, seenBefore);
            update.executeUpdate();
        }
        endpoints.forget(endpoint);
        return get(endpoint, app);
    }

    private Claim claim(int app, byte[] install, long proposed) throws SQLException {
        try (Connection connection = shards.of(Shards.slotOfHash(install)).connect()) {
            Claim there = readClaim(connection, app, install);
            if (there != null) {
                return there;
            }
            try (PreparedStatement insert = connection.prepareStatement("INSERT INTO install"
                    + " (app, install_hash, ep, ord) VALUES (?,?,?,?) ON DUPLICATE KEY UPDATE app = VALUES(app)")) {
                insert.setInt(1, app);
                insert.setBytes(2, install);
                insert.setLong(3, proposed);
                insert.setInt(4, ords.next(app));
                insert.executeUpdate();
            }
            return claimed(connection, app, install);
        }
    }

    private Claim replace(int app, byte[] install, Claim old, long proposed) throws SQLException {
        try (Connection connection = shards.of(Shards.slotOfHash(install)).connect();
                PreparedStatement update = connection.prepareStatement(
                        "UPDATE install SET ep = ?, ord = ? WHERE app = ? AND install_hash = ? AND ep = ?")) {
            update.setLong(1, proposed);
            update.setInt(2, ords.next(app));
            update.setInt(3, app);
            update.setBytes(4, install);
            update.setLong(5, old.endpoint);
            update.executeUpdate();
            return claimed(connection, app, install);
        }
    }

    private static Claim claimed(Connection connection, int app, byte[] install) throws SQLException {
        Claim claim = readClaim(connection, app, install);
        if (claim == null) {
            throw new SQLException("install of app " + app + ": missing (expected: the row just written)");
        }
        return claim;
    }

    private static @Nullable Claim readClaim(Connection connection, int app, byte[] install) throws SQLException {
        try (PreparedStatement select = connection
                .prepareStatement("SELECT ep, ord FROM install WHERE app = ? AND install_hash = ?")) {
            select.setInt(1, app);
            select.setBytes(2, install);
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? new Claim(row.getLong(1), (int) row.getLong(2)) : null;
            }
        }
    }

    private EndpointRecord write(RegisterEndpointRequest request, byte[] install, Claim claim) throws SQLException {
        Found there = find(claim.endpoint);
        if (there == null) {
            insert(request, install, claim);
            there = find(claim.endpoint);
        }
        if (there == null || there.record.getAppId() != request.getAppId() || !Arrays.equals(there.install, install)) {
            throw new IllegalArgumentException("proposed_endpoint_id: "
                    + Long.toUnsignedString(claim.endpoint) + " (expected: one that nobody has)");
        }
        boolean same = there.record.getPayloadKey().equals(request.getPayloadKey());
        return same || there.record.getState() != EndpointRecord.State.ACTIVE
                ? there.record
                : withKey(there.record, request.getPayloadKey());
    }

    // The newest registration counts: its app has no other key, or none.
    private EndpointRecord withKey(EndpointRecord record, ByteString payloadKey) throws SQLException {
        try (Connection connection = shards.of(Slots.of(record.getEndpointId())).connect();
                PreparedStatement update = connection.prepareStatement(
                        "UPDATE endpoint SET payload_key = ? WHERE slot = ? AND ep = ? AND state = 1")) {
            update.setBytes(1, payloadKey.toByteArray());
            update.setInt(2, Slots.of(record.getEndpointId()));
            update.setLong(3, record.getEndpointId());
            update.executeUpdate();
        }
        return record.toBuilder().setPayloadKey(payloadKey).build();
    }

    private void insert(RegisterEndpointRequest request, byte[] install, Claim claim) throws SQLException {
        long now = clock.wallMillis();
        try (Connection connection = shards.of(Slots.of(claim.endpoint)).connect();
                PreparedStatement insert = connection.prepareStatement("INSERT INTO endpoint (slot, ep, app, ord,"
                        + " state, created_at, seen_at, install_hash, package_name, certificate)"
                        + " VALUES (?,?,?,?,1,?,?,?,?,?) ON DUPLICATE KEY UPDATE ep = VALUES(ep)")) {
            insert.setInt(1, Slots.of(claim.endpoint));
            insert.setLong(2, claim.endpoint);
            insert.setInt(3, request.getAppId());
            insert.setLong(4, Integer.toUnsignedLong(claim.ord));
            insert.setLong(5, now);
            insert.setLong(6, now);
            insert.setBytes(7, install);
            insert.setString(8, limited(request.getPackageName(), 255));
            byte[] certificate = request.getCertificateDigest().toByteArray();
            insert.setBytes(9, Arrays.copyOf(certificate, Math.min(certificate.length, 64)));
            insert.executeUpdate();
        }
    }

    private record Found(EndpointRecord record, byte[] install) {
    }

    private @Nullable Found find(long endpoint) throws SQLException {
        try (Connection connection = shards.of(Slots.of(endpoint)).connect();
                PreparedStatement select = connection
                        .prepareStatement(
                                "SELECT " + COLUMNS + ", install_hash FROM endpoint WHERE slot = ? AND ep = ?")) {
            select.setInt(1, Slots.of(endpoint));
            select.setLong(2, endpoint);
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? new Found(record(row), row.getBytes(10)) : null;
            }
        }
    }

    /** The endpoints of that app (0 = whichever) among these, which are all of one shard. */
    public List<EndpointRecord> get(Connection connection, List<Long> endpoints, int app) throws SQLException {
        var records = new ArrayList<EndpointRecord>(endpoints.size());
        try (PreparedStatement select = connection.prepareStatement("SELECT " + COLUMNS
                + " FROM endpoint WHERE (slot, ep) IN (" + Tuples.of("(?,?)", endpoints.size()) + ")")) {
            int at = 1;
            for (long endpoint : endpoints) {
                select.setInt(at++, Slots.of(endpoint));
                select.setLong(at++, endpoint);
            }
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    EndpointRecord record = record(row);
                    if (app == 0 || app == record.getAppId()) {
                        records.add(record);
                    }
                }
            }
        }
        return records;
    }

    private static EndpointRecord record(ResultSet row) throws SQLException {
        return EndpointRecord.newBuilder().setEndpointId(row.getLong(1)).setAppId(row.getInt(2))
                .setOrd((int) row.getLong(3)).setState(ReadStandings.state(row.getInt(4)))
                .setCreatedMs(row.getLong(5)).setSeenMs(row.getLong(6)).setPackageName(row.getString(7))
                .setGoneMs(row.getLong(8)).setPayloadKey(ByteString.copyFrom(row.getBytes(9))).build();
    }

    private static String limited(String text, int chars) {
        return text.length() <= chars ? text : text.substring(0, chars);
    }
}
