package io.longwire.sdk.android.service;

import android.content.Intent;
import android.os.Looper;
import android.os.StrictMode;
import io.longwire.sdk.ConnectionListener;
import io.longwire.sdk.Receipt;
import io.longwire.sdk.android.AwakePhone;
import io.longwire.sdk.android.Longwire;
import io.longwire.sdk.android.TestPhone;
import io.longwire.sdk.android.TestPlatform;
import io.longwire.sdk.android.wake.AlarmReceiver;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.robolectric.Robolectric;
import org.robolectric.RobolectricTestRunner;
import org.robolectric.Shadows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * An app that has everything StrictMode looks for end it: the library's calls on the main thread, and what the system
 * calls there. Of Java's own files Robolectric tells StrictMode nothing; of the system's it does.
 */
@RunWith(RobolectricTestRunner.class)
public class StrictModeTest {
    @Rule
    public final AwakePhone phone = new AwakePhone();
    private final TestPlatform platform = phone.platform;
    private final List<String> problems = new CopyOnWriteArrayList<>();

    @Before
    public void strict() {
        TestPhone.manifest("app_key", TestPhone.APP_7, "dispatcher", platform.url(), "plain", true, "foreground", true);
        Shadows.shadowOf(TestPhone.app()).grantPermissions(LongwireService.FOREGROUND, LongwireService.SPECIAL_USE);
        StrictMode.setThreadPolicy(new StrictMode.ThreadPolicy.Builder().detectAll().penaltyDeath().build());
        StrictMode.setVmPolicy(new StrictMode.VmPolicy.Builder().detectAll().penaltyDeath().build());
    }

    @After
    public void lax() {
        StrictMode.setThreadPolicy(StrictMode.ThreadPolicy.LAX);
        StrictMode.setVmPolicy(StrictMode.VmPolicy.LAX);
    }

    @Test
    public void thePolicyEndsWhoIsSlowOnTheMainThread() {
        assertThatThrownBy(() -> {
            StrictMode.noteSlowCall("a test of the test");
            Shadows.shadowOf(Looper.getMainLooper()).idle();
        }).isInstanceOf(RuntimeException.class);
    }

    @Test
    public void whatTheAppAndTheSystemCallOnTheMainThreadIsQuick() throws Exception {
        Longwire.start(TestPhone.app(), message -> Receipt.DONE, new ConnectionListener() {
            @Override
            public void onProblem(String what) {
                problems.add(what);
            }
        });
        platform.line();
        assertThat(Longwire.app().awaitOnline(60_000)).isTrue();
        Longwire.isReachable();
        new BootReceiver().onReceive(TestPhone.app(), new Intent(Intent.ACTION_BOOT_COMPLETED));
        new AlarmReceiver().onReceive(TestPhone.app(), new Intent());
        LongwireService service = Robolectric.buildService(LongwireService.class).create().get();
        service.onStartCommand(new Intent(), 0, 1);
        service.onDestroy();
        Shadows.shadowOf(Looper.getMainLooper()).idle();
        Longwire.stop();
        Shadows.shadowOf(Looper.getMainLooper()).idle();

        assertThat(problems).isEmpty();
    }
}
