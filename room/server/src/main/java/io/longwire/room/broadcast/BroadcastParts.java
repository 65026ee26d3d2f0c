package io.longwire.room.broadcast;

/**
 * What the loops share for broadcasts. Thread-safe.
 *
 * @param traits of phones, each kept once
 */
public record BroadcastParts(BroadcastBoard board, BroadcastStore store, NoteSender notes, TraitsPool traits) {
}
