/**
 * What the console asks of keepers: configuration and its rollouts, profiles of processes. Any thread, blocks. Read
 * {@link io.longwire.keeper.server.console.operate.KeeperRoutes} first.
 */
@NullMarked
package io.longwire.keeper.server.console.operate;

import org.jspecify.annotations.NullMarked;
