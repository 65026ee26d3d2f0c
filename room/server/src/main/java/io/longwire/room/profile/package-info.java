/**
 * What apps tell about their endpoints: aliases, tags, attributes, on their way to a saver. Read {@link
 * io.longwire.room.profile.Profiles} first. Owner: the connection's loop; {@link
 * io.longwire.room.profile.ProfileStore} answers on any thread.
 */
@NullMarked
package io.longwire.room.profile;

import org.jspecify.annotations.NullMarked;
