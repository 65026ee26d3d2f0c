package io.longwire.sdk.android.service;

import android.app.job.JobScheduler;
import android.content.Context;
import io.longwire.sdk.ConnectionListener;
import io.longwire.sdk.LongwireException;
import io.longwire.sdk.Message;
import io.longwire.sdk.Receipt;
import io.longwire.sdk.android.AwakePhone;
import io.longwire.sdk.android.Longwire;
import io.longwire.sdk.android.TestPhone;
import io.longwire.sdk.android.TestPlatform;
import io.longwire.sdk.android.system.Mode;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.Rule;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.robolectric.RobolectricTestRunner;
import org.robolectric.shadows.ShadowAlarmManager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

@RunWith(RobolectricTestRunner.class)
public class PhoneRuntimeTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    @Rule
    public final AwakePhone phone = new AwakePhone();
    private final TestPlatform platform = phone.platform;
    private final List<String> shown = new CopyOnWriteArrayList<>();
    private final List<String> problems = new CopyOnWriteArrayList<>();

    @Test
    public void fromTheStartToAMessageShownAndAcked() throws Exception {
        start();
        TestPlatform.Line line = platform.line();
        assertThat(Longwire.app().awaitOnline(60_000)).isTrue();

        line.push(7, "hello");

        await().atMost(LONG).untilAsserted(() -> assertThat(shown).containsExactly("hello"));
        assertThat(platform.ack().getUptoSeq()).isEqualTo(1);
        assertThat(Longwire.app().receivedBytes()).isBetween(20L, 100L);
        assertThat(Longwire.app().sentBytes()).isZero();
        assertThat(new File(TestPhone.app().getNoBackupFilesDir(), "longwire/app-7/messages")).exists();
    }

    @Test
    public void aSleepingPhoneIsWokenForItsPing() throws Exception {
        start();
        platform.line();
        assertThat(Longwire.app().awaitOnline(60_000)).isTrue();

        await().atMost(LONG).untilAsserted(() -> {
            List<ShadowAlarmManager.ScheduledAlarm> alarms = TestPhone.alarms().getScheduledAlarms();
            assertThat(alarms).hasSize(1);
            assertThat(alarms.get(0).isAllowWhileIdle()).isTrue();
            assertThat(alarms.get(0).getTriggerAtMs() - TestPhone.now()).isBetween(10_000L, 1_680_000L);
        });
    }

    @Test
    public void whatWasStoredBeforeTheProcessEndedIsNotShownAgain() throws Exception {
        start();
        platform.line().push(7, "once");
        await().atMost(LONG).untilAsserted(() -> assertThat(shown).containsExactly("once"));
        Longwire.stop();

        start();
        platform.line().push(7, "next");
        await().atMost(LONG).untilAsserted(() -> assertThat(shown).containsExactly("once", "next"));
    }

    @Test
    public void theSystemIsAskedToStartTheAppNowAndThen() {
        start();
        JobScheduler jobs = (JobScheduler) TestPhone.app().getSystemService(Context.JOB_SCHEDULER_SERVICE);
        assertThat(jobs.getAllPendingJobs()).hasSize(1);

        Longwire.stop();
        assertThat(jobs.getAllPendingJobs()).isEmpty();
    }

    @Test
    public void theRoomIsToldHowWellThePhoneCanBeWokenAndWhenThatChanges() throws Exception {
        start();
        platform.line();
        assertThat(Longwire.app().awaitOnline(60_000)).isTrue();
        assertThat(told()).as("nothing lets it live").isEqualTo(Mode.FOREGROUND_ONLY.capability());

        Objects.requireNonNull(PhoneRuntime.current()).serviceInForeground(true);
        assertThat(mode()).isIn(Mode.LIVE_EXACT, Mode.LIVE_INEXACT);
        assertThat(told()).isEqualTo(mode().capability());

        Objects.requireNonNull(PhoneRuntime.current()).serviceInForeground(false);
        assertThat(told()).isEqualTo(Mode.FOREGROUND_ONLY.capability());
    }

    private static Mode mode() {
        return Objects.requireNonNull(PhoneRuntime.current()).mode();
    }

    private int told() throws InterruptedException {
        Integer told = platform.capabilities.poll(60, TimeUnit.SECONDS);
        return told == null ? -1 : told;
    }

    @Test
    public void aSecondStartDoesNothing() throws Exception {
        start();
        start();
        platform.line();
        assertThat(platform.connections).hasValue(1);
    }

    @Test
    public void withNoListOfRoomsTheOneThatTheManifestCarriesIsUsed() throws Exception {
        platform.hideRooms();
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        KeyPair keys = generator.generateKeyPair();
        String text = "longwire-rooms 1\nuntil " + Long.MAX_VALUE + "\n" + platform.room() + "\n";
        Signature signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(keys.getPrivate());
        signature.update(text.getBytes(StandardCharsets.UTF_8));
        String list = text + "signature " + HexFormat.of().formatHex(signature.sign()) + "\n";
        TestPhone.manifest("app_key", TestPhone.APP_7, "dispatcher", platform.url(), "plain", true, "bootstrap",
                Base64.getEncoder().encodeToString(list.getBytes(StandardCharsets.UTF_8)), "bootstrap_key",
                Base64.getEncoder().encodeToString(keys.getPublic().getEncoded()));
        start();
        platform.line();
        assertThat(Longwire.app().awaitOnline(60_000)).isTrue();
    }

    @Test
    public void aListOfRoomsThatNobodySignedIsToldAndNotUsed() throws Exception {
        TestPhone.manifest("app_key", TestPhone.APP_7, "dispatcher", platform.url(), "plain", true, "bootstrap", "AAAA",
                "bootstrap_key", "AAAA");
        start();
        platform.line();
        await().atMost(LONG).untilAsserted(
                () -> assertThat(problems).anyMatch(one -> one.startsWith("io.longwire.bootstrap: ")));
    }

    @Test
    public void tellsWhatTheManifestLacks() {
        TestPhone.manifest("dispatcher", platform.url());
        assertThatThrownBy(this::start).isInstanceOf(LongwireException.class)
                .hasMessageContaining("io.longwire.app_key: none (expected:");

        TestPhone.manifest("app_key", "ak_seven", "dispatcher", platform.url());
        assertThatThrownBy(this::start).isInstanceOf(LongwireException.class)
                .hasMessageContaining("io.longwire.app_key:");

        TestPhone.manifest("app_key", TestPhone.APP_7, "dispatcher", platform.url(), "pins", "0g");
        assertThatThrownBy(this::start).isInstanceOf(LongwireException.class)
                .hasMessageContaining("io.longwire.pins: 0g (expected: 64 hex digits)");
    }

    @Test
    public void filesThatCannotBeOpenedAreToldAndNothingElseHappens() throws Exception {
        File taken = new File(TestPhone.app().getNoBackupFilesDir(), "longwire");
        assertThat(taken.createNewFile()).isTrue();

        start();

        assertThatThrownBy(Longwire::app).isInstanceOf(LongwireException.class).hasMessageContaining("client:");
        await().atMost(LONG).untilAsserted(() -> assertThat(problems).anyMatch(one -> one.startsWith("start: ")));
    }

    private void start() {
        Longwire.start(TestPhone.app(), this::show, new ConnectionListener() {
            @Override
            public void onProblem(String what) {
                problems.add(what);
            }
        });
    }

    private Receipt show(Message message) {
        shown.add(new String(message.payload(), StandardCharsets.UTF_8));
        return Receipt.DONE;
    }
}
