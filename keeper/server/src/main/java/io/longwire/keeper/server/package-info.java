/**
 * The keeper: publishes the maps every part follows. Few, one of them leads. Read
 * {@link io.longwire.keeper.server.KeeperMain} first.
 */
@NullMarked
package io.longwire.keeper.server;

import org.jspecify.annotations.NullMarked;
