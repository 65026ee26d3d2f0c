package io.longwire.saver.ledger;

import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

/** Brings a shard's schema to the version of this build. Several savers may do it at once: the migration locks. */
public final class Schema {
    private Schema() {
    }

    /** Throws StoreFailure while the shard cannot be reached or refuses. */
    public static void migrate(Shard shard) {
        try {
            Flyway.configure(Schema.class.getClassLoader()).dataSource(shard.jobs())
                    .locations("classpath:io/longwire/saver/schema").table("schema_history").load().migrate();
        } catch (FlywayException refused) {
            throw new StoreFailure(StoreFailure.Kind.UNAVAILABLE,
                    "ledger " + shard.number() + ": the schema cannot be migrated: " + SqlError.reason(refused));
        }
    }
}
