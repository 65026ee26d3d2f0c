package io.longwire.saver.ledger;

import java.util.List;

/**
 * The messages of an endpoint that live in the ledger, by id, without their bodies.
 *
 * @param complete false: there are more than one read takes
 */
public record LiveList(List<Live> messages, boolean complete) {
    /** A live message; expiry in unix ms. */
    public record Live(long message, int app, long expireAt) {
    }
}
