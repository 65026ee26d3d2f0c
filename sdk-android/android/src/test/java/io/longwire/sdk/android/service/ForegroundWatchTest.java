package io.longwire.sdk.android.service;

import android.app.Activity;
import android.os.Looper;
import io.longwire.sdk.android.TestPhone;
import java.util.ArrayList;
import java.util.List;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.robolectric.Robolectric;
import org.robolectric.RobolectricTestRunner;
import org.robolectric.Shadows;
import org.robolectric.android.controller.ActivityController;

import static org.assertj.core.api.Assertions.assertThat;

@RunWith(RobolectricTestRunner.class)
public class ForegroundWatchTest {
    private final List<Boolean> told = new ArrayList<>();
    private final ForegroundWatch watch = new ForegroundWatch(told::add);

    @Before
    public void watch() {
        watch.watch(TestPhone.app());
    }

    @After
    public void end() {
        watch.end(TestPhone.app());
    }

    @Test
    public void theUserLooksWhileAnyActivityIsStarted() {
        ActivityController<Activity> first = Robolectric.buildActivity(Activity.class).create();
        assertThat(watch.isLooking()).isFalse();
        first.start();
        ActivityController<Activity> second = Robolectric.buildActivity(Activity.class).create().start();
        first.stop();
        assertThat(watch.isLooking()).isTrue();

        second.stop();
        assertThat(watch.isLooking()).isFalse();
        assertThat(told).containsExactly(true, false);
    }

    @Test
    public void aRotationIsNoLookAway() {
        ActivityController<Activity> screen = Robolectric.buildActivity(Activity.class).setup();
        screen.recreate();

        assertThat(watch.isLooking()).isTrue();
        assertThat(told).doesNotContain(false);
        screen.pause().stop();
        assertThat(watch.isLooking()).isFalse();
    }

    @Test
    public void anActivityThatEndsWithinAChangeOfConfigurationIsNoLongerLookedAt() {
        Activity screen = Robolectric.buildActivity(Activity.class).setup().get();
        Activity rotated = new Activity() {
            @Override
            public boolean isChangingConfigurations() { return true; }
        };
        watch.onActivityStopped(rotated); // and nothing is started in its place
        assertThat(screen.isFinishing()).isFalse();
        Shadows.shadowOf(Looper.getMainLooper()).idle();

        assertThat(watch.isLooking()).isFalse();
        assertThat(told).containsExactly(true, false);
    }

    @Test
    public void aLookBackAfterSuchAnEndIsTold() {
        ActivityController<Activity> screen = Robolectric.buildActivity(Activity.class).setup();
        Activity rotated = new Activity() {
            @Override
            public boolean isChangingConfigurations() { return true; }
        };
        watch.onActivityStopped(rotated);
        Shadows.shadowOf(Looper.getMainLooper()).idle();
        watch.onActivityStarted(screen.get());

        assertThat(told).containsExactly(true, false, true);
    }

    @Test
    public void afterTheEndNothingIsTold() {
        watch.end(TestPhone.app());
        Robolectric.buildActivity(Activity.class).create().start();
        assertThat(told).isEmpty();
    }
}
