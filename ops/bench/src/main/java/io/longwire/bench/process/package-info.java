/**
 * The other processes of a bench: starting them, talking to them by lines, and what kernel and JVM tell of them.
 * Used by the driver's thread. Read {@link io.longwire.bench.process.Role} first.
 */
@NullMarked
package io.longwire.bench.process;

import org.jspecify.annotations.NullMarked;
