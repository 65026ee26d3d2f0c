package io.longwire.sdk.android.share;

import android.os.Bundle;
import android.os.IBinder;
import android.os.RemoteException;
import io.longwire.sdk.share.Pipe;
import io.longwire.sdk.share.Sharing;
import org.jspecify.annotations.Nullable;

/**
 * What other apps of the group can ask of this one. Every call is looked at: who is it, by the system's word; somebody
 * who does not belong gets an empty answer and learns nothing. Binder threads.
 */
final class HostBinder extends PushHost.Stub {
    private final Callers callers;
    private final Sharing sharing;
    private final Asked asked;
    private final CallingUid calling;

    /** What the group answers; on any thread. */
    interface Asked {
        Bundle hello(Callers.Known caller, Bundle said);

        Bundle handover(Callers.Known caller, Bundle said);

        boolean isHosting();
    }

    HostBinder(Callers callers, Sharing sharing, Asked asked, CallingUid calling) {
        this.callers = callers;
        this.sharing = sharing;
        this.asked = asked;
        this.calling = calling;
    }

    @Override
    public int version() {
        return Terms.VERSION;
    }

    @Override
    public Bundle hello(@Nullable Bundle me) {
        Callers.Known caller = callers.ofUid(calling.now());
        return caller == null ? new Bundle() : asked.hello(caller, me == null ? new Bundle() : me);
    }

    @Override
    @SuppressWarnings("NullAway") // what aidl makes says nothing of null
    public @Nullable PushLine open(@Nullable PushGuest back, @Nullable Bundle me) {
        int uid = calling.now();
        Callers.Known caller = callers.ofUid(uid);
        if (caller == null || back == null || !asked.isHosting() || sharing.hostEndpoint() == 0) {
            return null;
        }
        Pipe toHost = sharing.takeIn(caller.appId, new ToGuest(back));
        Callers.Known still = callers.ofUid(uid);
        if (still == null || still.appId != caller.appId) {
            toHost.close(); // the list has changed meanwhile, and who was taken off it may have been expelled before
            return null;
        }
        IBinder.DeathRecipient died = toHost::close;
        try {
            back.asBinder().linkToDeath(died, 0);
        } catch (RemoteException alreadyDead) {
            toHost.close();
            return null;
        }
        return new Line(uid, toHost, calling, () -> back.asBinder().unlinkToDeath(died, 0));
    }

    @Override
    public Bundle handover(@Nullable Bundle step) {
        Callers.Known caller = callers.ofUid(calling.now());
        return caller == null || step == null ? new Bundle() : asked.handover(caller, step);
    }

    /** What a guest sends. Only the app that opened it may. */
    private static final class Line extends PushLine.Stub {
        private final int uid;
        private final Pipe toHost;
        private final CallingUid calling;
        private final Runnable forget;

        Line(int uid, Pipe toHost, CallingUid calling, Runnable forget) {
            this.uid = uid;
            this.toHost = toHost;
            this.calling = calling;
            this.forget = forget;
        }

        @Override
        public void send(byte @Nullable [] bytes) {
            if (calling.now() == uid && bytes != null && !toHost.send(bytes)) {
                toHost.close(); // more than a guest may have under way
            }
        }

        @Override
        public void close() {
            if (calling.now() == uid) {
                forget.run();
                toHost.close();
            }
        }
    }

    /** What goes to a guest. */
    private static final class ToGuest implements Pipe {
        private final PushGuest guest;

        ToGuest(PushGuest guest) {
            this.guest = guest;
        }

        @Override
        public boolean send(byte[] bytes) {
            try {
                guest.receive(bytes);
                return true;
            } catch (RemoteException gone) {
                return false;
            }
        }

        @Override
        public void close() {
            close("the host has closed");
        }

        @Override
        public void close(String why) {
            try {
                guest.end(why);
            } catch (RemoteException gone) {
                // Nobody is left to be told.
                return;
            }
        }
    }
}
