package io.longwire.sdk.android.share;

import android.content.Context;
import io.longwire.sdk.android.TestPlatform;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.After;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.robolectric.RobolectricTestRunner;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Two whole apps with a group each, against each other: AIDL's stubs and real Parcels both ways, the system's binding,
 * a room on a real socket that keeps what is not acked and sends it again, as the platform does.
 */
@RunWith(RobolectricTestRunner.class)
public class TwoGroupsTest {
    private final TestPlatform platform = open();
    private final KeptMessages messages = new KeptMessages(platform);
    private final GroupedApp mail = app("com.shop.mail", 7);
    private final GroupedApp chat = app("com.shop.chat", 8);

    @After
    public void stop() throws IOException {
        mail.stop();
        chat.stop();
        platform.close();
    }

    @Test
    public void theConnectionGoesToTheBetterHostWhilePushesComeAndNoneIsLostOrShownTwice() throws Exception {
        mail.starts(chat);
        messages.until(() -> mail.group().isHosting() && mail.app.isOnline());
        chat.starts(mail);
        messages.until(() -> chat.isGuest() && messages.areServedTogether(7, 8));
        for (int i = 0; i < 20; i++) {
            messages.send(7, "mail " + i);
            messages.send(8, "chat " + i);
        }
        messages.until(messages::areStored);

        chat.lives = true; // it has a service in the foreground now, the other has not
        chat.group().refresh();
        int[] more = {20};
        messages.until(() -> {
            messages.send(7, "mail " + more[0]);
            messages.send(8, "chat " + more[0]++);
            chat.group().online();
            return chat.group().isHosting() && mail.isGuest() && messages.areServedTogether(8, 7);
        });
        for (int i = 0; i < 20; i++) {
            messages.send(7, "mail " + more[0]);
            messages.send(8, "chat " + more[0]++);
        }
        messages.until(messages::areStored);

        assertThat(mail.group().isHosting()).isFalse();
        assertThat(mail.problems).isEmpty();
        assertThat(chat.problems).isEmpty();
        assertThat(mail.shown).doesNotHaveDuplicates().hasSize(more[0]);
        assertThat(chat.shown).doesNotHaveDuplicates().hasSize(more[0]);
        List<String> both = new ArrayList<>(mail.shown);
        both.addAll(chat.shown);
        assertThat(both).containsExactlyInAnyOrderElementsOf(messages.sent);
    }

    @Test
    public void whoIsTakenOffTheListLosesItsLineAndWhoIsPutOnItGetsOne() throws Exception {
        mail.starts(chat);
        messages.until(() -> mail.group().isHosting() && mail.app.isOnline());
        chat.starts(mail);
        messages.until(() -> chat.isGuest() && messages.areServedTogether(7, 8));

        mail.takes(Members.signed(2, Long.MAX_VALUE, Members.GOOD, "com.shop.mail", 7));
        messages.until(() -> !chat.isGuest() && !messages.areServedTogether(7, 8) && chat.app.isOnline());
        assertThat(mail.app.isOnline()).isTrue();
        chat.group().refresh(); // it is looked at, and finds nobody: who says hello later is asked back at once
        for (int i = 0; i < 5; i++) {
            messages.send(7, "mail " + i);
            messages.send(8, "chat " + i);
        }
        messages.until(messages::areStored);

        mail.takes(Members.signed(3, Long.MAX_VALUE, Members.GOOD, "com.shop.mail", 7, "com.shop.chat", 8));
        messages.until(() -> {
            mail.group().online();
            chat.group().online();
            return messages.areServedTogether(7, 8) || messages.areServedTogether(8, 7);
        });
        assertThat(mail.shown).hasSize(5).doesNotHaveDuplicates();
        assertThat(chat.shown).hasSize(5).doesNotHaveDuplicates();
        assertThat(mail.problems).isEmpty();
        assertThat(chat.problems).isEmpty();
    }

    /** Nobody may start a service from the background; to its own an app may bind. */
    @Test
    public void eachHoldsItsOwnServiceByBindingToIt() throws Exception {
        mail.starts(chat);
        messages.until(() -> mail.group().isHosting());

        mail.group().refresh();
        messages.until(() -> !mail.holds.isEmpty());
        assertThat(mail.holds).containsExactly(Context.BIND_AUTO_CREATE);
        assertThat(mail.problems).isEmpty();
        mail.group().end();
        messages.until(() -> mail.releases.get() == 1);
    }

    @Test
    public void anAppWhoseServiceWasThereBeforeItsClientIsSeenWhenThatStarts() throws Exception {
        chat.isMadeTooEarly(mail);
        mail.starts(chat);
        messages.until(() -> mail.group().isHosting() && mail.app.isOnline());

        assertThat(chat.answered()).isZero();

        chat.starts(mail);
        messages.until(() -> chat.isGuest() && chat.answered() > 0); // it was asked, and nobody told that it runs now
    }

    @Test
    public void theGuestsOfAHostThatYieldsAreWithTheNextOneAtOnce() throws Exception {
        GroupedApp shop = app("com.shop.shop", 9);
        mail.starts(chat, shop);
        messages.until(() -> mail.group().isHosting() && mail.app.isOnline());
        chat.starts(mail, shop);
        shop.starts(mail, chat);
        messages.until(() -> messages.areServedTogether(7, 8) && messages.areServedTogether(7, 9));
        int connections = platform.connections.get();

        chat.lives = true;
        chat.group().refresh();
        messages.until(() -> chat.group().isHosting());
        messages.until(() -> messages.areServedTogether(8, 7) && messages.areServedTogether(8, 9));
        assertThat(platform.connections.get() - connections)
                .as("connections made for it: no guest took another way meanwhile").isEqualTo(1);
        shop.stop();
    }

    private GroupedApp app(String name, int appId) {
        return new GroupedApp(platform,
                Members.list("com.shop.mail", 7, "com.shop.chat", 8, "com.shop.shop", 9), name, appId, 10_100 + appId,
                Version.THIS);
    }

    private static TestPlatform open() {
        try {
            return new TestPlatform();
        } catch (IOException broken) {
            throw new IllegalStateException(broken);
        }
    }
}
