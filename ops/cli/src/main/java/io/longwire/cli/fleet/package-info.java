/**
 * Commands about processes, hosts and restarts, which a keeper does. For command threads. Read
 * {@link io.longwire.cli.fleet.KeeperAt} first.
 */
@NullMarked
package io.longwire.cli.fleet;

import org.jspecify.annotations.NullMarked;
