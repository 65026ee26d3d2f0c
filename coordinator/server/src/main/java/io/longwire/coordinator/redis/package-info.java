/**
 * The coordinator's own Redis: checked sessions to its nodes, the scripts, the names of the keys. Any thread; answers
 * come on Lettuce's threads and must not block them. Read {@link io.longwire.coordinator.redis.RedisNodes} first.
 */
@NullMarked
package io.longwire.coordinator.redis;

import org.jspecify.annotations.NullMarked;
