package io.longwire.sdk.android.share;

import android.content.Intent;
import android.os.Bundle;
import android.os.IBinder;
import android.os.RemoteException;
import io.longwire.sdk.LongwireApp;
import io.longwire.sdk.LongwireClient;
import io.longwire.sdk.Receipt;
import io.longwire.sdk.Uplink;
import io.longwire.sdk.android.TestPhone;
import io.longwire.sdk.android.TestPlatform;
import io.longwire.sdk.android.wake.ElapsedClock;
import io.longwire.sdk.loop.SdkClock;
import io.longwire.sdk.share.HandOver;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.robolectric.Robolectric;
import org.robolectric.RobolectricTestRunner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Two apps with the whole client each, AIDL's stubs and real Parcels between them, and a room on a real socket. */
@RunWith(RobolectricTestRunner.class)
public class TwoAppsTest {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final int HOST_UID = 10_101;
    private static final int GUEST_UID = 10_102;
    private static final int EVIL_UID = 10_666;

    private final List<String> hostShown = new CopyOnWriteArrayList<>();
    private final List<String> guestShown = new CopyOnWriteArrayList<>();
    private TestPlatform platform = open();
    private LongwireClient host = client("host");
    private LongwireClient guest = client("guest");
    private LongwireApp hostApp = add(host, 7, hostShown);
    private LongwireApp guestApp = add(guest, 8, guestShown);
    private HostBinder binder = binder();
    private final List<Remote> backs = new CopyOnWriteArrayList<>();

    @Before
    public void startHost() throws Exception {
        Members.install("com.shop.host", HOST_UID, Members.GOOD);
        Members.install("com.shop.guest", GUEST_UID, Members.GOOD);
        Members.install("com.evil", EVIL_UID, Members.GOOD);
        host.start();
        assertThat(hostApp.awaitOnline(60_000)).isTrue();
        await().atMost(LONG).until(() -> host.sharing().hostEndpoint() != 0);
    }

    @After
    public void stop() throws IOException {
        guest.stop();
        host.stop();
        platform.close();
    }

    @Test
    public void bothAreServedByOneConnectionAndEachGetsItsOwn() throws Exception {
        lodge();
        TestPlatform.Line line = platform.line();

        line.push(8, "for the guest");
        line.push(7, "for the host");

        await().atMost(LONG).untilAsserted(() -> assertThat(guestShown).containsExactly("for the guest"));
        await().atMost(LONG).untilAsserted(() -> assertThat(hostShown).containsExactly("for the host"));
        await().atMost(LONG).until(() -> platform.ack().getUptoSeq() == 2);
        assertThat(platform.connections).hasValue(1);
        assertThat(line.bound).hasSize(2);
    }

    @Test
    public void anUplinkGoesThroughTheHost() throws Exception {
        lodge();
        Uplink.Result result = guestApp.send("order", new byte[]{42}).await(60_000);

        assertThat(result != null && result.isDurable()).isTrue();
        assertThat(platform.uplinks).hasSize(1);
        assertThat(platform.uplinks.element().getEndpointId()).isEqualTo(platform.endpoints.get(8));
    }

    @Test
    public void theDeathOfTheHostSendsTheGuestToARoomByItself() throws Exception {
        Remote remote = lodge();
        platform.line();
        host.stop();
        remote.die();

        TestPlatform.Line own = platform.line();
        await().atMost(LONG).untilAsserted(() -> assertThat(own.bound).containsOnlyKeys(platform.endpoints.get(8)));
        own.push(8, "by itself");
        await().atMost(LONG).untilAsserted(() -> assertThat(guestShown).containsExactly("by itself"));
    }

    @Test
    public void theDeathOfTheGuestLeavesTheHostServing() throws Exception {
        lodge();
        TestPlatform.Line line = platform.line();
        for (Remote back : backs) {
            back.die();
        }
        line.push(7, "still here");
        await().atMost(LONG).untilAsserted(() -> assertThat(hostShown).containsExactly("still here"));
    }

    @Test
    public void whoeverIsNotOnTheListLearnsNothing() throws Exception {
        PushHost asked = PushHost.Stub.asInterface(new Remote(binder, EVIL_UID));

        assertThat(asked.hello(new Bundle()).isEmpty()).isTrue();
        assertThat(asked.handover(new Bundle()).isEmpty()).isTrue();
        assertThat(asked.open(new Silent(), new Bundle())).isNull();
    }

    @Test
    public void aStrangerWhoBindsBeforeTheClientHasStartedTakesNothingFromTheMembers() throws Exception {
        HostService.offer(null);
        HostService service = Robolectric.buildService(HostService.class).create().get();
        IBinder remembered = service.onBind(new Intent(HostService.ACTION)); // by the system, for all that bind
        PushHost stranger = PushHost.Stub.asInterface(new Remote(remembered, EVIL_UID));
        PushHost member = PushHost.Stub.asInterface(new Remote(remembered, GUEST_UID));
        assertThat(stranger.hello(new Bundle()).isEmpty()).isTrue();
        assertThat(member.hello(new Bundle()).isEmpty()).isTrue();
        assertThat(member.handover(new Bundle()).isEmpty()).isTrue();
        assertThat(member.open(new Silent(), new Bundle())).isNull();

        HostService.offer(binder);
        assertThat(member.hello(new Bundle()).isEmpty()).isFalse();
        assertThat(member.open(new Silent(), new Bundle())).isNotNull();
        assertThat(stranger.hello(new Bundle()).isEmpty()).isTrue();
        assertThat(stranger.handover(new Bundle()).isEmpty()).isTrue();
        assertThat(stranger.open(new Silent(), new Bundle())).isNull();
        assertThat(service.onBind(new Intent(HostService.ACTION))).isSameAs(remembered);
        HostService.offer(null);
    }

    @Test
    public void aNameOfTheListWithAnothersSignatureIsAnImpostor() throws Exception {
        Members.install("com.shop.guest", GUEST_UID, Members.BAD);
        PushHost asked = PushHost.Stub.asInterface(new Remote(binder, GUEST_UID));

        assertThat(asked.hello(new Bundle()).isEmpty()).isTrue();
        assertThat(asked.open(new Silent(), new Bundle())).isNull();
    }

    @Test
    public void aListWhoseTimeIsOverNamesNobody() {
        assertThat(callers(ElapsedClock.INSTANCE).ofUid(GUEST_UID)).isNotNull();
        assertThat(callers(new SdkClock() {
            @Override
            public long elapsedMillis() {
                return 0;
            }

            @Override
            public long wallMillis() {
                return Long.MAX_VALUE;
            }
        }).ofUid(GUEST_UID)).isNull();
    }

    @Test
    public void aLineIsUsedByNobodyButWhoOpenedIt() throws Exception {
        PushHost asked = PushHost.Stub.asInterface(new Remote(binder, GUEST_UID));
        PushLine line = asked.open(new Silent(), new Bundle());
        assertThat(line).isNotNull();

        PushLine stolen = PushLine.Stub.asInterface(new Remote(line.asBinder(), EVIL_UID));
        stolen.close();
        stolen.send(new byte[]{1});
        assertThat(host.sharing().hostEndpoint()).isNotZero();
        assertThat(hostApp.isOnline()).isTrue();
    }

    @Test
    public void aLaterVersionMaySayMore() throws Exception {
        PushHost asked = PushHost.Stub.asInterface(new Remote(binder, GUEST_UID));
        Bundle me = new Bundle();
        me.putString("what this version does not know", "at all");

        assertThat(asked.version()).isEqualTo(1);
        assertThat(asked.hello(me).isEmpty()).isFalse();
    }

    /** The guest goes through the host from now on. */
    private Remote lodge() throws Exception {
        Remote remote = new Remote(binder, GUEST_UID);
        PushHost proxy = PushHost.Stub.asInterface(remote);
        guest.sharing().lodgeAt(new RemoteHost(new Calling(proxy), HOST_UID, host.sharing().hostEndpoint(), false,
                Executors.newSingleThreadExecutor(), Remote::calling));
        guest.start();
        assertThat(guestApp.awaitOnline(60_000)).isTrue();
        return remote;
    }

    /** The guest's process, as the host sees it: what it hands over is an object of another process, too. */
    private final class Calling extends PushHost.Default {
        private final PushHost proxy;

        Calling(PushHost proxy) {
            this.proxy = proxy;
        }

        @Override
        @SuppressWarnings("NullAway") // what aidl makes says nothing of null
        public @Nullable PushLine open(PushGuest back, Bundle me) throws RemoteException {
            Remote seen = new Remote(back.asBinder(), HOST_UID);
            backs.add(seen);
            PushLine line = proxy.open(PushGuest.Stub.asInterface(seen), me);
            return line == null ? null : PushLine.Stub.asInterface(new Remote(line.asBinder(), GUEST_UID));
        }

        @Override
        public IBinder asBinder() {
            return proxy.asBinder();
        }
    }

    /** A guest that hears nothing. */
    private static final class Silent extends PushGuest.Stub {
        @Override
        public void receive(byte[] bytes) {
            // Not of interest.
        }

        @Override
        public void end(String reason) {
            // Not of interest.
        }
    }

    private HostBinder binder() {
        Callers callers = callers(ElapsedClock.INSTANCE);
        return new HostBinder(callers, host.sharing(), new HostBinder.Asked() {
            @Override
            public Bundle hello(Callers.Known caller, Bundle said) {
                return Terms.answer(HandOver.Answer.YES);
            }

            @Override
            public Bundle handover(Callers.Known caller, Bundle said) {
                return Terms.answer(HandOver.Answer.STAYS);
            }

            @Override
            public boolean isHosting() { return true; }
        }, Remote::calling);
    }

    private static Callers callers(SdkClock clock) {
        return new Callers(TestPhone.app(),
                Members.list(clock, Members.GOOD, "com.shop.host", 7, "com.shop.guest", 8));
    }

    private LongwireClient client(String name) {
        return LongwireClient.builder(new File(TestPhone.app().getFilesDir(), name)).dispatcher(platform.url())
                .sync(false).foreground(true).askAgainAfterMillis(100).build();
    }

    private static LongwireApp add(LongwireClient client, int app, List<String> shown) {
        return client.addApp("ak_" + app + "_000102030405060708090a0b0c0d0e0f", message -> {
            shown.add(new String(message.payload(), StandardCharsets.UTF_8));
            return Receipt.DONE;
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
