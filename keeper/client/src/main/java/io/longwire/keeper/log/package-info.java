/**
 * Logging that cannot flood. Read {@link io.longwire.keeper.log.FoldedLog}. Thread-safe.
 */
@NullMarked
package io.longwire.keeper.log;

import org.jspecify.annotations.NullMarked;
