package io.longwire.room.presence;

/**
 * What is told of an endpoint that is bound, beside its conn_seq.
 *
 * @param network as the phone names it; empty = not known
 * @param first the phone never bound it before
 */
public record Arrival(int appId, String network, boolean first) {
}
