package io.longwire.sdk.android.service;

import android.app.Notification;
import android.app.NotificationChannel;
import android.app.NotificationManager;
import android.app.Service;
import android.content.Context;
import android.content.Intent;
import android.content.pm.PackageManager;
import android.content.pm.ServiceInfo;
import android.os.Build;
import android.os.IBinder;
import android.os.Process;
import io.longwire.sdk.android.config.Settings;
import io.longwire.sdk.android.system.OnlyFrom;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the process alive and out of the freezer, with a notice that the user sees. It does nothing itself: the
 * connection belongs to {@link PhoneRuntime}. Where the system does not let it go to the foreground it ends, and the
 * app stands one rung lower.
 */
public final class LongwireService extends Service {
    static final int NOTICE = 0x4C57;
    static final String CHANNEL = "io.longwire.connection";
    static final String FOREGROUND = "android.permission.FOREGROUND_SERVICE";
    static final String SPECIAL_USE = "android.permission.FOREGROUND_SERVICE_SPECIAL_USE";

    /** Starts that the system has not passed on: each promises to go to the foreground. */
    private static final AtomicInteger PROMISES = new AtomicInteger(); // the system makes the service

    /** Returns false where the system does not let a background app start it, or the app's manifest does not ask. */
    static boolean start(Context context) {
        if (!mayGoToFront(context)) {
            return false; // it could not keep what starting it promises: the system would end the app
        }
        Intent intent = new Intent(context, LongwireService.class);
        boolean started = false;
        PROMISES.incrementAndGet();
        try {
            started = Build.VERSION.SDK_INT >= Build.VERSION_CODES.O
                    ? startInForeground(context, intent)
                    : context.startService(intent) != null;
            return started;
        } catch (IllegalStateException | SecurityException notNow) {
            return false; // Android 12 and later: from the background, without a right to it
        } finally {
            if (!started) {
                PROMISES.decrementAndGet();
            }
        }
    }

    private static boolean mayGoToFront(Context context) {
        return (Build.VERSION.SDK_INT < Build.VERSION_CODES.P || has(context, FOREGROUND))
                && (Build.VERSION.SDK_INT < Build.VERSION_CODES.UPSIDE_DOWN_CAKE || has(context, SPECIAL_USE));
    }

    private static boolean has(Context context, String permission) {
        return context.checkPermission(permission, Process.myPid(),
                Process.myUid()) == PackageManager.PERMISSION_GRANTED;
    }

    /**
     * Has it end. One that was started and is not in the foreground yet must get there first, or the system ends the
     * app: it ends itself then, as nobody wants it any more. To be called when that is so.
     */
    static void stop(Context context) {
        if (!isPromised()) {
            context.stopService(new Intent(context, LongwireService.class));
        }
    }

    static boolean isPromised() { return PROMISES.get() > 0; }

    @OnlyFrom(Build.VERSION_CODES.O)
    private static boolean startInForeground(Context context, Intent intent) {
        return context.startForegroundService(intent) != null;
    }

    @Override
    public int onStartCommand(@Nullable Intent intent, int flags, int startId) {
        boolean shown = goToFront();
        if (intent != null && PROMISES.decrementAndGet() < 0) { // none = the system starts it anew by itself
            PROMISES.incrementAndGet(); // somebody of this app has started it past us
        }
        PhoneRuntime runtime = PhoneRuntime.current(); // only now: who stops it has seen the promise, or is seen here
        if (!shown || runtime == null || !runtime.settings().foreground()) {
            stopSelf(startId); // but for a start that is on its way, which has its own promise to keep
            return START_NOT_STICKY;
        }
        runtime.serviceInForeground(true);
        return START_STICKY;
    }

    private boolean goToFront() {
        PhoneRuntime runtime = PhoneRuntime.current();
        try {
            show(notice(runtime == null ? null : runtime.settings()));
            return true;
        } catch (IllegalStateException | SecurityException notNow) {
            return false;
        }
    }

    @Override
    public void onDestroy() {
        PhoneRuntime runtime = PhoneRuntime.current();
        if (runtime != null) {
            runtime.serviceInForeground(false);
        }
        super.onDestroy();
    }

    @Override
    public @Nullable IBinder onBind(Intent intent) {
        return null;
    }

    private void show(Notification notice) {
        if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.UPSIDE_DOWN_CAKE) {
            showAs(notice);
        } else {
            startForeground(NOTICE, notice);
        }
    }

    @OnlyFrom(Build.VERSION_CODES.UPSIDE_DOWN_CAKE)
    private void showAs(Notification notice) {
        startForeground(NOTICE, notice, ServiceInfo.FOREGROUND_SERVICE_TYPE_SPECIAL_USE);
    }

    private Notification notice(@Nullable Settings settings) {
        String title = settings == null ? getPackageName() : settings.noticeTitle();
        int icon = settings == null ? android.R.drawable.stat_notify_sync : settings.noticeIcon();
        return builder(title).setContentTitle(title).setSmallIcon(icon).setOngoing(true).setShowWhen(false).build();
    }

    private Notification.Builder builder(String title) {
        return Build.VERSION.SDK_INT >= Build.VERSION_CODES.O ? onChannel(title) : beforeChannels();
    }

    @OnlyFrom(Build.VERSION_CODES.O)
    private Notification.Builder onChannel(String title) {
        NotificationManager notices = (NotificationManager) getSystemService(NOTIFICATION_SERVICE);
        if (notices != null) {
            NotificationChannel channel = new NotificationChannel(CHANNEL, title, NotificationManager.IMPORTANCE_MIN);
            channel.setShowBadge(false);
            notices.createNotificationChannel(channel);
        }
        return new Notification.Builder(this, CHANNEL);
    }

    @SuppressWarnings("deprecation") // there were no channels before Android 8
    private Notification.Builder beforeChannels() {
        return new Notification.Builder(this).setPriority(Notification.PRIORITY_MIN);
    }
}
