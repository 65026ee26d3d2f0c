package io.longwire.sdk.android.share;

import android.os.Binder;
import android.os.Bundle;
import android.os.IBinder;
import android.os.Parcel;
import android.os.RemoteException;
import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import io.longwire.device.FrameBody;
import io.longwire.device.FrameReader;
import io.longwire.device.FrameWriter;
import io.longwire.device.ProtocolError;
import io.longwire.device.credential.Claims;
import io.longwire.device.v1.Ack;
import io.longwire.device.v1.BindResult;
import io.longwire.device.v1.Connect;
import io.longwire.device.v1.ConnectAck;
import io.longwire.device.v1.EndpointBinding;
import io.longwire.device.v1.Ping;
import io.longwire.device.v1.Pong;
import io.longwire.device.v1.Push;
import io.longwire.device.v1.Uplink;
import io.longwire.device.v1.UplinkReply;
import java.nio.ByteBuffer;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * An app of the group that hosts, written by hand from what the first version put on the wire: numbers of methods,
 * words and frames, none of them by a name that the library has for it. It knows nothing that came later, and is a room
 * to one guest.
 */
public final class WireHost extends Binder {
    /** The endpoint that delegations are written for. */
    static final long ENDPOINT = 0x8888;
    private static final String HOST = "io.longwire.sdk.android.share.PushHost";
    private static final String GUEST = "io.longwire.sdk.android.share.PushGuest";
    private static final String LINE = "io.longwire.sdk.android.share.PushLine";

    final BlockingQueue<Ack> acks = new LinkedBlockingQueue<>();
    final BlockingQueue<Uplink> uplinks = new LinkedBlockingQueue<>();
    private volatile @Nullable Room room;

    /** Named as the generated code names itself, which Androids before 9 ask for. */
    public WireHost() {
        attachInterface(null, HOST);
    }

    @Override
    protected boolean onTransact(int code, Parcel data, @Nullable Parcel reply, int flags) throws RemoteException {
        if (reply == null || code > 4) {
            return false;
        }
        data.enforceInterface(HOST);
        switch (code) {
            case 1 : // version
                reply.writeNoException();
                reply.writeInt(1);
                return true;
            case 2 : // hello
                answer(reply, me());
                return true;
            case 3 : // open
                Room opened = new Room(data.readStrongBinder());
                room = opened;
                reply.writeNoException();
                reply.writeStrongBinder(opened);
                return true;
            case 4 : // handover
                Bundle stays = new Bundle();
                stays.putString("answer", "STAYS");
                answer(reply, stays);
                return true;
            default :
                return false;
        }
    }

    private static void answer(Parcel reply, Bundle words) {
        reply.writeNoException();
        reply.writeInt(1);
        words.writeToParcel(reply, 0);
    }

    private static Bundle me() {
        Bundle me = new Bundle();
        me.putInt("protocol", 1);
        me.putBoolean("lives", true);
        me.putInt("bucket", 20);
        me.putBoolean("connected", true);
        me.putInt("sdk", 1_000);
        me.putLong("installed", 50);
        me.putBoolean("hosting", true);
        me.putLong("epoch", 4);
        me.putLong("endpoint", ENDPOINT);
        me.putLong("held", 1_000);
        return me;
    }

    /** Gives the guest a message. */
    void push(long messageId, String text) throws RemoteException {
        Room known = room;
        if (known == null) {
            throw new AssertionError("no guest has come");
        }
        known.push(messageId, text);
    }

    /** The line of the guest. */
    private final class Room extends Binder implements FrameReader.Handler {
        private final IBinder guest;
        private final FrameReader reader = FrameReader.ofRoom();
        private long endpoint;
        private int app;
        private long seq;

        Room(IBinder guest) {
            this.guest = guest;
            attachInterface(null, LINE);
        }

        @Override
        protected boolean onTransact(int code, Parcel data, @Nullable Parcel reply, int flags) {
            data.enforceInterface(LINE);
            byte[] bytes = code == 1 ? data.createByteArray() : null; // send; 2 = close
            try {
                if (bytes != null) {
                    reader.onBytes(ByteBuffer.wrap(bytes), 0, bytes.length, this);
                }
            } catch (ProtocolError broken) {
                throw new AssertionError(broken);
            }
            return code <= 2;
        }

        void push(long messageId, String text) throws RemoteException {
            long expires = System.currentTimeMillis() + 3_600_000; // allowed: the platform's clock, not the phone's
            frame(0x06, Push.newBuilder().setSeq(++seq).setEndpointId(endpoint).setAppId(app).setMessageId(messageId)
                    .setExpireAtMs(expires).setPayload(ByteString.copyFromUtf8(text)).build());
        }

        @Override
        public boolean onFrame(int type, ByteBuffer buffer, int from, int to) throws ProtocolError {
            try {
                switch (type) {
                    case 0x01 :
                        connect(FrameBody.parse(Connect.parser(), buffer, from, to));
                        break;
                    case 0x08 :
                        acks.add(FrameBody.parse(Ack.parser(), buffer, from, to));
                        break;
                    case 0x09 :
                        Uplink uplink = FrameBody.parse(Uplink.parser(), buffer, from, to);
                        uplinks.add(uplink);
                        frame(0x0A, UplinkReply.newBuilder().setReqId(uplink.getReqId()).build());
                        break;
                    case 0x0B :
                        int echo = FrameBody.parse(Ping.parser(), buffer, from, to).getEcho();
                        frame(0x0C, Pong.newBuilder().setEcho(echo).build());
                        break;
                    default :
                        break;
                }
                return true;
            } catch (RemoteException gone) {
                return false;
            }
        }

        private void connect(Connect connect) throws RemoteException {
            EndpointBinding binding = connect.getBindings(0);
            Claims claims = Claims.peek(binding.getCredential().toByteArray());
            if (claims == null) {
                throw new AssertionError("no delegation came");
            }
            endpoint = claims.endpointId();
            app = claims.appId();
            reader.authenticated();
            receive(new byte[]{1});
            frame(0x02, ConnectAck.newBuilder().setHbHintS(86_400).setHbMaxS(86_400).setHbMinS(86_400).addResults(
                    BindResult.newBuilder().setEndpointId(endpoint).setConnSeq(binding.getConnSeq())).build());
        }

        private void frame(int type, MessageLite body) throws RemoteException {
            receive(FrameWriter.frame(type, body));
        }

        private void receive(byte[] bytes) throws RemoteException {
            Parcel data = Parcel.obtain();
            try {
                data.writeInterfaceToken(GUEST);
                data.writeByteArray(bytes);
                guest.transact(1, data, null, FLAG_ONEWAY);
            } finally {
                data.recycle();
            }
        }

        @Override
        public void onSkipped(int type) {
            // A later version's.
        }
    }
}
