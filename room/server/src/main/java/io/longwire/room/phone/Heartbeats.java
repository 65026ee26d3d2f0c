package io.longwire.room.phone;

import io.longwire.device.FrameBody;
import io.longwire.device.FrameType;
import io.longwire.device.ProtocolError;
import io.longwire.device.v1.ClientState;
import io.longwire.device.v1.Ping;
import io.longwire.device.v1.Pong;
import io.longwire.room.ack.Acks;
import io.longwire.room.login.Welcome;
import io.longwire.room.session.Connection;
import io.longwire.room.session.Loop;
import io.longwire.room.session.Reach;
import java.nio.ByteBuffer;

/** Answers pings. An empty one costs no allocation. Owner: the loop. */
final class Heartbeats {
    private final Loop loop;
    private final Acks acks;
    private final Welcome welcome;

    Heartbeats(Loop loop, Acks acks, Welcome welcome) {
        this.loop = loop;
        this.acks = acks;
        this.welcome = welcome;
    }

    void onPing(Connection connection, ByteBuffer buffer, int from, int to) throws ProtocolError {
        if (from == to) {
            loop.out().pong(connection);
            return;
        }
        Ping ping = FrameBody.parse(Ping.parser(), buffer, from, to);
        acks.upTo(connection, ping.getUptoSeq());
        if (ping.getState() != ClientState.STATE_UNKNOWN) {
            connection.state(ping.getState() == ClientState.STATE_FOREGROUND);
        }
        if (ping.getCapability() != 0) {
            connection.reach(Reach.of(ping.getCapability()));
        }
        if (ping.getProposedS() != 0) {
            connection.idleSeconds(welcome.idleSeconds(ping.getProposedS()));
            loop.wheel().want(connection, loop.now() + connection.idleSeconds() * Loop.TICKS_PER_SECOND);
        }
        loop.out().frame(connection, FrameType.PONG,
                Pong.newBuilder().setEcho(ping.getEcho()).setServerTimeMs(loop.clock().wallMillis()).build());
    }
}
