/**
 * How a keeper reaches processes and hosts. Thread-safe; calls block. Read
 * {@link io.longwire.keeper.server.reach.Processes} first.
 */
@NullMarked
package io.longwire.keeper.server.reach;

import org.jspecify.annotations.NullMarked;
