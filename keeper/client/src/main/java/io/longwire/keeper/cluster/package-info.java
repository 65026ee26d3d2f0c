/**
 * Who else is running and who owns which slot, by ZooKeeper. Read {@link io.longwire.keeper.cluster.Cluster} first.
 * Snapshots are immutable; callbacks run on the cluster's own thread.
 */
@NullMarked
package io.longwire.keeper.cluster;

import org.jspecify.annotations.NullMarked;
