package io.longwire.saver.profile;

import java.sql.SQLException;

/**
 * What the binding of an alias depends on beside the profile.
 *
 * @param losers told of each that lost an alias, perhaps
 */
public record AliasRules(Banned banned, DevicesOf devices, Losers losers) {
    /** Anybody may bind anything. */
    public static final AliasRules NONE = new AliasRules((app, alias) -> false, app -> Devices.ALL,
            (endpoint, alias, lost) -> {
            });

    /** Who knows which aliases are banned. */
    public interface Banned {
        /** Blocks. */
        boolean isBanned(int app, String alias) throws SQLException;
    }

    /** Who knows the setting of an app, as last read. */
    public interface DevicesOf {
        /** Blocks, if the app has not been read yet. */
        Devices of(int app) throws SQLException;
    }

    /** Who tells endpoints that another one has their alias now. */
    public interface Losers {
        /**
         * Returns at once.
         *
         * @param lost asked right before each try to tell it
         */
        void lost(long endpoint, String alias, Lost lost);
    }

    /** Whether an endpoint is without an alias it had: the binding that took it may have failed, or it took it back. */
    public interface Lost {
        /** Blocks. */
        boolean stands() throws SQLException;
    }
}
