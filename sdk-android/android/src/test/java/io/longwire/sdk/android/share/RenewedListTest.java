package io.longwire.sdk.android.share;

import android.content.Intent;
import android.os.Bundle;
import android.os.IBinder;
import io.longwire.sdk.ConnectionListener;
import io.longwire.sdk.Receipt;
import io.longwire.sdk.android.Longwire;
import io.longwire.sdk.android.TestPhone;
import io.longwire.sdk.android.TestPlatform;
import java.io.IOException;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.robolectric.Robolectric;
import org.robolectric.RobolectricTestRunner;
import org.robolectric.shadows.ShadowBinder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** A whole app whose list of those who share is over, and what it does with the dispatcher's. */
@RunWith(RobolectricTestRunner.class)
public class RenewedListTest {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final String OTHER = "com.shop.other";
    private static final int OTHERS_UID = 10_202;

    private final List<String> problems = new CopyOnWriteArrayList<>();
    private final TestPlatform platform = open();
    private final TestPhone.Ticking clock = TestPhone.awake();

    @Before
    public void manifest() {
        Members.install(OTHER, OTHERS_UID, Members.GOOD);
        TestPhone.manifest("app_key", TestPhone.APP_7, "dispatcher", platform.url(), "plain", true,
                "share_group", "test", "share_list", text(list(1, 1)), "share_key", text(Members.key()));
    }

    @After
    public void stop() throws Exception {
        Longwire.stop();
        ShadowBinder.reset();
        clock.stop();
        platform.close();
    }

    @Test
    public void aListThatIsOverIsRenewedAndTheGroupGoesByItAtOnceAndAfterARestart() throws Exception {
        platform.publish(list(2, Long.MAX_VALUE));
        start();
        assertThat(platform.listQuestions.poll(60, TimeUnit.SECONDS)).isEqualTo("/v1/share-lists/test?above=1");
        await().atMost(LONG).until(this::isAnswered);
        assertThat(problems).containsOnlyOnce("io.longwire.share_list: its time is over (expected: a newer one, from"
                + " the build or the dispatcher)").hasSize(1);

        Longwire.stop();
        problems.clear();
        start(); // with the list in the manifest that is over
        assertThat(Longwire.app().awaitOnline(60_000)).isTrue();
        await().atMost(LONG).until(this::isAnswered);
        assertThat(problems).isEmpty();
        assertThat(platform.listQuestions).as("a week has not passed").isEmpty();
    }

    @Test
    public void whatNobodyHasSignedIsToldAndNobodyIsLetIn() throws Exception {
        platform.publish(new byte[]{1, 2, 3});
        start();
        await().atMost(LONG).until(() -> problems.stream().anyMatch(one -> one.startsWith("dispatcher: share list: ")));
        assertThat(Longwire.app().awaitOnline(60_000)).isTrue();
        assertThat(isAnswered()).isFalse();
    }

    // Whether the other app, which calls, belongs.
    private boolean isAnswered() throws Exception {
        IBinder service = Robolectric.buildService(HostService.class).get().onBind(new Intent());
        if (service == null) {
            return false;
        }
        ShadowBinder.setCallingUid(OTHERS_UID);
        try {
            return !PushHost.Stub.asInterface(service).hello(new Bundle()).isEmpty();
        } finally {
            ShadowBinder.reset();
        }
    }

    private void start() {
        Longwire.start(TestPhone.app(), message -> Receipt.DONE, new ConnectionListener() {
            @Override
            public void onProblem(String what) {
                problems.add(what);
            }
        });
    }

    private static byte[] list(long serial, long untilMillis) {
        return Members.signed(serial, untilMillis, Members.GOOD, TestPhone.app().getPackageName(), 7, OTHER, 8);
    }

    private static String text(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    private static TestPlatform open() {
        try {
            return new TestPlatform();
        } catch (IOException broken) {
            throw new IllegalStateException(broken);
        }
    }
}
