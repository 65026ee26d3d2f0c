package io.longwire.saver.ban;

import io.longwire.keeper.clock.Clock;
import io.longwire.saver.ledger.Shard;
import io.longwire.saver.profile.AliasRules;
import java.sql.Connection;
import java.sql.SQLException;

/** Whether an alias may be bound, as far as bans go. Blocks. */
public final class AliasBans implements AliasRules.Banned {
    private final Shard shard;
    private final Clock clock;

    public AliasBans(Shard first, Clock clock) {
        this.shard = first;
        this.clock = clock;
    }

    @Override
    public boolean isBanned(int app, String alias) throws SQLException {
        try (Connection connection = shard.connect()) {
            return BanRows.aliasBanned(connection, app, alias, clock.wallMillis());
        }
    }
}
