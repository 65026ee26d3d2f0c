package io.longwire.sdk.android.share;

import android.content.ComponentName;
import android.content.Context;
import android.content.ContextWrapper;
import android.content.Intent;
import android.content.ServiceConnection;
import android.os.Bundle;
import android.os.Looper;
import android.os.Parcel;
import android.os.Parcelable;
import io.longwire.sdk.LongwireApp;
import io.longwire.sdk.LongwireClient;
import io.longwire.sdk.LongwireClientBuilder;
import io.longwire.sdk.Receipt;
import io.longwire.sdk.android.TestPhone;
import io.longwire.sdk.android.TestPlatform;
import io.longwire.sdk.loop.SdkClock;
import io.longwire.sdk.seal.PayloadCipher;
import io.longwire.sdk.share.HandOver;
import io.longwire.sdk.share.Peer;
import java.io.File;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.robolectric.RobolectricTestRunner;
import org.robolectric.Shadows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** This app in its group: with nobody, with one that hosts, with one that should not. */
@RunWith(RobolectricTestRunner.class)
public class GroupTest {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final String OTHER = "com.shop.other";

    private TestPlatform platform = open();
    private final ExecutorService work = Executors.newSingleThreadExecutor();
    private LongwireClient client = client(null);
    private LongwireApp app = client.addApp(TestPhone.APP_7, message -> Receipt.DONE);
    private final Other other = new Other();
    private final List<String> problems = new CopyOnWriteArrayList<>();
    private volatile boolean lives;
    private byte[] othersSigner = Members.GOOD;
    private @Nullable Group group;

    @Before
    public void own() {
        Members.sign(Shadows.shadowOf(TestPhone.app().getPackageManager())
                .getInternalMutablePackageInfo(TestPhone.app().getPackageName()), Members.GOOD);
        client.start();
    }

    @After
    public void stop() throws IOException {
        Group known = group;
        if (known != null) {
            known.end();
        }
        client.stop();
        work.shutdown();
        platform.close();
    }

    @Test
    public void aloneItIsTheHost() throws Exception {
        Group alone = join();
        await().atMost(LONG).until(alone::isHosting);
        assertThat(app.awaitOnline(60_000)).isTrue();
        await().atMost(LONG).until(() -> client.sharing().hostEndpoint() != 0);
    }

    @Test
    public void goesToTheHostThatIsThere() throws Exception {
        Members.install(OTHER, 10_202, Members.GOOD);
        other.runs();
        Group joined = join();

        until(() -> !other.opened.isEmpty());
        assertThat(joined.isHosting()).isFalse();
    }

    @Test
    public void anAppThatStartsLeavesTheConnectionToTheHostThatRuns() throws Exception {
        new EpochFile(TestPhone.app().getFilesDir()).write(4); // it was there when that one began
        Members.install(OTHER, 10_202, Members.GOOD);
        other.runs();
        Group joined = join();

        until(() -> !other.opened.isEmpty());
        assertThat(joined.isHosting()).isFalse();
        assertThat(new EpochFile(TestPhone.app().getFilesDir()).read()).isEqualTo(4);
    }

    @Test
    public void anAppThatDoesNotRunIsNotWaitedForForEver() throws Exception {
        Members.install(OTHER, 10_202, Members.GOOD);
        Group joined = join();

        until(joined::isHosting);
    }

    @Test
    public void oneThatShouldHostIsLookedForUntilItDoes() throws Exception {
        other.hosting = false;
        Members.install(OTHER, 10_202, Members.GOOD);
        other.runs();
        Group joined = join();
        until(() -> !other.asked.isEmpty());

        other.hosting = true; // and nobody tells
        until(() -> !other.opened.isEmpty());
        assertThat(joined.isHosting()).isFalse();
    }

    @Test
    public void aHostThatSomebodyElseHasSignedIsNotGoneToUnsealed() throws Exception {
        othersSigner = Members.BAD;
        Members.install(OTHER, 10_202, Members.BAD);
        other.runs();
        Group joined = join();
        until(() -> !other.asked.isEmpty());

        assertThat(app.awaitOnline(60_000)).isTrue();
        int asked = other.asked.size();
        joined.refresh();
        until(() -> other.asked.size() > asked);
        assertThat(app.isOnline()).isTrue();
        assertThat(other.opened).isEmpty();
        assertThat(joined.isHosting()).isFalse();
    }

    @Test
    public void aHostThatSomebodyElseHasSignedIsGoneToSealed() {
        client.stop();
        client = client(new NamedCipher());
        app = client.addApp(TestPhone.APP_7, message -> Receipt.DONE);
        client.start();
        othersSigner = Members.BAD;
        Members.install(OTHER, 10_202, Members.BAD);
        other.runs();
        join();

        until(() -> !other.opened.isEmpty());
    }

    @Test
    public void anImpostorIsNotAsked() throws Exception {
        Members.install(OTHER, 10_202, Members.BAD);
        other.runs();
        Group joined = join();

        await().atMost(LONG).until(joined::isHosting);
        assertThat(other.asked).isEmpty();
    }

    @Test
    public void takesOverInTwoStepsFromAHostThatMayNotLive() throws Exception {
        Members.install(OTHER, 10_202, Members.GOOD);
        other.runs();
        lives = true;
        Group joined = join();

        until(() -> {
            joined.online(); // as each time a connection stands
            return joined.isHosting() && other.steps.contains("commit 5");
        });
        assertThat(other.steps).containsExactly("prepare 5", "commit 5");
        assertThat(new EpochFile(TestPhone.app().getFilesDir()).read()).isEqualTo(5);
    }

    @Test
    public void aHostThatStaysIsLetBe() throws Exception {
        Members.install(OTHER, 10_202, Members.GOOD);
        other.runs();
        other.answer = HandOver.Answer.STAYS;
        lives = true;
        Group joined = join();

        until(() -> other.steps.contains("prepare 5"));
        assertThat(joined.isHosting()).isFalse();
    }

    @Test
    public void whatCannotBeReadIsPassedOver() throws Exception {
        Members.install(OTHER, 10_202, Members.GOOD);
        other.runs();
        other.unreadable = true;
        Group joined = join();

        await().atMost(LONG).until(joined::isHosting);
        assertThat(problems).isEmpty();
    }

    @Test
    public void aHostThatWasGivenUpIsGoneToAgain() throws Exception {
        Members.install(OTHER, 10_202, Members.GOOD);
        other.runs();
        Group joined = join();
        until(() -> other.opened.size() > 2); // it takes nobody
        assertThat(app.awaitOnline(60_000)).isTrue();

        int times = other.opened.size();
        joined.refresh();
        until(() -> other.opened.size() > times);
    }

    @Test
    public void aBindingThatTheSystemHasGivenUpIsMadeAnew() {
        Members.install(OTHER, 10_202, Members.GOOD);
        other.runs();
        ComponentName name = new ComponentName(OTHER, HostService.class.getName());
        PeerLink link = new PeerLink(TestPhone.app(), OTHER, 8, Executors.newSingleThreadExecutor(), () -> {
        });
        link.bind();
        Shadows.shadowOf(Looper.getMainLooper()).idle();
        assertThat(link.host()).isNotNull();

        link.onBindingDied(name);
        assertThat(link.host()).isNull();
        link.keep();
        Shadows.shadowOf(Looper.getMainLooper()).idle();
        assertThat(link.host()).isNotNull();
        link.unbind();
    }

    @Test
    public void anAppThatDoesNotAnswerIsWaitedForTwoSeconds() throws Exception {
        Members.install(OTHER, 10_202, Members.GOOD);
        other.runs();
        ExecutorService calls = Executors.newSingleThreadExecutor();
        CountDownLatch stuck = new CountDownLatch(1);
        Future<Boolean> busy = calls.submit(() -> stuck.await(1, TimeUnit.MINUTES));
        PeerLink link = new PeerLink(TestPhone.app(), OTHER, 8, calls, () -> {
        });
        link.bind();
        Shadows.shadowOf(Looper.getMainLooper()).idle();

        long asked = SdkClock.system().elapsedMillis();
        assertThat(link.hello(new Bundle())).isNull();
        assertThat(SdkClock.system().elapsedMillis() - asked).isBetween(1_990L, 10_000L);
        stuck.countDown();
        assertThat(busy.get()).isTrue();
        calls.shutdown();
        link.unbind();
    }

    @Test
    public void whoeverIsAskedIsNeitherStartedNorKeptAliveForIt() {
        List<Integer> flags = new CopyOnWriteArrayList<>();
        List<Intent> started = new CopyOnWriteArrayList<>();
        Context watched = new ContextWrapper(TestPhone.app()) {
            @Override
            public boolean bindService(Intent to, ServiceConnection by, int how) {
                flags.add(how);
                return super.bindService(to, by, how);
            }

            @Override
            public @Nullable ComponentName startService(Intent service) {
                started.add(service);
                return null;
            }
        };
        Members.install(OTHER, 10_202, Members.GOOD);
        PeerLink link = new PeerLink(watched, OTHER, 8, Executors.newSingleThreadExecutor(), () -> {
        });
        link.bind();
        link.onBindingDied(new ComponentName(OTHER, HostService.class.getName()));
        link.keep();
        link.unbind();

        assertThat(flags).containsExactly(0, 0); // no BIND_AUTO_CREATE, no BIND_IMPORTANT, nothing
        assertThat(started).isEmpty();
    }

    private Group join() {
        Group joined = new Group(TestPhone.app(),
                Members.list(othersSigner, TestPhone.app().getPackageName(), 7, OTHER, 8),
                client.sharing(), work, new Group.Facts() {
                    @Override
                    public Peer own() {
                        return new Peer(TestPhone.app().getPackageName(), 1, lives, 20, false, 1_000, 100);
                    }

                    @Override
                    public void onLodging(boolean is) {
                        // Alarms are another's matter.
                    }

                    @Override
                    public void onProblem(String what) {
                        problems.add(what);
                    }
                }, new EpochFile(TestPhone.app().getFilesDir()));
        group = joined;
        joined.refresh();
        until(() -> !other.running || !other.asked.isEmpty() || joined.isHosting());
        return joined;
    }

    // The main thread, which is the test's, tells of bindings.
    private static void until(Callable<Boolean> condition) {
        await().pollInSameThread().atMost(LONG).until(() -> {
            Shadows.shadowOf(Looper.getMainLooper()).idle();
            return condition.call();
        });
    }

    /** A class that the reader has no way to make. */
    private static final class OfALaterVersion implements Parcelable {
        @Override
        public int describeContents() {
            return 0;
        }

        @Override
        public void writeToParcel(Parcel to, int flags) {
            to.writeInt(1);
        }
    }

    /** Another app that hosts, as far as it answers. */
    private static final class Other extends PushHost.Stub {
        final List<String> asked = new CopyOnWriteArrayList<>();
        final List<String> opened = new CopyOnWriteArrayList<>();
        final List<String> steps = new CopyOnWriteArrayList<>();
        volatile HandOver.Answer answer = HandOver.Answer.YES;
        volatile boolean running;
        volatile boolean unreadable;
        volatile boolean hosting = true;

        void runs() {
            running = true;
            ComponentName name = new ComponentName(OTHER, HostService.class.getName());
            Shadows.shadowOf(TestPhone.app()).setComponentNameAndServiceForBindServiceForIntent(
                    new Intent(HostService.ACTION).setComponent(name), name, new Remote(this, 10_001));
        }

        @Override
        public int version() {
            return 1;
        }

        @Override
        public Bundle hello(Bundle me) {
            asked.add("hello");
            if (unreadable) {
                Bundle said = new Bundle();
                said.putBoolean("hosting", true);
                said.putParcelable("epoch", new OfALaterVersion());
                return said;
            }
            Peer peer = new Peer(OTHER, 1, false, 20, true, 1_000, 50);
            return Terms.hosting(Terms.of(peer), hosting, 4, 0x8888, 1_000);
        }

        @Override
        @SuppressWarnings("NullAway") // what aidl makes says nothing of null
        public @Nullable PushLine open(PushGuest back, Bundle me) {
            opened.add("open");
            return null;
        }

        @Override
        public Bundle handover(Bundle step) {
            steps.add(Terms.step(step) + " " + Terms.epoch(step));
            return Terms.answer(answer);
        }
    }

    private LongwireClient client(@Nullable PayloadCipher cipher) {
        LongwireClientBuilder builder = LongwireClient.builder(new File(TestPhone.app().getFilesDir(), "own"))
                .dispatcher(platform.url()).sync(false).foreground(true).askAgainAfterMillis(100);
        return (cipher == null ? builder : builder.payloadCipher(cipher)).build();
    }

    /** A cipher whose keys have a name and open nothing. */
    private static final class NamedCipher implements PayloadCipher {
        @Override
        public Key generate() {
            return read(new byte[]{1});
        }

        @Override
        public Key read(byte[] kept) {
            return new Key() {
                @Override
                public byte[] kept() {
                    return kept;
                }

                @Override
                public byte[] payloadKey() {
                    return kept;
                }

                @Override
                public byte[] open(byte[] sealed, byte[] context) throws GeneralSecurityException {
                    throw new GeneralSecurityException("nothing is sealed here");
                }
            };
        }
    }

    private static TestPlatform open() {
        try {
            return new TestPlatform();
        } catch (IOException broken) {
            throw new IllegalStateException(broken);
        }
    }
}
