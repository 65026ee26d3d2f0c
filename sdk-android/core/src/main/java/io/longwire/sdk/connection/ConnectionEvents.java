package io.longwire.sdk.connection;

import io.longwire.device.v1.BindAck;
import io.longwire.device.v1.ConnectAck;
import io.longwire.device.v1.ErrorFrame;
import io.longwire.device.v1.GoAway;
import io.longwire.device.v1.Kick;
import io.longwire.device.v1.ProfileAck;
import io.longwire.device.v1.Push;
import io.longwire.device.v1.Reply;
import io.longwire.device.v1.UplinkReply;

/** What a room says on one connection. Told on the loop; after {@link #onClosed} comes nothing more. */
public interface ConnectionEvents {
    /** The answer to CONNECT; with a code other than OK the connection is closed right after. */
    void onConnectAck(Connection connection, ConnectAck ack);

    /** A message; the one who hears it calls {@link Connection#answer} for it, now or later. */
    void onPush(Connection connection, Push push);

    void onBindAck(Connection connection, BindAck ack);

    /** The answer to a PROFILE. */
    void onProfileAck(Connection connection, ProfileAck ack);

    /** The answer to an UPLINK. */
    void onUplinkReply(Connection connection, UplinkReply reply);

    /** What the product answers to a request. */
    void onReply(Connection connection, Reply reply);

    /** More of what was reported has arrived: {@link Connection#isReported} tells what. */
    void onReported(Connection connection);

    void onKick(Connection connection, Kick kick);

    void onGoAway(Connection connection, GoAway goAway);

    /** Something was refused; a fatal one closes the connection right after. */
    void onError(Connection connection, ErrorFrame error);

    /** A ping was answered: the connection works both ways. */
    void onAlive(Connection connection);

    /** It pings after so long a silence from now on; told once the room has said what it wants, then of changes. */
    default void onInterval(Connection connection, long silenceMillis) {
    }

    /** The answer to a ping is late; {@link #onAlive} or {@link #onClosed} follows. */
    default void onDoubt(Connection connection) {
    }

    /** A bug of the SDK met on this connection, which is closed for it. */
    void onBug(Connection connection, RuntimeException bug);

    /** The connection is over, whoever ended it. */
    void onClosed(Connection connection, String reason);
}
