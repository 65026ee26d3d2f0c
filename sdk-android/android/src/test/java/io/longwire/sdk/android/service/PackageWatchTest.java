package io.longwire.sdk.android.service;

import android.content.Intent;
import android.net.Uri;
import android.os.Looper;
import io.longwire.sdk.android.TestPhone;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.robolectric.RobolectricTestRunner;
import org.robolectric.Shadows;

import static org.assertj.core.api.Assertions.assertThat;

@RunWith(RobolectricTestRunner.class)
public class PackageWatchTest {
    private final AtomicInteger changes = new AtomicInteger();

    @Test
    public void hearsOfPackagesThatComeGoAndAreUpdatedUntilItEnds() {
        PackageWatch watch = PackageWatch.start(TestPhone.app(), changes::incrementAndGet);
        happens(Intent.ACTION_PACKAGE_ADDED, "package:com.shop.other");
        happens(Intent.ACTION_PACKAGE_REMOVED, "package:com.shop.other");
        happens(Intent.ACTION_PACKAGE_REPLACED, "package:com.shop.other");
        assertThat(changes).hasValue(3);
        happens(Intent.ACTION_PACKAGE_ADDED, "file:somewhere");
        happens(Intent.ACTION_BATTERY_LOW, "package:com.shop.other");
        assertThat(changes).hasValue(3);

        watch.end(TestPhone.app());
        happens(Intent.ACTION_PACKAGE_ADDED, "package:com.shop.other");
        assertThat(changes).hasValue(3);
    }

    private static void happens(String action, String what) {
        TestPhone.app().sendBroadcast(new Intent(action, Uri.parse(what)));
        Shadows.shadowOf(Looper.getMainLooper()).idle();
    }
}
