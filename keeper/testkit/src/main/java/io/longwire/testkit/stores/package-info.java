/**
 * Real Redis, MariaDB and ZooKeeper for tests, {@code longwire demo} and {@code longwire up}: started in a directory of
 * the caller, restarted with their data, killed, frozen, wiped. Read {@link io.longwire.testkit.stores.Stores} (tests)
 * or {@link io.longwire.testkit.stores.MariaDbServer}. Each server's methods are thread-safe and block.
 */
@NullMarked
package io.longwire.testkit.stores;

import org.jspecify.annotations.NullMarked;
