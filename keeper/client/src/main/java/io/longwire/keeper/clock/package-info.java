/**
 * Time as the services see it. Read {@link io.longwire.keeper.clock.Clock}; tests use the testkit's virtual clock.
 * Implementations are thread-safe.
 */
@NullMarked
package io.longwire.keeper.clock;

import org.jspecify.annotations.NullMarked;
