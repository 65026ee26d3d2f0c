/**
 * What coordinators are told of sessions that come and go. Read {@link io.longwire.room.presence.PresenceFeed} first.
 * Any thread tells; one thread of its own keeps the order and sends.
 */
@NullMarked
package io.longwire.room.presence;

import org.jspecify.annotations.NullMarked;
