/**
 * The keeper: publishes the maps every part follows. Few, one of them leads. Read
 * KeeperMain first.
 */
@NullMarked
package io.longwire.keeper.server;

import org.jspecify.annotations.NullMarked;
