package io.longwire.sdk.android.service;

import android.app.Notification;
import android.content.ComponentName;
import android.content.Context;
import android.content.ContextWrapper;
import android.content.Intent;
import android.content.pm.ServiceInfo;
import android.os.Build;
import io.longwire.sdk.ConnectionListener;
import io.longwire.sdk.Receipt;
import io.longwire.sdk.android.Longwire;
import io.longwire.sdk.android.TestPhone;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.robolectric.Robolectric;
import org.robolectric.RobolectricTestRunner;
import org.robolectric.Shadows;
import org.robolectric.android.controller.ServiceController;
import org.robolectric.annotation.Config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

@RunWith(RobolectricTestRunner.class)
public class LongwireServiceTest {
    @Before
    public void manifest() {
        passOn();
        TestPhone.manifest("app_key", TestPhone.APP_7, "dispatcher", "http://127.0.0.1:1", "foreground", true,
                "notice_title", "Messages");
        Shadows.shadowOf(TestPhone.app()).grantPermissions(LongwireService.FOREGROUND, LongwireService.SPECIAL_USE);
    }

    @After
    public void stop() {
        Longwire.stop();
        passOn();
    }

    // The system passes on what was started: the process is the same for all tests.
    private static void passOn() {
        LongwireService service = Robolectric.buildService(LongwireService.class).create().get();
        while (LongwireService.isPromised()) {
            service.onStartCommand(new Intent(), 0, 1);
        }
    }

    @Test
    public void isStartedWithTheApp() {
        start();

        Intent started = Shadows.shadowOf(TestPhone.app()).getNextStartedService();
        assertThat(started.getComponent().getClassName()).isEqualTo(LongwireService.class.getName());
    }

    @Test
    @Config(minSdk = Build.VERSION_CODES.P) // no permission was needed before
    public void isNotStartedWhereItCouldNotGoToTheForeground() {
        Shadows.shadowOf(TestPhone.app()).denyPermissions(LongwireService.FOREGROUND);
        start();

        assertThat(Shadows.shadowOf(TestPhone.app()).getNextStartedService()).isNull();
        assertThat(Longwire.isReachable()).isFalse();
    }

    @Test
    public void staysInTheForegroundWithANoticeAndLiftsTheApp() {
        start();
        ServiceController<LongwireService> service = Robolectric.buildService(LongwireService.class).create();

        assertThat(service.get().onStartCommand(new Intent(), 0, 1)).isEqualTo(LongwireService.START_STICKY);

        Notification notice = Shadows.shadowOf(service.get()).getLastForegroundNotification();
        assertThat(notice.extras.getString(Notification.EXTRA_TITLE)).isEqualTo("Messages");
        assertThat(Longwire.isReachable()).isTrue();
        if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.UPSIDE_DOWN_CAKE) {
            assertThat(service.get().getForegroundServiceType())
                    .isEqualTo(ServiceInfo.FOREGROUND_SERVICE_TYPE_SPECIAL_USE);
        }

        service.destroy();
        assertThat(Longwire.isReachable()).isEqualTo(Build.VERSION.SDK_INT < Build.VERSION_CODES.M);
    }

    @Test
    public void oneThatTheSystemDoesNotLetToTheForegroundEndsAndTheAppStandsLower() {
        start();
        ServiceController<LongwireService> service = Robolectric.buildService(LongwireService.class).create();
        Shadows.shadowOf(service.get()).setThrowInStartForeground(new IllegalStateException("not from behind"));

        assertThat(service.get().onStartCommand(new Intent(), 0, 1)).isEqualTo(LongwireService.START_NOT_STICKY);
        assertThat(Shadows.shadowOf(service.get()).isStoppedBySelf()).isTrue();
        assertThat(Longwire.isReachable()).isEqualTo(Build.VERSION.SDK_INT < Build.VERSION_CODES.M);
    }

    @Test
    public void aStartThatTheSystemRefusesIsToldAndEndsNothing() {
        List<String> problems = new CopyOnWriteArrayList<>();
        Context behind = new ContextWrapper(TestPhone.app()) {
            @Override
            public Context getApplicationContext() { return this; }

            @Override
            public ComponentName startForegroundService(Intent service) {
                throw new IllegalStateException("ForegroundServiceStartNotAllowedException");
            }

            @Override
            public ComponentName startService(Intent service) {
                throw new IllegalStateException("not allowed to start service: app is in background");
            }
        };
        Longwire.start(behind, message -> Receipt.DONE, new ConnectionListener() {
            @Override
            public void onProblem(String what) {
                problems.add(what);
            }
        });

        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> assertThat(problems)
                .anyMatch(one -> one.startsWith("service: not started (expected: FOREGROUND_SERVICE")));
        assertThat(Longwire.app().appId()).isEqualTo(7);
    }

    @Test
    public void endsWhenNobodyWantsIt() {
        ServiceController<LongwireService> service = Robolectric.buildService(LongwireService.class).create();

        assertThat(service.get().onStartCommand(null, 0, 1)).isEqualTo(LongwireService.START_NOT_STICKY);
        assertThat(Shadows.shadowOf(service.get()).isStoppedBySelf()).isTrue();
    }

    @Test
    public void oneThatIsNotInTheForegroundYetIsNotStoppedButEndsItselfThere() {
        start();
        Longwire.stop(); // in the same turn: the system has not passed the start on
        assertThat(Shadows.shadowOf(TestPhone.app()).getNextStoppedService()).isNull();

        ServiceController<LongwireService> service = Robolectric.buildService(LongwireService.class).create();
        assertThat(service.get().onStartCommand(new Intent(), 0, 1)).isEqualTo(LongwireService.START_NOT_STICKY);
        assertThat(Shadows.shadowOf(service.get()).getLastForegroundNotification()).isNotNull();
        assertThat(Shadows.shadowOf(service.get()).isStoppedBySelf()).isTrue();
    }

    @Test
    public void oneThatIsInTheForegroundIsStopped() {
        start();
        Robolectric.buildService(LongwireService.class).create().get().onStartCommand(new Intent(), 0, 1);
        Longwire.stop();

        assertThat(Shadows.shadowOf(TestPhone.app()).getNextStoppedService()).isNotNull();
    }

    @Test
    public void eachStartKeepsItsPromiseBeforeTheServiceIsStopped() {
        start();
        new BootReceiver().onReceive(TestPhone.app(), new Intent(Intent.ACTION_BOOT_COMPLETED));
        LongwireService service = Robolectric.buildService(LongwireService.class).create().get();
        service.onStartCommand(new Intent(), 0, 1);
        Longwire.stop();
        assertThat(Shadows.shadowOf(TestPhone.app()).getNextStoppedService()).isNull();

        service.onStartCommand(new Intent(), 0, 2);
        assertThat(Shadows.shadowOf(service).isStoppedBySelf()).isTrue();
    }

    @Test
    public void aStartThatWasRefusedPromisesNothing() {
        Context behind = new ContextWrapper(TestPhone.app()) {
            @Override
            public ComponentName startForegroundService(Intent service) {
                throw new IllegalStateException("ForegroundServiceStartNotAllowedException");
            }

            @Override
            public ComponentName startService(Intent service) {
                throw new IllegalStateException("not allowed to start service: app is in background");
            }
        };
        assertThat(LongwireService.start(behind)).isFalse();
        LongwireService.stop(TestPhone.app());

        assertThat(Shadows.shadowOf(TestPhone.app()).getNextStoppedService()).isNotNull();
    }

    @Test
    public void comesBackAfterARestartOfThePhone() {
        start();
        Shadows.shadowOf(TestPhone.app()).clearStartedServices();

        new BootReceiver().onReceive(TestPhone.app(), new Intent(Intent.ACTION_BOOT_COMPLETED));
        assertThat(Shadows.shadowOf(TestPhone.app()).getNextStartedService()).isNotNull();

        new BootReceiver().onReceive(TestPhone.app(), new Intent("somebody.elses.ACTION"));
        assertThat(Shadows.shadowOf(TestPhone.app()).getNextStartedService()).isNull();
    }

    private static void start() {
        Context context = TestPhone.app();
        Longwire.start(context, message -> Receipt.DONE);
    }
}
