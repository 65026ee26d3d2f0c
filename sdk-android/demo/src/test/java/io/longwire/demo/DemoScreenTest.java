package io.longwire.demo;

import android.app.NotificationManager;
import android.content.ComponentName;
import android.content.Intent;
import android.os.Looper;
import android.os.Process;
import android.view.View;
import android.widget.EditText;
import android.widget.ListView;
import android.widget.TextView;
import io.longwire.sdk.android.Longwire;
import io.longwire.sdk.android.TestPhone;
import io.longwire.sdk.android.TestPlatform;
import io.longwire.sdk.android.share.HostService;
import io.longwire.sdk.android.share.Members;
import io.longwire.sdk.android.share.WireHost;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.robolectric.Robolectric;
import org.robolectric.RobolectricTestRunner;
import org.robolectric.Shadows;
import org.robolectric.android.controller.ActivityController;
import org.robolectric.annotation.Config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** The whole sample app, with the real library, against a dispatcher and a room on real sockets. */
@RunWith(RobolectricTestRunner.class)
@Config(sdk = 34, application = DemoApp.class)
public class DemoScreenTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    private TestPlatform platform = open();
    private TestPhone.Ticking clock = TestPhone.awake();
    private final DemoApp app = (DemoApp) TestPhone.app();

    @Before
    public void connect() {
        TestPhone.manifest("app_key", TestPhone.APP_7, "dispatcher", platform.url(), "plain", true);
        app.connect();
    }

    @After
    public void stop() throws Exception {
        Longwire.stop();
        clock.stop();
        platform.close();
    }

    @Test
    public void showsStateRouteAndHeartbeat() throws Exception {
        DemoScreen screen = look();
        platform.line();

        eventually(() -> text(screen, "State"), "ONLINE");
        eventually(() -> text(screen, "Route"), "127.0.0.1:");
        eventually(() -> text(screen, "Heartbeat"), "after 240 s of silence");
        assertThat(text(screen, "Endpoint")).isEqualTo(Longwire.app().endpoint()).startsWith("ep_");
    }

    @Test
    public void listsAMessageAndNotifies() throws Exception {
        DemoScreen screen = look();
        platform.line().push(7, "hello");

        eventually(() -> lines(screen).toString(), "hello");
        assertThat(app.getSystemService(NotificationManager.class).getActiveNotifications())
                .anyMatch(one -> one.getNotification().getChannelId().equals(DemoApp.CHANNEL));
        assertThat(platform.ack().getUptoSeq()).isEqualTo(1);
    }

    @Test
    public void aMessageThatCameBeforeTheScreenIsListed() throws Exception {
        platform.line().push(7, "early");
        await().atMost(LONG).until(() -> app.board().view().lines.toString().contains("early"));

        assertThat(lines(look()).toString()).contains("early");
    }

    @Test
    public void theButtonsAskTheClient() throws Exception {
        DemoScreen screen = look();
        platform.line();

        press(screen, "Alias", "ann");
        eventually(() -> lines(screen).toString(), "alias ann: APPLIED");
        assertThat(platform.profiles.take().getBindAliasesList()).containsExactly("ann");

        press(screen, "Tag", "news");
        eventually(() -> lines(screen).toString(), "tag news: APPLIED");
        assertThat(platform.profiles.take().getAddTagsList()).containsExactly("news");

        press(screen, "Uplink", "2 pizzas");
        eventually(() -> lines(screen).toString(), "uplink 2 pizzas: DURABLE");
        assertThat(platform.uplinks.take().getBody().toStringUtf8()).isEqualTo("2 pizzas");
    }

    @Test
    public void saysThatItGoesThroughAnotherApp() throws Exception {
        Longwire.stop();
        Members.install("com.shop.other", Process.myUid());
        ComponentName other = new ComponentName("com.shop.other", HostService.class.getName());
        Shadows.shadowOf(app).setComponentNameAndServiceForBindServiceForIntent(
                new Intent(HostService.ACTION).setComponent(other), other, new WireHost());
        String[] list = Members.manifest(app.getPackageName(), 7, "com.shop.other", 8);
        TestPhone.manifest("app_key", TestPhone.APP_7, "dispatcher", platform.url(), "plain", true, "share_group",
                "test", "share_list", list[0], "share_key", list[1]);
        app.connect();

        DemoScreen screen = look();
        eventually(() -> text(screen, "Route"), "through another app");
        eventually(() -> text(screen, "State"), "ONLINE");
        assertThat(text(screen, "Heartbeat")).isEqualTo("-");
        assertThat(text(screen, "Endpoint")).startsWith("ep_");
    }

    @Test
    public void whatBreaksARuleIsSaidInTheList() {
        DemoScreen screen = look();
        press(screen, "Alias", "");
        eventually(() -> lines(screen).toString(), "alias: 0 characters (expected: 1 to 128)");
    }

    @Test
    public void whatTheManifestLacksIsSaidInTheList() {
        // The app was made before this test had written its manifest.
        assertThat(lines(look()).toString()).contains("io.longwire.app_key: none (expected:");
    }

    @Test
    public void aScreenThatIsLeftWatchesNoMore() throws Exception {
        ActivityController<DemoScreen> first = Robolectric.buildActivity(DemoScreen.class).setup();
        ActivityController<DemoScreen> second = Robolectric.buildActivity(DemoScreen.class).setup();
        first.pause().stop().destroy();

        platform.line().push(7, "for the second");
        eventually(() -> lines(second.get()).toString(), "for the second");
        assertThat(lines(first.get()).toString()).doesNotContain("for the second");
    }

    private static DemoScreen look() {
        return Robolectric.buildActivity(DemoScreen.class).setup().get();
    }

    private static void press(DemoScreen screen, String button, String input) {
        DemoScreenTest.<EditText>find(screen, "Input").setText(input);
        assertThat(DemoScreenTest.<View>find(screen, button).performClick()).isTrue();
    }

    private static String text(DemoScreen screen, String row) {
        return DemoScreenTest.<TextView>find(screen, row).getText().toString();
    }

    private static List<String> lines(DemoScreen screen) {
        ListView list = find(screen, "Lines");
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < list.getAdapter().getCount(); i++) {
            lines.add(String.valueOf(list.getAdapter().getItem(i)));
        }
        return lines;
    }

    @SuppressWarnings("TypeParameterUnusedInFormals") // as Android's own findViewWithTag
    private static <T extends View> T find(DemoScreen screen, String tag) {
        return screen.getWindow().getDecorView().findViewWithTag(tag);
    }

    // The main thread is this one: it does what was posted to it, again and again.
    private static void eventually(Callable<String> seen, String part) {
        await().pollInSameThread().atMost(LONG).untilAsserted(() -> {
            Shadows.shadowOf(Looper.getMainLooper()).idle();
            assertThat(seen.call()).contains(part);
        });
    }

    private static TestPlatform open() {
        try {
            return new TestPlatform();
        } catch (IOException broken) {
            throw new IllegalStateException(broken);
        }
    }
}
