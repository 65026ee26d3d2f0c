package io.longwire.sdk.android.share;

import android.os.Bundle;
import io.longwire.device.id.MessageId;
import io.longwire.device.v1.Ack;
import io.longwire.device.v1.Uplink;
import io.longwire.sdk.LongwireApp;
import io.longwire.sdk.LongwireClient;
import io.longwire.sdk.Receipt;
import io.longwire.sdk.android.TestPhone;
import io.longwire.sdk.android.TestPlatform;
import io.longwire.sdk.share.Peer;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.After;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.robolectric.RobolectricTestRunner;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Apps of a phone are updated one by one: each pair of the previous version, this one and the next shares a connection,
 * passes messages and uplinks, and hands the connection over, and nothing is lost or shown twice. {@link Version} says
 * what the other two are.
 */
@RunWith(RobolectricTestRunner.class)
public class VersionsTest {
    private final TestPlatform platform = open();
    private final KeptMessages messages = new KeptMessages(platform);
    private final List<GroupedApp> apps = new ArrayList<>();
    private int said; // texts for each of the two

    @After
    public void stop() throws IOException {
        for (GroupedApp one : apps) {
            one.stop();
        }
        platform.close();
    }

    @Test
    public void aPreviousHostAndAPreviousGuest() throws Exception {
        share(Version.PREVIOUS, Version.PREVIOUS);
    }

    @Test
    public void aPreviousHostAndThisGuest() throws Exception {
        share(Version.PREVIOUS, Version.THIS);
    }

    @Test
    public void aPreviousHostAndANextGuest() throws Exception {
        share(Version.PREVIOUS, Version.NEXT);
    }

    @Test
    public void thisHostAndAPreviousGuest() throws Exception {
        share(Version.THIS, Version.PREVIOUS);
    }

    @Test
    public void thisHostAndThisGuest() throws Exception {
        share(Version.THIS, Version.THIS);
    }

    @Test
    public void thisHostAndANextGuest() throws Exception {
        share(Version.THIS, Version.NEXT);
    }

    @Test
    public void aNextHostAndAPreviousGuest() throws Exception {
        share(Version.NEXT, Version.PREVIOUS);
    }

    @Test
    public void aNextHostAndThisGuest() throws Exception {
        share(Version.NEXT, Version.THIS);
    }

    @Test
    public void aNextHostAndANextGuest() throws Exception {
        share(Version.NEXT, Version.NEXT);
    }

    @Test
    public void oneThatSpeaksANewerLanguageTakesTheConnectionThoughTheHostHasTheRightToLive() throws Exception {
        GroupedApp mail = app("com.shop.mail", 7, Version.THIS);
        GroupedApp chat = app("com.shop.chat", 8, Version.NEXT);
        mail.lives = true;
        chat.protocol = 2;
        mail.starts(chat);
        messages.until(() -> mail.group().isHosting() && mail.app.isOnline());

        chat.starts(mail);
        messages.until(() -> {
            say();
            return chat.group().isHosting() && mail.isGuest() && messages.areServedTogether(8, 7);
        });
        messages.until(messages::areStored);
        nothingIsLostOrShownTwice(mail, chat);
    }

    /** Whoever changes a word or a number has it here, whatever both sides of the border call it. */
    @Test
    public void aGuestGoesThroughAFirstHostThatIsWrittenByHand() throws Exception {
        WireHost first = new WireHost();
        PushHost seen = PushHost.Stub.asInterface(first);
        ExecutorService calls = Executors.newSingleThreadExecutor();
        List<String> shown = new CopyOnWriteArrayList<>();
        LongwireClient guest = LongwireClient.builder(new File(TestPhone.app().getFilesDir(), "guest"))
                .dispatcher(platform.url()).sync(false).foreground(true).build();
        LongwireApp app = guest.addApp("ak_8_000102030405060708090a0b0c0d0e0f", message -> {
            shown.add(new String(message.payload(), StandardCharsets.UTF_8));
            return Receipt.DONE;
        });
        guest.sharing().lodgeAt(new RemoteHost(seen, 10_107, WireHost.ENDPOINT, false, calls, () -> 10_107));
        guest.start();
        messages.until(app::isOnline);

        first.push(MessageId.of(1_800_000_000_000L, 3, 1), "by hand");
        Ack ack = first.acks.poll(60, TimeUnit.SECONDS);
        assertThat(ack).isNotNull();
        assertThat(Objects.requireNonNull(ack).getUptoSeq()).isEqualTo(1);
        messages.until(() -> shown.contains("by hand"));
        io.longwire.sdk.Uplink.Result sent = app.send("order", new byte[]{42}).await(60_000);
        assertThat(Objects.requireNonNull(sent).isDurable()).isTrue();
        assertThat(Objects.requireNonNull(first.uplinks.poll()).getBody().toByteArray()).containsExactly(42);
        assertThat(platform.connections).hasValue(0);

        assertThat(seen.version()).isEqualTo(1);
        Bundle said = Objects.requireNonNull(Terms.known(seen.hello(new Bundle())));
        assertThat(Terms.isHosting(said)).isTrue();
        assertThat(Terms.epoch(said)).isEqualTo(4);
        assertThat(Terms.endpoint(said)).isEqualTo(WireHost.ENDPOINT);
        assertThat(Terms.heldMillis(said)).isEqualTo(1_000);
        assertThat(Terms.peer("first", said)).usingRecursiveComparison()
                .isEqualTo(new Peer("first", 1, true, 20, true, 1_000, 50));
        guest.stop();
        calls.shutdown();
    }

    private void share(Version host, Version guest) throws Exception {
        GroupedApp mail = app("com.shop.mail", 7, host);
        GroupedApp chat = app("com.shop.chat", 8, guest);
        mail.starts(chat);
        messages.until(() -> mail.group().isHosting() && mail.app.isOnline());
        chat.starts(mail);
        messages.until(() -> chat.isGuest() && messages.areServedTogether(7, 8));
        for (int i = 0; i < 5; i++) {
            say();
        }
        messages.until(messages::areStored);
        uplinkOf(chat, 8);

        chat.lives = true;
        chat.group().refresh();
        messages.until(() -> {
            say();
            return chat.group().isHosting() && mail.isGuest() && messages.areServedTogether(8, 7);
        });
        uplinkOf(mail, 7);
        say();
        messages.until(messages::areStored);
        assertThat(mail.group().isHosting()).isFalse();
        assertThat(mail.refused() > 0).isEqualTo(host != Version.NEXT && guest == Version.NEXT);
        nothingIsLostOrShownTwice(mail, chat);
    }

    private void say() {
        messages.send(7, "mail " + said);
        messages.send(8, "chat " + said++);
    }

    private void uplinkOf(GroupedApp one, int appId) throws Exception {
        io.longwire.sdk.Uplink sent = one.app.send("order", new byte[]{42});
        messages.until(() -> sent.result() != null);

        assertThat(Objects.requireNonNull(sent.result()).isDurable()).isTrue();
        Uplink came = platform.uplinks.remove();
        assertThat(came.getEndpointId()).isEqualTo(platform.endpoints.get(appId));
        assertThat(came.getBody().toByteArray()).containsExactly(42);
    }

    private void nothingIsLostOrShownTwice(GroupedApp mail, GroupedApp chat) {
        assertThat(mail.problems).isEmpty();
        assertThat(chat.problems).isEmpty();
        List<String> shown = new ArrayList<>(mail.shown);
        shown.addAll(chat.shown);
        assertThat(shown).containsExactlyInAnyOrderElementsOf(messages.sent);
        assertThat(mail.shown).allMatch(one -> one.startsWith("mail"));
        assertThat(chat.shown).allMatch(one -> one.startsWith("chat"));
    }

    private GroupedApp app(String name, int appId, Version version) {
        GroupedApp made = new GroupedApp(platform, Members.list("com.shop.mail", 7, "com.shop.chat", 8), name, appId,
                10_100 + appId, version);
        apps.add(made);
        return made;
    }

    private static TestPlatform open() {
        try {
            return new TestPlatform();
        } catch (IOException broken) {
            throw new IllegalStateException(broken);
        }
    }
}
