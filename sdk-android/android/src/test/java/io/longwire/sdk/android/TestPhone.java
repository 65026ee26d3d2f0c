package io.longwire.sdk.android;

import android.app.AlarmManager;
import android.app.Application;
import android.content.Context;
import android.content.pm.PackageInfo;
import android.os.Bundle;
import android.os.SystemClock;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.robolectric.RuntimeEnvironment;
import org.robolectric.Shadows;
import org.robolectric.shadows.ShadowAlarmManager;
import org.robolectric.shadows.ShadowSystemClock;

/** What the tests do with the phone that Robolectric is. */
public final class TestPhone {
    public static final String APP_7 = "ak_7_000102030405060708090a0b0c0d0e0f";

    private TestPhone() {
    }

    public static Application app() {
        return RuntimeEnvironment.getApplication();
    }

    public static ShadowAlarmManager alarms() {
        return Shadows.shadowOf((AlarmManager) app().getSystemService(Context.ALARM_SERVICE));
    }

    /** Sleeps, the processor standing still: no thread runs meanwhile, as far as anybody can tell. */
    public static void sleep(long millis) {
        ShadowSystemClock.advanceBy(Duration.ofMillis(millis));
    }

    public static long now() {
        return SystemClock.elapsedRealtime();
    }

    /** The manifest's meta-data: name, value, name, value. */
    public static void manifest(Object... entries) {
        Bundle data = new Bundle();
        for (int i = 0; i < entries.length; i += 2) {
            if (entries[i + 1] instanceof Boolean) {
                data.putBoolean("io.longwire." + entries[i], (Boolean) entries[i + 1]);
            } else {
                data.putString("io.longwire." + entries[i], String.valueOf(entries[i + 1]));
            }
        }
        PackageInfo info = Shadows.shadowOf(app().getPackageManager())
                .getInternalMutablePackageInfo(app().getPackageName());
        info.applicationInfo.metaData = data;
    }

    /** Lets time go by as on a phone that is awake, until stopped. */
    public static Ticking awake() {
        return new Ticking();
    }

    /** Time goes by. */
    public static final class Ticking {
        private static final long STEP_MILLIS = 5;
        private final CountDownLatch over = new CountDownLatch(1);
        private final Thread thread = Thread.ofPlatform().daemon().name("clock").start(this::tick);

        private void tick() {
            try {
                while (!over.await(STEP_MILLIS, TimeUnit.MILLISECONDS)) {
                    ShadowSystemClock.advanceBy(Duration.ofMillis(STEP_MILLIS));
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        /** It stands still. */
        public void stop() throws InterruptedException {
            over.countDown();
            thread.join(10_000);
        }
    }
}
