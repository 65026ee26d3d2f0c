package androidx.test.internal.runner.intent;

import android.content.Intent;
import androidx.test.runner.intent.IntentMonitor;

/** Hears of intents, and says nothing. */
public final class IntentMonitorImpl implements IntentMonitor { // allowed: Robolectric calls it so
    public void signalIntent(Intent intent) {
        // Nobody listens.
    }
}
