/**
 * How sessions end, wait and come back: parking after a drop, resume by token on any loop. Read
 * {@link io.longwire.room.resume.Parking} first. Owner: the connection's loop; loops ask each other by mailbox.
 */
@NullMarked
package io.longwire.room.resume;

import org.jspecify.annotations.NullMarked;
