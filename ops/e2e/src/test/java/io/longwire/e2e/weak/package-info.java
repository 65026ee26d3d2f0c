/** Phones with the SDK's own policies on bad networks: how long until it is seen, how long until it is mended. */
@NullMarked
package io.longwire.e2e.weak;

import org.jspecify.annotations.NullMarked;
