/**
 * How events go out: channels, the leases of their partitions, who takes what. One thread, the {@link
 * io.longwire.coordinator.channel.Loop}, owns all of it but the store and the ids. Read {@link
 * io.longwire.coordinator.channel.Channels} first, then {@link io.longwire.coordinator.channel.Channel}.
 */
@NullMarked
package io.longwire.coordinator.channel;

import org.jspecify.annotations.NullMarked;
