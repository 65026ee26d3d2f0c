/**
 * Load generators: messages at a fixed rate, or as many as a window of unanswered calls allows, into whatever takes
 * them. One sender thread each; answers come on the threads of the target. Read {@link io.longwire.bench.load.Load}
 * first.
 */
@NullMarked
package io.longwire.bench.load;

import org.jspecify.annotations.NullMarked;
