package io.longwire.keeper.cluster;

/** Where things stand in ZooKeeper, below /longwire/&lt;namespace&gt;. */
public final class ZooKeeperPaths {
    public static final String REGISTER_MAP = "/maps/register";
    public static final String SHARD_MAP = "/maps/shards";
    /** The folder of every part's members. */
    public static final String MEMBERS = "/members";
    /** Where keepers choose the one that publishes. */
    public static final String KEEPER_LATCH = "/keeper/leader";

    private ZooKeeperPaths() {
    }

    public static String members(String part) {
        return MEMBERS + "/" + part;
    }

    public static String member(String part, String instance) {
        return members(part) + "/" + instance;
    }

    static String leases(String part) {
        return "/leases/" + part;
    }

    static String lease(String part, int index) {
        return leases(part) + "/" + index;
    }
}
