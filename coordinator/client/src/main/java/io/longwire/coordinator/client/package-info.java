/**
 * What rooms call of the coordinator: uplinks in batches, answered when they are durable. Read {@link
 * io.longwire.coordinator.client.CoordinatorClient} first. Thread-safe; callbacks run on gRPC threads and must not
 * block.
 */
@NullMarked
package io.longwire.coordinator.client;

import org.jspecify.annotations.NullMarked;
