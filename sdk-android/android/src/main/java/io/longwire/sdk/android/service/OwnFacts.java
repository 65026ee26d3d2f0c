package io.longwire.sdk.android.service;

import android.app.usage.UsageStatsManager;
import android.content.Context;
import android.content.pm.PackageManager;
import android.os.Build;
import io.longwire.sdk.LongwireClient;
import io.longwire.sdk.android.share.Group;
import io.longwire.sdk.android.system.Mode;
import io.longwire.sdk.android.system.OnlyFrom;
import io.longwire.sdk.android.wake.Alarms;
import io.longwire.sdk.share.Peer;

/** What this app says of itself in its group. Any thread. */
final class OwnFacts implements Group.Facts {
    private static final int PROTOCOL = 1;
    private static final int SDK_VERSION = 1_000;

    private final PhoneRuntime runtime;
    private final Context context;
    private final LongwireClient client;
    private final Alarms alarms;
    private final long installedMillis;

    OwnFacts(PhoneRuntime runtime, Context context, LongwireClient client, Alarms alarms) {
        this.runtime = runtime;
        this.context = context;
        this.client = client;
        this.alarms = alarms;
        this.installedMillis = installed(context);
    }

    @Override
    public Peer own() {
        Mode mode = runtime.mode();
        boolean lives = mode == Mode.LIVE_EXACT || mode == Mode.LIVE_INEXACT;
        int bucket = Build.VERSION.SDK_INT >= Build.VERSION_CODES.P ? bucket() : 0;
        return new Peer(context.getPackageName(), PROTOCOL, lives, bucket, client.sharing().hostEndpoint() != 0,
                SDK_VERSION, installedMillis);
    }

    // A guest's connection needs no pings: nobody is woken for it.
    @Override
    public void onLodging(boolean is) {
        alarms.quiet(is);
    }

    @Override
    public void onProblem(String what) {
        runtime.problem(what);
    }

    @OnlyFrom(Build.VERSION_CODES.P)
    private int bucket() {
        UsageStatsManager usage = (UsageStatsManager) context.getSystemService(Context.USAGE_STATS_SERVICE);
        return usage == null ? 0 : usage.getAppStandbyBucket();
    }

    @SuppressWarnings("deprecation") // the call that takes its place came with Android 13
    private static long installed(Context context) {
        try {
            return context.getPackageManager().getPackageInfo(context.getPackageName(), 0).firstInstallTime;
        } catch (PackageManager.NameNotFoundException gone) {
            return 0;
        }
    }
}
