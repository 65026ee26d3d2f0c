/** The options of the figures. */
@NullMarked
package io.longwire.bench.figure;

import org.jspecify.annotations.NullMarked;
