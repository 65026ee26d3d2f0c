/**
 * Processes that tests start, freeze and kill: signals, and JVMs of our own parts. Read
 * {@link io.longwire.testkit.process.JavaProcess}. Thread-safe; no thread is owned here.
 */
@NullMarked
package io.longwire.testkit.process;

import org.jspecify.annotations.NullMarked;
