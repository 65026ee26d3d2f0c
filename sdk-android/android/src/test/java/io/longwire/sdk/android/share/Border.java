package io.longwire.sdk.android.share;

import android.os.Bundle;
import android.os.IBinder;
import android.os.Parcel;
import android.os.RemoteException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The border between the processes of two apps, each of a version of its own: what is handed over in a call is an
 * object of another process as well, under that one's uid.
 */
final class Border extends PushHost.Stub {
    /** Calls of methods that the app behind the border does not have. */
    final AtomicInteger refused = new AtomicInteger();
    /** Questions that were answered by more than an empty Bundle. */
    final AtomicInteger answered = new AtomicInteger();

    private final PushHost host;
    private final Version hosts;
    private final int hostUid;
    private final Version asks;
    private final int guestUid;

    Border(PushHost host, Version hosts, int hostUid, Version asks, int guestUid) {
        this.host = host;
        this.hosts = hosts;
        this.hostUid = hostUid;
        this.asks = asks;
        this.guestUid = guestUid;
    }

    @Override
    public boolean onTransact(int code, Parcel data, Parcel reply, int flags) throws RemoteException {
        if (code != Version.APPENDED) {
            return super.onTransact(code, data, reply, flags);
        }
        if (hosts == Version.NEXT) {
            return true;
        }
        refused.incrementAndGet();
        return host.asBinder().transact(code, data, reply, flags); // as a Binder says that it has no such method
    }

    @Override
    public int version() throws RemoteException {
        return hosts == Version.NEXT ? 2 : host.version();
    }

    @Override
    public Bundle hello(Bundle me) throws RemoteException {
        if (asks == Version.NEXT) {
            callMore(this, Version.APPENDED, hosts == Version.NEXT);
        }
        Bundle answer = host.hello(hosts.read(asks.said(me)));
        if (!answer.isEmpty()) {
            answered.incrementAndGet();
        }
        return asks.read(hosts.said(answer));
    }

    @Override
    public Bundle handover(Bundle step) throws RemoteException {
        return asks.read(hosts.said(host.handover(hosts.read(asks.said(step)))));
    }

    @Override
    @SuppressWarnings("NullAway") // what aidl makes says nothing of null
    public @Nullable PushLine open(PushGuest back, Bundle me) throws RemoteException {
        if (hosts == Version.NEXT) {
            callMore(back.asBinder(), Version.APPENDED_TO_A_LINE, asks == Version.NEXT);
        }
        PushGuest toGuest = PushGuest.Stub.asInterface(new Remote(new ToGuest(back), hostUid));
        PushLine line = host.open(toGuest, hosts.read(asks.said(me)));
        if (line == null) {
            return null;
        }
        if (asks == Version.NEXT) {
            callMore(line.asBinder(), Version.APPENDED_TO_A_LINE, hosts == Version.NEXT);
        }
        return PushLine.Stub.asInterface(new Remote(new ToHost(line), guestUid));
    }

    // A method that the other may not have is called one way, or its refusal is expected.
    private static void callMore(IBinder other, int code, boolean known) throws RemoteException {
        Parcel data = Parcel.obtain();
        Parcel reply = Parcel.obtain();
        try {
            boolean done = other.transact(code, data, reply, 0);
            if (done && !known) {
                throw new AssertionError("method " + code + " was done (expected: refused)");
            }
        } finally {
            data.recycle();
            reply.recycle();
        }
    }

    /** What the host says, from its version to the guest's. */
    private final class ToGuest extends PushGuest.Stub {
        private final PushGuest back;
        private final Version.Frames spoken = hosts.toPhone();
        private final Version.Frames understood = asks.toPhone();

        ToGuest(PushGuest back) {
            this.back = back;
        }

        @Override
        public void receive(byte[] bytes) throws RemoteException {
            byte[] crosses = spoken.of(bytes);
            byte[] arrives = asks == Version.PREVIOUS ? understood.of(crosses) : crosses;
            if (arrives.length > 0) {
                back.receive(arrives);
            }
        }

        @Override
        public void end(String reason) throws RemoteException {
            back.end(hosts == Version.PREVIOUS ? "the host has closed" : reason); // the only reason it ever gave
        }
    }

    /** What the guest says, from its version to the host's. */
    private final class ToHost extends PushLine.Stub {
        private final PushLine line;
        private final Version.Frames spoken = asks.toRoom();
        private final Version.Frames understood = hosts.toRoom();

        ToHost(PushLine line) {
            this.line = line;
        }

        @Override
        public void send(byte[] bytes) throws RemoteException {
            byte[] crosses = spoken.of(bytes);
            byte[] arrives = hosts == Version.PREVIOUS ? understood.of(crosses) : crosses;
            if (arrives.length > 0) {
                line.send(arrives);
            }
        }

        @Override
        public void close() throws RemoteException {
            line.close();
        }
    }
}
