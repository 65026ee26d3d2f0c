package io.longwire.saver.profile;

import java.sql.SQLException;
import java.util.function.IntFunction;

/**
 * What the binding of an alias depends on beside the profile.
 *
 * @param devices of an app, as last read; never blocks
 */
public record AliasRules(Banned banned, IntFunction<Devices> devices, Losers losers) {
    /** Anybody may bind anything. */
    public static final AliasRules NONE = new AliasRules((app, alias) -> false, app -> Devices.ALL,
            (endpoint, alias) -> {
            });

    /** Who knows which aliases are banned. */
    public interface Banned {
        /** Blocks. */
        boolean isBanned(int app, String alias) throws SQLException;
    }

    /** Who tells endpoints that another one has their alias now. */
    public interface Losers {
        /** Returns at once. */
        void lost(long endpoint, String alias);
    }
}
