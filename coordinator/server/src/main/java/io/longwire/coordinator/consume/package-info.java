/**
 * What product backends call: pull streams, polls, and a look at channels. gRPC threads hand over to the loop of the
 * channels. Read {@link io.longwire.coordinator.consume.ConsumerRpc} first.
 */
@NullMarked
package io.longwire.coordinator.consume;

import org.jspecify.annotations.NullMarked;
