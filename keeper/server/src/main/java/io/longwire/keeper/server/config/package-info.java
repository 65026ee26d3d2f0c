/**
 * The configuration store: drafts that are checked before they become versions, versions in ZooKeeper, rollouts that
 * the leading keeper walks. Calls run on virtual threads and may wait for ZooKeeper; every change of a part's state is
 * a compare-and-set. Read {@link io.longwire.keeper.server.config.ConfigParts} first.
 */
@NullMarked
package io.longwire.keeper.server.config;

import org.jspecify.annotations.NullMarked;
