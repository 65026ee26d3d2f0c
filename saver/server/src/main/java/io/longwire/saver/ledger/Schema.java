package io.longwire.saver.ledger;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

/** Brings a shard's schema to the version of this build. Several savers may do it at once: the migration locks. */
public final class Schema {
    private Schema() {
    }

    // With a time-out, as the migration has none: a server that is frozen must not hold up the other shards.
    private static void reach(Shard shard) {
        try (Connection connection = shard.connect(); Statement ask = connection.createStatement()) {
            ask.execute("SELECT 1");
        } catch (SQLException away) {
            throw new StoreFailure(StoreFailure.Kind.UNAVAILABLE,
                    "ledger " + shard.number() + ": " + SqlError.reason(away));
        }
    }

    /**
     * Throws StoreFailure while the shard cannot be reached or refuses. A change of a large table takes its time: cut
     * in the middle, the server would go on with it while its next try finds it half done.
     */
    public static void migrate(Shard shard) {
        reach(shard);
        try (var source = shard.migration()) {
            Flyway.configure(Schema.class.getClassLoader()).dataSource(source)
                    .locations("classpath:io/longwire/saver/schema").table("schema_history").load().migrate();
        } catch (FlywayException refused) {
            throw new StoreFailure(StoreFailure.Kind.UNAVAILABLE,
                    "ledger " + shard.number() + ": the schema cannot be migrated: " + SqlError.reason(refused));
        }
    }
}
