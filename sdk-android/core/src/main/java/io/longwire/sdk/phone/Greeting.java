package io.longwire.sdk.phone;

import io.longwire.device.Feature;
import io.longwire.device.v1.ClientState;
import io.longwire.device.v1.Connect;
import io.longwire.device.v1.HeartbeatEvidence;
import io.longwire.sdk.connection.Connection;
import io.longwire.sdk.policy.Ladder;
import io.longwire.sdk.policy.Network;

/** What a CONNECT says of the phone, its way here and its network, and what changes later. Belongs to the loop. */
final class Greeting {
    static final int REASON_DROPPED = 1;
    static final int REASON_NETWORK = 2;
    static final int REASON_GOAWAY = 3;
    static final int REASON_PING = 4;

    private static final int SDK_VERSION = 1_000;
    private static final int CAPABILITY_EXACT = 1; // of a machine that does not sleep

    private final Parts parts;
    private ClientState state;
    private ClientState told; // by the CONNECT that was sent last, or since
    private int capability = CAPABILITY_EXACT;
    private int toldCapability;
    private int reason;
    private long lastConnectMillis;

    Greeting(Parts parts) {
        this.parts = parts;
        state = parts.settings.greeting().getState();
        told = state;
    }

    /** Why the next connection is made. */
    void reason(int why) {
        reason = why;
    }

    /** What the last dial took. */
    void connectedIn(long millis) {
        lastConnectMillis = millis;
    }

    void foreground(boolean looks) {
        state = looks ? ClientState.STATE_FOREGROUND : ClientState.STATE_BACKGROUND;
    }

    /** How well the phone can be woken, in the words of CONNECT. */
    void capability(int now) {
        capability = now;
    }

    /** Tells the room what the phone does now, and how well it can be woken, if it was told otherwise. */
    void tell(Connection connection) {
        if (state != told || capability != toldCapability) {
            connection.tell(state, capability == toldCapability ? 0 : capability);
            told = state;
            toldCapability = capability;
        }
    }

    Connect.Builder next(Learning learning, int attempt) {
        told = state;
        toldCapability = capability;
        Ladder ladder = learning.known().ladder();
        Connect.Builder connect = parts.settings.greeting().toBuilder().setFeatures(Feature.ALL).setState(state)
                .setSdkVersion(SDK_VERSION)
                .setReconnectReason(reason).setAttempt(attempt)
                .setLastConnectMs((int) Math.min(lastConnectMillis, Integer.MAX_VALUE))
                .setCapability(capability).setNetKey(parts.store.phone().getNetKey());
        if (ladder.good() != Ladder.NONE) { // else the room's own hint is what it shall expect
            connect.setHbProposedS(ladder.proposedSeconds(parts.now())).setHb(HeartbeatEvidence.newBuilder()
                    .setOkS((int) (Ladder.millis(ladder.good()) / 1_000)).setBadS(ladder.badSeconds(parts.now())));
        }
        if (!learning.network().equals(Network.UNTOLD)) {
            connect.setNet(learning.network().type());
        }
        return connect;
    }
}
