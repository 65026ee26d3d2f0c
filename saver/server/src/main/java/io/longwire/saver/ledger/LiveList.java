package io.longwire.saver.ledger;

import java.util.List;

/**
 * The messages of an endpoint that live in the ledger, by id, without their bodies.
 *
 * @param complete false: there are more than one read takes
 */
public record LiveList(List<Live> messages, boolean complete) {
    /**
     * A live message.
     *
     * @param expireAt unix ms
     * @param collapse hash of its collapse key, 0 = none
     */
    public record Live(long message, int app, long expireAt, long collapse) {
    }
}
