package io.longwire.saver.audit;

import io.longwire.keeper.clock.Clock;
import io.longwire.rpc.saver.AuditRecord;
import io.longwire.rpc.saver.ListAuditReply;
import io.longwire.rpc.saver.ListAuditRequest;
import io.longwire.saver.ledger.Shard;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** The audit log, on the first shard: rows are added and read, never changed. */
public final class AuditLog {
    private static final int MOST = 500;
    private static final int SHORT = 64;
    private static final int SUBJECT = 255;
    private static final int DETAIL = 1_000;

    private final Shard shard;
    private final Clock clock;

    public AuditLog(Shard shard, Clock clock) {
        this.shard = shard;
        this.clock = clock;
    }

    /** Keeps a record, cut to its columns, and answers it as it is kept. Blocks. */
    public AuditRecord add(AuditRecord given) throws SQLException {
        if (given.getAction().isBlank() || given.getActor().isBlank()) {
            throw new IllegalArgumentException(
                    "actor, action: " + given.getActor() + ", " + given.getAction() + " (expected: not empty)");
        }
        AuditRecord record = given.toBuilder().setAtMs(clock.wallMillis()).setActor(line(given.getActor(), SHORT))
                .setAction(line(given.getAction(), SHORT)).setSubject(line(given.getSubject(), SUBJECT))
                .setDetail(line(given.getDetail(), DETAIL)).setAddress(ascii(line(given.getAddress(), SHORT))).build();
        try (Connection connection = shard.connect();
                PreparedStatement insert = connection.prepareStatement("INSERT INTO audit"
                        + " (at, actor, action, app, subject, detail, address) VALUES (?,?,?,?,?,?,?)",
                        Statement.RETURN_GENERATED_KEYS)) {
            insert.setLong(1, record.getAtMs());
            insert.setString(2, record.getActor());
            insert.setString(3, record.getAction());
            insert.setInt(4, record.getAppId());
            insert.setString(5, record.getSubject());
            insert.setString(6, record.getDetail());
            insert.setString(7, record.getAddress());
            insert.executeUpdate();
            try (ResultSet key = insert.getGeneratedKeys()) {
                key.next();
                return record.toBuilder().setSeq(key.getLong(1)).build();
            }
        }
    }

    /** Newest first. Blocks. */
    public ListAuditReply list(ListAuditRequest request) throws SQLException {
        int limit = request.getLimit() <= 0 ? MOST : Math.min(request.getLimit(), MOST);
        var reply = ListAuditReply.newBuilder();
        try (Connection connection = shard.connect();
                PreparedStatement select = connection.prepareStatement("SELECT seq, at, actor, action, app, subject,"
                        + " detail, address FROM audit WHERE seq < ?" + (request.getAppId() == 0 ? "" : " AND app = ?")
                        + " ORDER BY seq DESC LIMIT " + limit)) {
            select.setLong(1, request.getBeforeSeq() <= 0 ? Long.MAX_VALUE : request.getBeforeSeq());
            if (request.getAppId() != 0) {
                select.setInt(2, request.getAppId());
            }
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    reply.addRecords(AuditRecord.newBuilder().setSeq(row.getLong(1)).setAtMs(row.getLong(2))
                            .setActor(row.getString(3)).setAction(row.getString(4)).setAppId(row.getInt(5))
                            .setSubject(row.getString(6)).setDetail(row.getString(7)).setAddress(row.getString(8)));
                }
            }
        }
        return reply.build();
    }

    private static String line(String text, int chars) {
        String one = text.replace('\n', ' ').replace('\r', ' ');
        return one.length() <= chars ? one : one.substring(0, chars);
    }

    private static String ascii(String text) {
        return text.replaceAll("[^\\x20-\\x7e]", "?");
    }
}
