/**
 * Who may use the console, kept in ZooKeeper, and how many wrong passwords are borne. Any thread, blocks. Read
 * {@link io.longwire.keeper.server.console.user.Users} first.
 */
@NullMarked
package io.longwire.keeper.server.console.user;

import org.jspecify.annotations.NullMarked;
