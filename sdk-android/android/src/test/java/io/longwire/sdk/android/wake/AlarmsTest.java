package io.longwire.sdk.android.wake;

import android.app.AlarmManager;
import android.app.PendingIntent;
import android.content.Intent;
import android.os.Build;
import android.os.PowerManager;
import io.longwire.sdk.android.TestPhone;
import io.longwire.sdk.loop.Wakeups;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.After;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.robolectric.RobolectricTestRunner;
import org.robolectric.Shadows;
import org.robolectric.annotation.Config;
import org.robolectric.annotation.Implementation;
import org.robolectric.annotation.Implements;
import org.robolectric.shadows.ShadowAlarmManager;
import org.robolectric.shadows.ShadowLooper;
import org.robolectric.shadows.ShadowPowerManager;

import static org.assertj.core.api.Assertions.assertThat;

@RunWith(RobolectricTestRunner.class)
public class AlarmsTest {
    private static final long RUNG = 285_000;

    private final AtomicInteger due = new AtomicInteger();
    private final Alarms alarms = Alarms.open(TestPhone.app(), ElapsedClock.INSTANCE);

    @After
    public void close() {
        alarms.close();
    }

    @Test
    public void setsOneAlarmThatWakesByTheTimeThatGoesOnInSleep() {
        long at = TestPhone.now() + RUNG;
        alarms.wakeAt(at, due::incrementAndGet);

        ShadowAlarmManager.ScheduledAlarm alarm = onlyAlarm();
        assertThat(alarm.getType()).isEqualTo(AlarmManager.ELAPSED_REALTIME_WAKEUP);
        assertThat(alarm.getTriggerAtMs()).isEqualTo(at);
        assertThat(alarm.isAllowWhileIdle()).isTrue();
        assertThat(isAwake()).isFalse();
    }

    @Test
    @Config(minSdk = Build.VERSION_CODES.M)
    public void nobodyCanChangeWhatItRings() {
        alarms.wakeAt(TestPhone.now() + RUNG, due::incrementAndGet);

        PendingIntent ring = PendingIntent.getBroadcast(TestPhone.app(), 0,
                new Intent(TestPhone.app(), AlarmReceiver.class),
                PendingIntent.FLAG_NO_CREATE | PendingIntent.FLAG_IMMUTABLE);
        assertThat(ring).isNotNull();
        assertThat(Shadows.shadowOf(ring).getFlags() & PendingIntent.FLAG_IMMUTABLE).isNotZero();
    }

    @Test
    public void aLaterWishTakesThePlaceOfTheLast() {
        alarms.wakeAt(TestPhone.now() + RUNG, due::incrementAndGet);
        alarms.wakeAt(TestPhone.now() + 2 * RUNG, due::incrementAndGet);

        assertThat(onlyAlarm().getTriggerAtMs()).isEqualTo(TestPhone.now() + 2 * RUNG);
    }

    @Test
    public void ringsAfterTheSleepAndKeepsThePhoneAwakeForTheAnswer() {
        alarms.wakeAt(TestPhone.now() + RUNG, () -> {
            due.incrementAndGet();
            alarms.wakeAt(TestPhone.now() + 8_000, due::incrementAndGet); // the ping's time-out
        });

        TestPhone.sleep(RUNG);
        new AlarmReceiver().onReceive(TestPhone.app(), new Intent());
        assertThat(due).hasValue(1);
        assertThat(isAwake()).isTrue();

        alarms.wakeAt(TestPhone.now() + RUNG, due::incrementAndGet); // answered: the next ping
        assertThat(isAwake()).isFalse();
        assertThat(onlyAlarm().getTriggerAtMs()).isEqualTo(TestPhone.now() + RUNG);
    }

    @Test
    public void staysAwakeForAnAnswerThatMayTakeLongAndSleepsWhenItIsThere() {
        alarms.stayAwake(TestPhone.now() + 39_000);
        alarms.wakeAt(TestPhone.now() + 39_000, due::incrementAndGet);
        assertThat(isAwake()).isTrue();
        assertThat(TestPhone.alarms().getScheduledAlarms()).as("the timer runs: the phone is awake").isEmpty();

        sleepAwake(38_000);
        assertThat(isAwake()).isTrue();
        alarms.wakeAt(TestPhone.now() + RUNG, due::incrementAndGet);
        alarms.stayAwake(0);
        assertThat(isAwake()).isFalse();
        assertThat(onlyAlarm().getTriggerAtMs()).isEqualTo(TestPhone.now() + RUNG);
    }

    @Test
    public void anAnswerThatIsNoLongerAwaitedSetsTheAlarmItSpared() {
        long at = TestPhone.now() + 39_000;
        alarms.stayAwake(at);
        alarms.wakeAt(at, due::incrementAndGet);
        alarms.stayAwake(0);

        assertThat(isAwake()).isFalse();
        assertThat(onlyAlarm().getTriggerAtMs()).isEqualTo(at);
    }

    @Test
    public void aLoopThatNeverSaysAnythingAgainKeepsThePhoneAwakeNoLongerThanItSaid() {
        alarms.stayAwake(TestPhone.now() + 39_000);
        alarms.wakeAt(TestPhone.now() + 39_000, due::incrementAndGet);

        sleepAwake(41_000);
        assertThat(isAwake()).isFalse();
    }

    @Test
    public void whatIsDueAfterTheWaitHasItsAlarm() {
        alarms.stayAwake(TestPhone.now() + 14_000);
        alarms.wakeAt(TestPhone.now() + RUNG, due::incrementAndGet);

        assertThat(isAwake()).isTrue();
        assertThat(onlyAlarm().getTriggerAtMs()).isEqualTo(TestPhone.now() + RUNG);
    }

    @Test
    public void whereAnotherAppKeepsTheConnectionNoAnswerKeepsThePhoneAwake() {
        alarms.stayAwake(TestPhone.now() + 14_000);
        alarms.wakeAt(TestPhone.now() + 14_000, due::incrementAndGet);
        alarms.quiet(true);
        assertThat(isAwake()).isFalse();

        alarms.stayAwake(TestPhone.now() + 20_000);
        assertThat(isAwake()).isFalse();
        assertThat(TestPhone.alarms().getScheduledAlarms()).isEmpty();

        alarms.quiet(false);
        alarms.wakeAt(TestPhone.now() + 14_000, due::incrementAndGet); // as the loop does, once more
        assertThat(isAwake()).isTrue();
    }

    @Test
    public void afterTheEndNoAnswerKeepsThePhoneAwake() {
        alarms.stayAwake(TestPhone.now() + 14_000);
        alarms.close();
        assertThat(isAwake()).isFalse();
        alarms.stayAwake(TestPhone.now() + 14_000);
        assertThat(isAwake()).isFalse();
    }

    @Test
    public void whatIsDueSoonNeedsNoAlarm() {
        alarms.wakeAt(TestPhone.now() + 500, due::incrementAndGet);

        assertThat(TestPhone.alarms().getScheduledAlarms()).isEmpty();
        assertThat(isAwake()).isTrue();
    }

    @Test
    public void nothingDueWakesNobody() {
        alarms.wakeAt(TestPhone.now() + RUNG, due::incrementAndGet);
        alarms.wakeAt(Wakeups.NEVER, due::incrementAndGet);

        assertThat(TestPhone.alarms().getScheduledAlarms()).isEmpty();
        assertThat(isAwake()).isFalse();
    }

    @Test
    @Config(minSdk = Build.VERSION_CODES.S)
    public void isInexactWhereTheUserGrantsNoBetter() {
        ShadowAlarmManager.setCanScheduleExactAlarms(false);

        alarms.wakeAt(TestPhone.now() + RUNG, due::incrementAndGet);

        assertThat(onlyAlarm().isAllowWhileIdle()).isTrue();
        assertThat(onlyAlarm().getWindowLengthMs()).isNotEqualTo(0);
    }

    /** A system that takes the right to exact alarms back between the question and the call. */
    @Implements(AlarmManager.class)
    public static class TakenBack extends ShadowAlarmManager {
        @Override
        @Implementation
        protected void setExactAndAllowWhileIdle(int type, long at, PendingIntent ring) {
            throw new SecurityException("needs SCHEDULE_EXACT_ALARM");
        }
    }

    @Test
    @Config(minSdk = Build.VERSION_CODES.S, shadows = TakenBack.class)
    public void isInexactWhereTheRightIsTakenBackJustThen() {
        long at = TestPhone.now() + RUNG;
        alarms.wakeAt(at, due::incrementAndGet);

        assertThat(onlyAlarm().isAllowWhileIdle()).isTrue();
        assertThat(onlyAlarm().getTriggerAtMs()).isEqualTo(at);
        assertThat(onlyAlarm().getWindowLengthMs()).isNotEqualTo(0);
    }

    @Test
    public void afterTheEndNothingIsSetAndNothingRings() {
        alarms.wakeAt(TestPhone.now() + RUNG, due::incrementAndGet);
        alarms.close();
        alarms.wakeAt(TestPhone.now() + RUNG, due::incrementAndGet);
        new AlarmReceiver().onReceive(TestPhone.app(), new Intent());

        assertThat(TestPhone.alarms().getScheduledAlarms()).isEmpty();
        assertThat(due).hasValue(0);
        assertThat(isAwake()).isFalse();
    }

    private static ShadowAlarmManager.ScheduledAlarm onlyAlarm() {
        assertThat(TestPhone.alarms().getScheduledAlarms()).hasSize(1);
        return TestPhone.alarms().getScheduledAlarms().get(0);
    }

    /** Lets the time go by, and the main thread do what is due, as the wake lock's own time-out. */
    private static void sleepAwake(long millis) {
        ShadowLooper.idleMainLooper(millis, TimeUnit.MILLISECONDS);
    }

    private static boolean isAwake() {
        PowerManager.WakeLock lock = ShadowPowerManager.getLatestWakeLock();
        return lock != null && lock.isHeld();
    }
}
