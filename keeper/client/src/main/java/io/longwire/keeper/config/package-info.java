/**
 * Configuration: YAML into typed records, with the place of every mistake. Read
 * {@link io.longwire.keeper.config.ConfigNode} first. Reading belongs to the starting thread; {@code Live} is
 * thread-safe.
 */
@NullMarked
package io.longwire.keeper.config;

import org.jspecify.annotations.NullMarked;
