package io.longwire.keeper.rpc;

import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.cluster.Cluster;

/** What streams and pools of one process share. */
record RpcContext(Peers peers, Cluster cluster, Clock clock, RpcCounters counters, BalanceConfig balance) {
}
