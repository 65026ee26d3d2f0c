package io.longwire.e2e.fault;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.codec.ByteArrayCodec;
import io.longwire.cli.platform.PlatformStores;
import io.longwire.keeper.cluster.Slots;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/**
 * Messages that leave the books, made in the stores behind the saver's back: what a saver would leave behind that
 * forgot a step. For one thread.
 */
public final class StoreLeaks {
    private static final String USER = "longwire";

    private final PlatformStores stores;
    private final String password;

    public StoreLeaks(PlatformStores stores, String password) {
        this.stores = stores;
        this.password = password;
    }

    /** An ack that was dropped on its way to the ledger, when the inbox had forgotten the message already. */
    public void dropAck(long endpoint, long messageId) {
        try (Connection connection = DriverManager.getConnection(stores.mariadb().jdbcUrl(), USER, password);
                PreparedStatement delete = connection
                        .prepareStatement("DELETE FROM end_log WHERE slot = ? AND ep = ? AND msg_id = ?")) {
            delete.setInt(1, Slots.of(endpoint));
            delete.setLong(2, endpoint);
            delete.setLong(3, messageId);
            if (delete.executeUpdate() != 1) {
                throw new IllegalStateException("end of " + messageId + ": none (expected: one to drop)");
            }
        } catch (SQLException broken) {
            throw new IllegalStateException(broken);
        }
    }

    /** A message that an inbox let go of without a reason. */
    public void skipReason(long endpoint, long messageId) {
        var client = RedisClient.create(RedisURI.create(stores.redis().host(), stores.redis().port()));
        try (var connection = client.connect(ByteArrayCodec.INSTANCE)) {
            byte[] prefix = ("i:" + Slots.tag(Slots.of(endpoint)) + ":").getBytes(StandardCharsets.US_ASCII);
            byte[] inbox = ByteBuffer.allocate(prefix.length + Long.BYTES).put(prefix).putLong(endpoint).array();
            long gone = connection.sync().hdel(inbox, ByteBuffer.allocate(Long.BYTES).putLong(messageId).array());
            if (gone != 1) {
                throw new IllegalStateException("field of " + messageId + ": none (expected: one to drop)");
            }
        } finally {
            client.shutdown();
        }
    }
}
