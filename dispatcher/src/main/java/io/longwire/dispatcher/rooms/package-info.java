/**
 * Which rooms a phone should try, in which order. Answers from memory; the list follows the cluster. Called on Netty
 * loops, thread-safe. Read {@link io.longwire.dispatcher.rooms.RoomsApi} first.
 */
@NullMarked
package io.longwire.dispatcher.rooms;

import org.jspecify.annotations.NullMarked;
