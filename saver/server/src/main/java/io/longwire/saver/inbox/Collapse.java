package io.longwire.saver.inbox;

/** A message that is not to be delivered because a newer one with the same collapse key stands for it. */
public record Collapse(long message, long by) {
}
