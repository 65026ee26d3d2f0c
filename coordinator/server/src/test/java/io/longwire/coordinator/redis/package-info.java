/** Tests of the connections to Redis. */
@NullMarked
package io.longwire.coordinator.redis;

import org.jspecify.annotations.NullMarked;
