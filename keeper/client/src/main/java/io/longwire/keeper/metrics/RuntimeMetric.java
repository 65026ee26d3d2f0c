package io.longwire.keeper.metrics;

/** What the runtime itself counts, in every part. */
public enum RuntimeMetric implements Metric {
    // @formatter:off
    RPC_BATCHES("rpc_batches_total", "Batches sent to other parts."),
    RPC_ITEMS("rpc_items_total", "Items sent to other parts; divided by batches it is the gathering."),
    RPC_FAILURES("rpc_failures_total", "Items that got no answer, by kind; one tried again elsewhere counts per try."),
    RPC_RETRIES("rpc_retries_total", "Items tried once more at another member."),
    RPC_RETRIES_DENIED("rpc_retries_denied_total", "Items not tried again because the retry budget was empty."),
    RPC_BREAKER_OPENS("rpc_breaker_opens_total", "Times a member was left alone after failing again and again."),
    RPC_STREAM_BREAKS("rpc_stream_breaks_total", "Batch streams that broke or were given up."),
    RPC_HANDLER_FAILURES("rpc_handler_failures_total", "Calls on which this part's own handler failed."),
    RPC_QUEUED("rpc_items_queued", "Items for other parts that wait to be sent."),
    RPC_IN_FLIGHT("rpc_items_in_flight", "Items sent to other parts that have no answer yet."),
    RPC_CALLS("rpc_calls_in_flight", "Calls of others under way at the rpc port, streams of batches among them."),
    RPC_LOOP_LAG("rpc_loop_lag_millis", "How late the slowest rpc loop runs what is due."),
    RPC_LOOP_TASKS("rpc_loop_tasks", "Tasks queued at the rpc loops."),
    GC_COLLECTIONS("gc_collections_total", "Garbage collections, by collector."),
    GC_MILLIS("gc_millis_total", "Milliseconds they took, by collector; of a concurrent one its time, not a pause."),
    GC_PAUSE_TIME("gc_pause_seconds", "Pauses of the garbage collector, in whole milliseconds."),
    CLUSTER_FENCED("cluster_fenced", "1 while cut off from ZooKeeper and others are not."),
    CLUSTER_CONTACT_AGE("cluster_contact_age_millis", "Milliseconds since ZooKeeper was last heard."),
    CLUSTER_MAP_EPOCH("cluster_map_epoch", "Epoch of the register's slot map in use."),
    CLUSTER_INCARNATIONS("cluster_incarnations_total", "Sessions this process has had in ZooKeeper."),
    CONFIG_RELOADS("config_reloads_total", "Changed configurations that were taken over."),
    CONFIG_REFUSED("config_refused_total", "Changed configurations that were refused."),
    CONFIG_BEHIND("config_behind", "1 while this process refuses the version of the configuration it was told.");
    // @formatter:on

    private final String id;
    private final String sentence;

    RuntimeMetric(String id, String sentence) {
        this.id = id;
        this.sentence = sentence;
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public String sentence() {
        return sentence;
    }
}
