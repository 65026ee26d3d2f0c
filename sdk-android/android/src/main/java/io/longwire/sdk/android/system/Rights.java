package io.longwire.sdk.android.system;

import android.app.ActivityManager;
import android.app.AlarmManager;
import android.app.usage.UsageStatsManager;
import android.content.Context;
import android.os.Build;
import android.os.PowerManager;

/** What user and system grant to this app now. Immutable. */
public final class Rights {
    /** UsageStatsManager.STANDBY_BUCKET_RESTRICTED, which API 30 has named. */
    private static final int BUCKET_RESTRICTED = 45;

    private final boolean foregroundService;
    private final boolean batteryExempt;
    private final boolean exactAlarms;
    private final boolean restricted;

    /**
     * @param foregroundService a service of the app runs in the foreground
     * @param batteryExempt the user has taken the app out of battery optimisation
     * @param exactAlarms alarms of the app ring when they are due
     * @param restricted the app may do next to nothing in the background
     */
    public Rights(boolean foregroundService, boolean batteryExempt, boolean exactAlarms, boolean restricted) {
        this.foregroundService = foregroundService;
        this.batteryExempt = batteryExempt;
        this.exactAlarms = exactAlarms;
        this.restricted = restricted;
    }

    /** Asks the system; quick enough for any thread. */
    public static Rights read(Context context, boolean foregroundService) {
        return new Rights(foregroundService, isBatteryExempt(context), mayRingExactly(context), isRestricted(context));
    }

    /** Whether alarms may be exact; asked before each one, since the user may change it. */
    public static boolean mayRingExactly(Context context) {
        return Build.VERSION.SDK_INT < Build.VERSION_CODES.S || canScheduleExactAlarms(context);
    }

    public boolean foregroundService() {
        return foregroundService;
    }

    public boolean batteryExempt() {
        return batteryExempt;
    }

    public boolean exactAlarms() {
        return exactAlarms;
    }

    public boolean restricted() {
        return restricted;
    }

    @OnlyFrom(Build.VERSION_CODES.S)
    private static boolean canScheduleExactAlarms(Context context) {
        AlarmManager alarms = (AlarmManager) context.getSystemService(Context.ALARM_SERVICE);
        return alarms != null && alarms.canScheduleExactAlarms();
    }

    // Before Doze there was nothing to be exempt from: a started service lived.
    private static boolean isBatteryExempt(Context context) {
        return Build.VERSION.SDK_INT < Build.VERSION_CODES.M || ignoresOptimisation(context);
    }

    @OnlyFrom(Build.VERSION_CODES.M)
    private static boolean ignoresOptimisation(Context context) {
        PowerManager power = (PowerManager) context.getSystemService(Context.POWER_SERVICE);
        return power != null && power.isIgnoringBatteryOptimizations(context.getPackageName());
    }

    private static boolean isRestricted(Context context) {
        return Build.VERSION.SDK_INT >= Build.VERSION_CODES.P && isBackgroundRestricted(context);
    }

    @OnlyFrom(Build.VERSION_CODES.P)
    private static boolean isBackgroundRestricted(Context context) {
        ActivityManager activities = (ActivityManager) context.getSystemService(Context.ACTIVITY_SERVICE);
        UsageStatsManager usage = (UsageStatsManager) context.getSystemService(Context.USAGE_STATS_SERVICE);
        return (activities != null && activities.isBackgroundRestricted())
                || (usage != null && usage.getAppStandbyBucket() >= BUCKET_RESTRICTED);
    }
}
