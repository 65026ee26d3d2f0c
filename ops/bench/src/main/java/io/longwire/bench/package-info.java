/**
 * The bench: a device simulator, load generators, and one command per figure of docs/performance.md. Each role is a
 * process of its own; a driver runs them and prints one JSON line per figure, on its main thread. Read
 * {@link io.longwire.bench.BenchMain} first, then {@link io.longwire.bench.figure}.
 */
@NullMarked
package io.longwire.bench;

import org.jspecify.annotations.NullMarked;
