package io.longwire.sdk.phone;

import io.longwire.sdk.connection.Connection;
import io.longwire.sdk.policy.Heartbeat;
import io.longwire.sdk.policy.Ladder;
import io.longwire.sdk.policy.Network;
import io.longwire.sdk.policy.Pace;
import io.longwire.sdk.transport.Address;
import java.util.Random;

/**
 * What the phone learns of the network it is on from what its connections do, and of no network but that one: a
 * connection counts only while the network it was begun on is still there, and reaches the internet. Belongs to the
 * loop.
 */
final class Learning {
    private final Parts parts;
    private final KnownNetworks networks;
    private final Random random;
    private Network network = Network.UNTOLD;
    private KnownNetwork known;
    private KnownNetwork risingOn;
    private KnownNetwork liveOn;
    private int failedRung = Ladder.NONE; // counts once the network is seen to work

    Learning(Parts parts, Random random) {
        this.parts = parts;
        this.random = random;
        networks = new KnownNetworks(parts, random);
        known = networks.of(network);
        risingOn = known;
        liveOn = known;
    }

    /** The network the phone is on. */
    Network network() {
        return network;
    }

    /** What is known of it; of the last one, while there is none. */
    KnownNetwork known() {
        return known;
    }

    KnownNetworks networks() {
        return networks;
    }

    void network(Network now) {
        boolean named = network.equals(Network.UNTOLD);
        network = now;
        failedRung = Ladder.NONE;
        if (!now.isNone()) {
            known = networks.of(now);
        }
        if (named) { // the network it was on all the time has a name now
            risingOn = known;
            liveOn = known;
        }
    }

    /** Whether the live connection was begun on another network than this one. */
    boolean isLiveElsewhere() {
        return liveOn != known;
    }

    /**
     * For a connection that is begun now.
     *
     * @param lodges whether it goes through another app: nothing is learned of the network by it
     */
    Heartbeat heartbeat(boolean looks, boolean lodges) {
        Ladder ladder = lodges ? new Ladder(random) : known.ladder();
        Heartbeat heartbeat = new Heartbeat(ladder, Pace.of(network), parts.settings.pingTimeoutMillis(),
                lodges ? 0 : known.srttToHandOn(), parts.now());
        heartbeat.foreground(looks, parts.now());
        return heartbeat;
    }

    /** A connection was begun. */
    void rising() {
        risingOn = known;
    }

    /** It was accepted, by another app: whatever the network is like. */
    void lodged() {
        liveOn = risingOn;
        failedRung = Ladder.NONE;
    }

    /** It was accepted, so the network works: what did not survive its silence before counts now. */
    void accepted(boolean newEpoch) {
        liveOn = risingOn;
        if (failedRung != Ladder.NONE && liveOn == known) {
            known.ladder().bad(failedRung, parts.now());
        }
        failedRung = Ladder.NONE;
        liveOn.ladder().begin();
        if (newEpoch) {
            networks.forgetBlocks();
        }
        networks.changed();
    }

    /** It was refused: the way there is good. */
    void refused(Address address) {
        known.answered(address);
    }

    /** It ended without an answer. */
    void unanswered(Address address) {
        if (risingOn == known && network.isValidated()) {
            failedRung = Ladder.NONE;
            known.failed(address, parts.now());
        }
    }

    /** The live connection answered a ping. */
    void alive(Connection connection) {
        liveOn.srttMillis(connection.srttMillis());
        networks.changed();
    }

    /**
     * The live connection ended, by nobody's word.
     *
     * @return whether the network forgot it, as far as can be seen
     */
    boolean died(Connection connection) {
        if (connection.isOverdue()) {
            liveOn.overdue();
        }
        boolean counts = liveOn == known && network.isValidated();
        failedRung = counts ? connection.failedRung() : Ladder.NONE;
        return failedRung != Ladder.NONE;
    }

    /** Nothing that happened so far says anything of the network: no room is reached, or the process slept. */
    void forget() {
        failedRung = Ladder.NONE;
    }
}
