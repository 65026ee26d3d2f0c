/**
 * How a message becomes accepted. Read {@link io.longwire.saver.append.Appends} first. Nothing blocks; continuations
 * run on ledger and Redis threads.
 */
@NullMarked
package io.longwire.saver.append;

import org.jspecify.annotations.NullMarked;
