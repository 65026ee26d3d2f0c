/**
 * One command per figure of docs/performance.md: starts the roles, measures, prints one JSON line. Each runs on the
 * driver's main thread. Read {@link io.longwire.bench.figure.Common} first.
 */
@NullMarked
package io.longwire.bench.figure;

import org.jspecify.annotations.NullMarked;
