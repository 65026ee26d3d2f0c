package io.longwire.sdk.android.share;

import android.content.Context;
import android.content.pm.PackageManager;

/** Under which uid a package runs. */
final class Uids {
    private static final int NOBODY = -1;

    private Uids() {
    }

    /** -1 = it is not installed. */
    @SuppressWarnings("deprecation") // the call that takes its place came with Android 13
    static int of(Context context, String packageName) {
        try {
            return context.getPackageManager().getApplicationInfo(packageName, 0).uid;
        } catch (PackageManager.NameNotFoundException gone) {
            return NOBODY;
        }
    }
}
