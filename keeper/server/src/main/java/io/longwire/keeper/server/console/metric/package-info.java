/**
 * What the console counts. Read
 * {@link io.longwire.keeper.server.console.metric.ConsoleMetric} first.
 */
@NullMarked
package io.longwire.keeper.server.console.metric;

import org.jspecify.annotations.NullMarked;
