/**
 * Who is signed in, kept in ZooKeeper so that every keeper knows. Any thread, blocks. Read
 * {@link io.longwire.keeper.server.console.session.Sessions} first.
 */
@NullMarked
package io.longwire.keeper.server.console.session;

import org.jspecify.annotations.NullMarked;
