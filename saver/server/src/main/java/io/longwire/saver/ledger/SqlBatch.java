package io.longwire.saver.ledger;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * What a {@link BatchQueue} does with the rows it has gathered. Implementations are stateless and idempotent: a batch
 * whose commit was lost is sent again, whole or in halves.
 *
 * @param <T> a row
 * @param <R> what became of it
 */
public interface SqlBatch<T, R> {
    /** Does the rows on a connection in autocommit, READ COMMITTED; the results are aligned with the rows. */
    List<R> run(Connection connection, List<T> rows) throws SQLException;

    /** Estimated bytes of a row in the statement. */
    int sizeOf(T row);

    /** Asked before each send, repeated ones included: an answer given here keeps the row from being sent. */
    default @Nullable R refuse(T row) {
        return null;
    }
}
