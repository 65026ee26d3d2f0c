/**
 * How the backends of products bear what their phones say, for the centers that send broadcasts. Owned by the channels'
 * loop. Read {@link io.longwire.coordinator.pace.AppPace} first, and docs/decisions/0022.
 */
@NullMarked
package io.longwire.coordinator.pace;

import org.jspecify.annotations.NullMarked;
