package io.longwire.sdk.android.service;

import android.content.Context;
import android.content.pm.PackageManager;

/** Which version of the app this is. */
final class AppVersion {
    private AppVersion() {
    }

    /** The version code as the product sees it: its low 31 bits; 0 = not known. */
    @SuppressWarnings("deprecation") // the calls that take their place came with Android 9 and 13
    static int of(Context context) {
        try {
            return context.getPackageManager().getPackageInfo(context.getPackageName(), 0).versionCode
                    & Integer.MAX_VALUE;
        } catch (PackageManager.NameNotFoundException gone) {
            return 0;
        }
    }
}
