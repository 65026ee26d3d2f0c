package io.longwire.sdk.android.service;

import android.content.BroadcastReceiver;
import android.content.Context;
import android.content.Intent;
import android.content.IntentFilter;

/** Hears of packages that come and go, while the process lives. Told on the main thread. */
final class PackageWatch extends BroadcastReceiver {
    private final Runnable changed;

    private PackageWatch(Runnable changed) {
        this.changed = changed;
    }

    static PackageWatch start(Context context, Runnable changed) {
        PackageWatch watch = new PackageWatch(changed);
        IntentFilter packages = new IntentFilter(Intent.ACTION_PACKAGE_ADDED);
        packages.addAction(Intent.ACTION_PACKAGE_REMOVED);
        packages.addAction(Intent.ACTION_PACKAGE_REPLACED);
        packages.addDataScheme("package");
        context.registerReceiver(watch, packages);
        return watch;
    }

    void end(Context context) {
        context.unregisterReceiver(this);
    }

    @Override
    public void onReceive(Context context, Intent intent) {
        changed.run();
    }
}
