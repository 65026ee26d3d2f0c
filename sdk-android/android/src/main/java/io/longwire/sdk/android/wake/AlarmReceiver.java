package io.longwire.sdk.android.wake;

import android.content.BroadcastReceiver;
import android.content.Context;
import android.content.Intent;

/** Where the client's alarm rings. Made by the system alone. */
public final class AlarmReceiver extends BroadcastReceiver {
    @Override
    public void onReceive(Context context, Intent intent) {
        Alarms.rang();
    }
}
