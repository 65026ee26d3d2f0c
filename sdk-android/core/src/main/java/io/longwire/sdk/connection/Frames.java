package io.longwire.sdk.connection;

import io.longwire.device.Code;
import io.longwire.device.FrameBody;
import io.longwire.device.FrameReader;
import io.longwire.device.FrameType;
import io.longwire.device.Limits;
import io.longwire.device.ProtocolError;
import io.longwire.device.v1.BindAck;
import io.longwire.device.v1.ConnectAck;
import io.longwire.device.v1.ErrorFrame;
import io.longwire.device.v1.GoAway;
import io.longwire.device.v1.Kick;
import io.longwire.device.v1.Ping;
import io.longwire.device.v1.Pong;
import io.longwire.device.v1.ProfileAck;
import io.longwire.device.v1.Push;
import io.longwire.device.v1.PushBatch;
import io.longwire.device.v1.Reply;
import io.longwire.device.v1.UplinkReply;
import java.nio.ByteBuffer;

/** Decodes the frames of a room and says which may come when. Belongs to its connection. */
final class Frames implements FrameReader.Handler {
    private final Connection connection;

    Frames(Connection connection) {
        this.connection = connection;
    }

    @Override
    public boolean onFrame(int type, ByteBuffer buffer, int from, int to) throws ProtocolError {
        if (!connection.isConnected() && !mayComeFirst(type)) {
            throw new ProtocolError(Code.PROTOCOL, "frame: " + FrameType.name(type) + " (expected: CONNECT_ACK first)");
        }
        switch (type) { // allowed: one flat switch over the frame types
            case FrameType.CONNECT_ACK :
                connection.onConnectAck(FrameBody.parse(ConnectAck.parser(), buffer, from, to));
                break;
            case FrameType.PUSH :
                onPush(FrameBody.parse(Push.parser(), buffer, from, to));
                break;
            case FrameType.PUSH_BATCH :
                onBatch(FrameBody.parse(PushBatch.parser(), buffer, from, to));
                break;
            case FrameType.PING :
                connection.onPing(FrameBody.parse(Ping.parser(), buffer, from, to));
                break;
            case FrameType.PONG :
                connection.onPong(FrameBody.parse(Pong.parser(), buffer, from, to));
                break;
            case FrameType.BIND_ACK :
                connection.events().onBindAck(connection, FrameBody.parse(BindAck.parser(), buffer, from, to));
                break;
            case FrameType.PROFILE_ACK :
                connection.events().onProfileAck(connection, FrameBody.parse(ProfileAck.parser(), buffer, from, to));
                break;
            case FrameType.UPLINK_REPLY :
                connection.events().onUplinkReply(connection, FrameBody.parse(UplinkReply.parser(), buffer, from, to));
                break;
            case FrameType.REPLY :
                connection.events().onReply(connection, FrameBody.parse(Reply.parser(), buffer, from, to));
                break;
            case FrameType.KICK :
                connection.events().onKick(connection, FrameBody.parse(Kick.parser(), buffer, from, to));
                break;
            case FrameType.GOAWAY :
                connection.events().onGoAway(connection, FrameBody.parse(GoAway.parser(), buffer, from, to));
                break;
            case FrameType.ERROR :
                onError(FrameBody.parse(ErrorFrame.parser(), buffer, from, to));
                break;
            default :
                // CONFIG: legal, and nothing this version acts on.
                break;
        }
        return !connection.isClosed();
    }

    @Override
    public void onSkipped(int type) {
        // A frame of a later version, ignorable by its own word.
    }

    private void onBatch(PushBatch batch) throws ProtocolError {
        if (batch.getItemsCount() > Limits.BATCH_ITEMS) {
            throw new ProtocolError(Code.TOO_LARGE,
                    "items: " + batch.getItemsCount() + " (expected: at most " + Limits.BATCH_ITEMS + ")");
        }
        for (Push push : batch.getItemsList()) {
            if (connection.isClosed()) {
                return;
            }
            onPush(push);
        }
    }

    private void onPush(Push push) throws ProtocolError {
        if (push.getMessageId() <= 0 || push.getPayload().size() > Limits.PAYLOAD_BYTES) {
            throw new ProtocolError(Code.PROTOCOL, "push: message id " + push.getMessageId() + ", "
                    + push.getPayload().size() + " bytes (expected: an id, at most " + Limits.PAYLOAD_BYTES + ")");
        }
        connection.onPush(push);
    }

    private void onError(ErrorFrame error) {
        connection.events().onError(connection, error);
        if (error.getFatal()) {
            connection.close("room: " + Code.name(error.getCode()) + " " + error.getText());
        }
    }

    private static boolean mayComeFirst(int type) {
        return type == FrameType.CONNECT_ACK || type == FrameType.ERROR || type == FrameType.GOAWAY
                || type == FrameType.KICK;
    }
}
