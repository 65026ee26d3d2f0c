package io.longwire.sdk.android.share;

import android.os.Binder;
import android.os.DeadObjectException;
import android.os.IBinder;
import android.os.IInterface;
import android.os.Parcel;
import android.os.RemoteException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * An object of another process: whoever calls it goes through a real Parcel, under a uid of its own, and can be told of
 * its death.
 */
final class Remote extends Binder {
    private static final ThreadLocal<Integer> CALLING = ThreadLocal.withInitial(() -> 0);

    private final IBinder target;
    private final int callerUid;
    private final List<DeathRecipient> heirs = new CopyOnWriteArrayList<>();
    private volatile boolean dead;

    /** @param callerUid of the process that holds this end */
    Remote(IBinder target, int callerUid) {
        this.target = target;
        this.callerUid = callerUid;
    }

    /** The uid of the call that this thread serves. */
    static int calling() {
        return CALLING.get();
    }

    /** The process of the target ends. */
    void die() {
        dead = true;
        for (DeathRecipient heir : heirs) {
            heir.binderDied();
        }
    }

    @Override
    protected boolean onTransact(int code, Parcel data, @Nullable Parcel reply, int flags) throws RemoteException {
        if (dead) {
            throw new DeadObjectException();
        }
        int before = CALLING.get();
        CALLING.set(callerUid);
        try {
            return target.transact(code, data, reply, flags);
        } finally {
            CALLING.set(before);
        }
    }

    @Override
    public @Nullable IInterface queryLocalInterface(String descriptor) {
        return null; // another process's is never local
    }

    @Override
    public void linkToDeath(DeathRecipient heir, int flags) {
        heirs.add(heir);
    }

    @Override
    public boolean unlinkToDeath(DeathRecipient heir, int flags) {
        return heirs.remove(heir);
    }
}
