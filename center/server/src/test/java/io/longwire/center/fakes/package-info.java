/**
 * The neighbours and the runtime of center, made by hand for its tests. Read
 * {@link io.longwire.center.fakes.FakeNeighbours} first. Thread-safe.
 */
@NullMarked
package io.longwire.center.fakes;

import org.jspecify.annotations.NullMarked;
