package io.longwire.keeper.cluster;

import java.util.Locale;

/** Where things stand in ZooKeeper, below /longwire/&lt;namespace&gt;. */
public final class ZooKeeperPaths {
    public static final String REGISTER_MAP = "/maps/register";
    public static final String SHARD_MAP = "/maps/shards";
    /** The folder of every part's members. */
    public static final String MEMBERS = "/members";
    /** Where keepers choose the one that publishes. */
    public static final String KEEPER_LATCH = "/keeper/leader";

    /** The parts whose processes are sampled all the time. */
    public static final String SAMPLING = "/sampling";

    /** The folder of every part's configuration. */
    public static final String CONFIG = "/config";

    private ZooKeeperPaths() {
    }

    /** What every process of a part shall run with. */
    public static String configState(String part) {
        return CONFIG + "/" + part + "/state";
    }

    public static String configVersions(String part) {
        return CONFIG + "/" + part + "/versions";
    }

    /** Ten digits, so that their order is the order of their names. */
    public static String configVersion(String part, long number) {
        return configVersions(part) + "/" + String.format(Locale.ROOT, "%010d", number);
    }

    /** The schemas that processes of a part have told, by hash. */
    public static String configSchemas(String part) {
        return CONFIG + "/" + part + "/schemas";
    }

    /** What the processes of a rollout counted. */
    public static String configWatched(String part) {
        return CONFIG + "/" + part + "/watched";
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
