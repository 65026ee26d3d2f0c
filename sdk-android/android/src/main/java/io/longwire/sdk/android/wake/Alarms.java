package io.longwire.sdk.android.wake;

import android.app.AlarmManager;
import android.app.PendingIntent;
import android.content.Context;
import android.content.Intent;
import android.os.Build;
import android.os.PowerManager;
import io.longwire.sdk.android.system.OnlyFrom;
import io.longwire.sdk.android.system.Rights;
import io.longwire.sdk.loop.SdkClock;
import io.longwire.sdk.loop.Wakeups;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Wakes the phone for what the client's loop has due, and keeps it awake, by one wake lock. What is due within
 * {@link #NEAR_MILLIS} keeps it awake until then, for an alarm costs more than such a wait. So does what the network is
 * to answer, however long that may take within the loop's bound: the lock goes when the answer is there, when its time
 * is over, and when nobody waits for it any more. What is due later sets the one alarm there is, and lets the phone
 * sleep.
 *
 * <p>Guards itself; the loop calls {@link #wakeAt} and {@link #stayAwake}, the main thread {@link #ring}.
 */
public final class Alarms implements Wakeups {
    /** What is due within it is waited for. */
    static final long NEAR_MILLIS = 10_000;
    /** So long the phone is kept awake for a timer that comes late. */
    private static final long SLACK_MILLIS = 1_000;
    private static final String TAG = "longwire:due";

    /** Those of this process: the system makes the receiver by itself, which looks here. */
    private static final AtomicReference<@Nullable Alarms> CURRENT = new AtomicReference<>();

    private final Context context;
    private final SdkClock clock;
    private final AlarmManager alarms;
    private final PendingIntent ring;
    private final PowerManager.WakeLock awake;

    private final Object lock = new Object();
    private @Nullable Runnable due; // lock
    private long dueAt = NEVER; // lock
    private long awakeUntil; // lock
    private long setTo = NEVER; // lock
    private boolean quiet; // lock
    private boolean closed; // lock

    /** Makes those of this process: they ring from now on. */
    public static Alarms open(Context context, SdkClock clock) {
        Alarms opened = new Alarms(context, clock);
        CURRENT.set(opened);
        return opened;
    }

    private Alarms(Context context, SdkClock clock) {
        this.context = context;
        this.clock = clock;
        alarms = service(context, Context.ALARM_SERVICE, AlarmManager.class);
        ring = PendingIntent.getBroadcast(context, 0, new Intent(context, AlarmReceiver.class), flags());
        awake = service(context, Context.POWER_SERVICE, PowerManager.class)
                .newWakeLock(PowerManager.PARTIAL_WAKE_LOCK, TAG);
        awake.setReferenceCounted(false);
    }

    @Override
    public void wakeAt(long elapsedMillis, Runnable wakes) {
        synchronized (lock) {
            if (closed) {
                return;
            }
            due = wakes;
            dueAt = elapsedMillis;
            settle();
        }
    }

    @Override
    public void stayAwake(long elapsedMillis) {
        synchronized (lock) {
            if (!closed) {
                awakeUntil = elapsedMillis;
                settle();
            }
        }
    }

    private void settle() {
        long now = clock.elapsedMillis();
        long until = dueAt <= now + NEAR_MILLIS ? Math.max(dueAt, awakeUntil) : awakeUntil;
        if (dueAt == NEVER || quiet) {
            cancel();
        } else if (dueAt > Math.max(until, now) && dueAt != setTo) { // else the phone is awake then
            setTo = dueAt;
            set(dueAt);
        }
        if (quiet || (until <= now && dueAt > now)) {
            letSleep();
        } else {
            hold(Math.max(0, until - now) + SLACK_MILLIS);
        }
    }

    /** Whether a sleeping phone is let alone: another app keeps the connection, and what is due here can wait. */
    public void quiet(boolean is) {
        Runnable again;
        synchronized (lock) {
            if (quiet == is || closed) {
                return;
            }
            quiet = is;
            again = due;
            if (is) {
                cancel();
                letSleep();
            }
        }
        run(again); // the loop says once more what it waits for
    }

    /** Nothing is woken for any more. */
    public void close() {
        synchronized (lock) {
            closed = true;
            due = null;
            cancel();
            letSleep();
        }
        CURRENT.compareAndSet(this, null);
    }

    /** The alarm of this process rang; the phone stays awake until the loop has said what is due next. */
    static void rang() {
        Alarms known = CURRENT.get();
        if (known != null) {
            known.ring();
        }
    }

    private void ring() {
        Runnable runs;
        synchronized (lock) {
            setTo = NEVER;
            if (!closed) {
                hold(NEAR_MILLIS);
            }
            runs = due;
        }
        run(runs);
    }

    private static void run(@Nullable Runnable task) {
        if (task != null) {
            task.run();
        }
    }

    private void set(long at) {
        boolean exact = Rights.mayRingExactly(context);
        try {
            set(at, exact);
        } catch (SecurityException takenBack) {
            set(at, false); // between the question and the call
        }
    }

    private void set(long at, boolean exact) {
        if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.M) {
            setWhileIdle(at, exact);
        } else {
            alarms.setExact(AlarmManager.ELAPSED_REALTIME_WAKEUP, at, ring);
        }
    }

    @OnlyFrom(Build.VERSION_CODES.M)
    private void setWhileIdle(long at, boolean exact) {
        if (exact) {
            alarms.setExactAndAllowWhileIdle(AlarmManager.ELAPSED_REALTIME_WAKEUP, at, ring);
        } else {
            alarms.setAndAllowWhileIdle(AlarmManager.ELAPSED_REALTIME_WAKEUP, at, ring);
        }
    }

    private void cancel() {
        if (setTo != NEVER) {
            setTo = NEVER;
            alarms.cancel(ring);
        }
    }

    // The time-out is what ends it should the loop never say anything again.
    private void hold(long millis) {
        awake.acquire(millis);
    }

    private void letSleep() {
        if (awake.isHeld()) {
            awake.release();
        }
    }

    private static int flags() {
        return PendingIntent.FLAG_UPDATE_CURRENT
                | (Build.VERSION.SDK_INT >= Build.VERSION_CODES.M ? PendingIntent.FLAG_IMMUTABLE : 0);
    }

    private static <T> T service(Context context, String name, Class<T> type) {
        Object found = context.getSystemService(name);
        if (found == null) {
            throw new IllegalStateException("system service: no " + name + " (expected: on every Android)");
        }
        return type.cast(found);
    }
}
