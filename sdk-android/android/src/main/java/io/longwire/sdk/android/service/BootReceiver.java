package io.longwire.sdk.android.service;

import android.content.BroadcastReceiver;
import android.content.Context;
import android.content.Intent;

/**
 * The phone was started, or the app replaced. That alone has started the process, and the app's own start the client;
 * what is left is the service, which may be started from here.
 */
public final class BootReceiver extends BroadcastReceiver {
    @Override
    public void onReceive(Context context, Intent intent) {
        String action = intent.getAction();
        boolean known = Intent.ACTION_BOOT_COMPLETED.equals(action) || Intent.ACTION_MY_PACKAGE_REPLACED.equals(action);
        PhoneRuntime runtime = PhoneRuntime.current();
        if (known && runtime != null) {
            runtime.startService();
        }
    }
}
