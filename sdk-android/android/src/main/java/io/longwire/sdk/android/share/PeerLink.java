package io.longwire.sdk.android.share;

import android.content.ComponentName;
import android.content.Context;
import android.content.Intent;
import android.content.ServiceConnection;
import android.os.Bundle;
import android.os.IBinder;
import android.os.RemoteException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The way to one other app of the group. It is bound without being started: an app that does not run is not woken to
 * be asked. Calls wait {@link #ANSWER_MILLIS} at most. The main thread connects, the group's calls.
 */
final class PeerLink implements ServiceConnection {
    /** An app that does not answer in time is passed over. */
    static final long ANSWER_MILLIS = 2_000;

    private final Context context;
    private final String packageName;
    private final int appId;
    private final ExecutorService calls;
    private final Runnable changed;
    private volatile @Nullable PushHost host;
    private volatile boolean dead; // the system tells nothing more on this binding
    private boolean bound;

    PeerLink(Context context, String packageName, int appId, ExecutorService calls, Runnable changed) {
        this.context = context;
        this.packageName = packageName;
        this.appId = appId;
        this.calls = calls;
        this.changed = changed;
    }

    String packageName() {
        return packageName;
    }

    /** The app that the package stands for. */
    int appId() {
        return appId;
    }

    /** Binds anew where the system has given the binding up, as it does when the app is updated. */
    void keep() {
        if (dead || !bound) {
            unbind();
            bind();
        }
    }

    /** Waits for the app to run; the one that is told is this package's own service, whoever else has its name. */
    void bind() {
        Intent intent = new Intent(HostService.ACTION)
                .setComponent(new ComponentName(packageName, HostService.class.getName()));
        dead = false;
        try {
            bound = context.bindService(intent, this, 0);
        } catch (SecurityException notExported) {
            bound = false;
        }
    }

    void unbind() {
        host = null;
        if (bound) {
            bound = false;
            context.unbindService(this);
        }
    }

    @Nullable
    PushHost host() {
        return host;
    }

    /** Whether the system has not said yet that it runs. */
    boolean isAwaited() {
        return bound && !dead && host == null;
    }

    /** What it says of itself; null = it does not run, does not answer, or does not want us. */
    @Nullable
    Bundle hello(Bundle me) {
        return ask(to -> to.hello(me));
    }

    @Nullable
    Bundle handover(Bundle step) {
        return ask(to -> to.handover(step));
    }

    /** One question. */
    private interface Question {
        Bundle ask(PushHost to) throws RemoteException;
    }

    private @Nullable Bundle ask(Question question) {
        PushHost to = host;
        if (to == null) {
            return null;
        }
        try {
            Callable<@Nullable Bundle> call = () -> Terms.known(question.ask(to));
            Future<@Nullable Bundle> answer = calls.submit(call);
            return answer.get(ANSWER_MILLIS, TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException | RejectedExecutionException silent) {
            return null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }

    @Override
    public void onServiceConnected(ComponentName name, @Nullable IBinder binder) {
        host = binder == null ? null : PushHost.Stub.asInterface(binder);
        changed.run();
    }

    @Override
    public void onBindingDied(ComponentName name) {
        host = null;
        dead = true;
        changed.run();
    }

    // It runs, and takes part in nothing yet: the next look asks again.
    @Override
    public void onNullBinding(ComponentName name) {
        host = null;
        dead = true;
    }

    @Override
    public void onServiceDisconnected(ComponentName name) {
        host = null;
        changed.run();
    }
}
