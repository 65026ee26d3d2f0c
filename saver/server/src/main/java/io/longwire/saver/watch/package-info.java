/**
 * What of the saver is counted, and where a test may make it die. Read {@link io.longwire.saver.watch.SaverMetric}
 * first. Constants only; no thread.
 */
@NullMarked
package io.longwire.saver.watch;

import org.jspecify.annotations.NullMarked;
