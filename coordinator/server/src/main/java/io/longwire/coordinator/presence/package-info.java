/**
 * Which endpoints are online: what rooms tell, kept in streams of type {@code $presence}; snapshots; rooms that died.
 * Any thread. Read {@link io.longwire.coordinator.presence.PresenceStore} first, and decision 19.
 */
@NullMarked
package io.longwire.coordinator.presence;

import org.jspecify.annotations.NullMarked;
