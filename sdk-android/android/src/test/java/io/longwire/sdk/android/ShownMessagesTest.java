package io.longwire.sdk.android;

import android.app.Notification;
import android.app.NotificationManager;
import android.content.Context;
import io.longwire.device.id.MessageId;
import io.longwire.sdk.LongwireException;
import io.longwire.sdk.Message;
import io.longwire.sdk.Receipt;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.robolectric.RobolectricTestRunner;
import org.robolectric.Shadows;
import org.robolectric.shadows.ShadowNotificationManager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/** Messages as notifications: each once, gone when it is taken back. */
@RunWith(RobolectricTestRunner.class)
public class ShownMessagesTest {
    @Rule
    public final AwakePhone phone = new AwakePhone();
    private final TestPlatform platform = phone.platform;
    private final List<Message> messages = new CopyOnWriteArrayList<>();

    @Before
    public void start() throws Exception {
        Longwire.start(TestPhone.app(), message -> {
            messages.add(message);
            return Receipt.DONE;
        });
        TestPlatform.Line line = platform.line();
        line.push(7, "one");
        line.push(7, "two");
        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> assertThat(messages).hasSize(2));
    }

    @Test
    public void eachHasAPlaceOfItsOwnAndKeepsItWhenItComesAgain() {
        show(messages.get(0), "one");
        show(messages.get(1), "two");
        show(messages.get(0), "one again");

        assertThat(notices().size()).isEqualTo(2);
        assertThat(notices().getAllNotifications()).extracting(one -> one.tickerText.toString())
                .containsExactlyInAnyOrder("one again", "two");
    }

    @Test
    public void whatIsTakenBackIsGoneAndTheOthersStay() {
        show(messages.get(0), "one");
        show(messages.get(1), "two");
        Longwire.withdraw(TestPhone.app(), messages.get(0).id());
        assertThat(notices().getAllNotifications()).extracting(one -> one.tickerText.toString())
                .containsExactly("two");

        Longwire.withdraw(TestPhone.app(), MessageId.text(MessageId.of(1_800_000_000_000L, 3, 7)));
        assertThat(notices().size()).as("one that was never shown").isEqualTo(1);
        assertThatThrownBy(() -> Longwire.withdraw(TestPhone.app(), "no id")).isInstanceOf(LongwireException.class);
    }

    private static void show(Message message, String text) {
        Notification notice = new Notification();
        notice.tickerText = text;
        Longwire.show(TestPhone.app(), message, notice);
    }

    private static ShadowNotificationManager notices() {
        return Shadows.shadowOf(
                (NotificationManager) TestPhone.app().getSystemService(Context.NOTIFICATION_SERVICE));
    }
}
