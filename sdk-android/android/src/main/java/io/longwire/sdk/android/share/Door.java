package io.longwire.sdk.android.share;

import android.os.Bundle;
import android.os.RemoteException;
import org.jspecify.annotations.Nullable;

/**
 * What everybody gets who binds to {@link HostService}, members and strangers, before the client has started and after:
 * the system asks for it once and remembers the answer for all. Who it is that calls is seen at each call, by what
 * stands behind it; while nothing does, everybody gets the stranger's answer. Binder threads.
 */
final class Door extends PushHost.Stub {
    private volatile @Nullable PushHost inside;

    /** Passes calls on to this one from now on; null = to nobody. Any thread. */
    void opensTo(@Nullable PushHost host) {
        inside = host;
    }

    @Nullable
    PushHost inside() {
        return inside;
    }

    @Override
    public int version() {
        return Terms.VERSION;
    }

    @Override
    public Bundle hello(Bundle me) throws RemoteException {
        PushHost host = inside;
        return host == null ? new Bundle() : host.hello(me);
    }

    @Override
    @SuppressWarnings("NullAway") // what aidl makes says nothing of null
    public @Nullable PushLine open(PushGuest back, Bundle me) throws RemoteException {
        PushHost host = inside;
        return host == null ? null : host.open(back, me);
    }

    @Override
    public Bundle handover(Bundle step) throws RemoteException {
        PushHost host = inside;
        return host == null ? new Bundle() : host.handover(step);
    }
}
