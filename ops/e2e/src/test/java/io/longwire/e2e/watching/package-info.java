/**
 * What is counted, what is written of it, and what dashboards and alerts ask for. Read
 * {@link io.longwire.e2e.watching.MetricsTest} first.
 */
@NullMarked
package io.longwire.e2e.watching;

import org.jspecify.annotations.NullMarked;
