/**
 * Who else runs, as a test says, without ZooKeeper. Any thread. Read
 * {@link io.longwire.testkit.cluster.FakeCluster}.
 */
@NullMarked
package io.longwire.testkit.cluster;

import org.jspecify.annotations.NullMarked;
