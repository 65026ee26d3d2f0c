package io.longwire.sdk.android.service;

import android.app.job.JobParameters;
import android.content.Intent;
import android.os.Looper;
import io.longwire.sdk.Receipt;
import io.longwire.sdk.android.Longwire;
import io.longwire.sdk.android.TestPhone;
import java.time.Duration;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.robolectric.Robolectric;
import org.robolectric.RobolectricTestRunner;
import org.robolectric.Shadows;
import org.robolectric.shadow.api.Shadow;

import static org.assertj.core.api.Assertions.assertThat;

@RunWith(RobolectricTestRunner.class)
public class SafetyCheckTest {
    private final JobParameters job = Shadow.newInstanceOf(JobParameters.class);
    private SafetyCheck check = service();

    private static SafetyCheck service() {
        return Robolectric.buildService(SafetyCheck.class).create().get();
    }

    @Before
    public void manifest() {
        TestPhone.manifest("app_key", TestPhone.APP_7, "dispatcher", "http://127.0.0.1:1", "foreground", true);
        Shadows.shadowOf(TestPhone.app()).grantPermissions(LongwireService.FOREGROUND, LongwireService.SPECIAL_USE);
    }

    @After
    public void stop() {
        Longwire.stop();
    }

    @Test
    public void withoutAClientThereIsNothingToWaitFor() {
        assertThat(check.onStartJob(job)).isFalse();
    }

    @Test
    public void keepsTheProcessTwentySecondsAndStartsTheService() {
        Longwire.start(TestPhone.app(), message -> Receipt.DONE);
        Shadows.shadowOf(TestPhone.app()).clearStartedServices();

        assertThat(check.onStartJob(job)).as("goes on").isTrue();
        Intent started = Shadows.shadowOf(TestPhone.app()).getNextStartedService();
        assertThat(started.getComponent().getClassName()).isEqualTo(LongwireService.class.getName());
        idleFor(SafetyCheck.STAY_MILLIS - 1);
        assertThat(isFinished()).isFalse();
        idleFor(1);
        assertThat(isFinished()).isTrue();
        assertThat(Shadows.shadowOf(check).getIsRescheduleNeeded()).isFalse();
    }

    @Test
    public void oneThatTheSystemStopsIsNotFinishedAsWell() {
        Longwire.start(TestPhone.app(), message -> Receipt.DONE);
        assertThat(check.onStartJob(job)).isTrue();
        assertThat(check.onStopJob(job)).as("not again before its time").isFalse();

        idleFor(2 * SafetyCheck.STAY_MILLIS);
        assertThat(isFinished()).isFalse();
    }

    private boolean isFinished() { return Shadows.shadowOf(check).getIsJobFinished(); }

    private static void idleFor(long millis) {
        Shadows.shadowOf(Looper.getMainLooper()).idleFor(Duration.ofMillis(millis));
    }
}
