package io.longwire.sdk.android.share;

import android.content.ComponentName;
import android.content.ContextWrapper;
import android.content.Intent;
import android.content.ServiceConnection;
import android.os.Bundle;
import android.os.Handler;
import android.os.IBinder;
import android.os.Looper;
import android.os.RemoteException;
import io.longwire.device.id.MessageId;
import io.longwire.sdk.ConnectionListener;
import io.longwire.sdk.ConnectionStatus;
import io.longwire.sdk.LongwireApp;
import io.longwire.sdk.LongwireClient;
import io.longwire.sdk.Receipt;
import io.longwire.sdk.android.TestPhone;
import io.longwire.sdk.android.TestPlatform;
import io.longwire.sdk.share.CurrentList;
import io.longwire.sdk.share.InvalidShareListException;
import io.longwire.sdk.share.Peer;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.junit.After;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.robolectric.Robolectric;
import org.robolectric.RobolectricTestRunner;
import org.robolectric.Shadows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Two whole apps with a group each, against each other: AIDL's stubs and real Parcels both ways, the system's binding,
 * a room on a real socket that keeps what is not acked and sends it again, as the platform does.
 */
@RunWith(RobolectricTestRunner.class)
public class TwoGroupsTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    private final TestPlatform platform = open();
    private final List<TestPlatform.Line> lines = new ArrayList<>();
    private final Map<Long, Sent> waiting = new LinkedHashMap<>(); // by id, until it is acked as stored
    private final List<String> sent = new ArrayList<>();
    private final OneApp mail = new OneApp("com.shop.mail", 7, 10_107);
    private final OneApp chat = new OneApp("com.shop.chat", 8, 10_108);

    @After
    public void stop() throws IOException {
        mail.stop();
        chat.stop();
        platform.close();
    }

    @Test
    public void theConnectionGoesToTheBetterHostWhilePushesComeAndNoneIsLostOrShownTwice() throws Exception {
        mail.starts(chat);
        until(() -> mail.group().isHosting() && mail.app.isOnline());
        chat.starts(mail);
        until(() -> chat.isGuest() && isServedBy(7, 8));
        for (int i = 0; i < 20; i++) {
            send(7, "mail " + i);
            send(8, "chat " + i);
        }
        until(() -> waiting.isEmpty());

        chat.lives = true; // it has a service in the foreground now, the other has not
        chat.group().refresh();
        int[] more = {20};
        until(() -> {
            send(7, "mail " + more[0]);
            send(8, "chat " + more[0]++);
            chat.online();
            return chat.group().isHosting() && mail.isGuest() && isServedBy(8, 7);
        });
        for (int i = 0; i < 20; i++) {
            send(7, "mail " + more[0]);
            send(8, "chat " + more[0]++);
        }
        until(() -> waiting.isEmpty());

        assertThat(mail.group().isHosting()).isFalse();
        assertThat(mail.problems).isEmpty();
        assertThat(chat.problems).isEmpty();
        assertThat(mail.shown).doesNotHaveDuplicates().hasSize(more[0]);
        assertThat(chat.shown).doesNotHaveDuplicates().hasSize(more[0]);
        List<String> both = new ArrayList<>(mail.shown);
        both.addAll(chat.shown);
        assertThat(both).containsExactlyInAnyOrderElementsOf(sent);
    }

    @Test
    public void whoIsTakenOffTheListLosesItsLineAndWhoIsPutOnItGetsOne() throws Exception {
        mail.starts(chat);
        until(() -> mail.group().isHosting() && mail.app.isOnline());
        chat.starts(mail);
        until(() -> chat.isGuest() && isServedBy(7, 8));

        mail.takes(Members.signed(2, Long.MAX_VALUE, Members.GOOD, "com.shop.mail", 7));
        until(() -> !chat.isGuest() && !isServedBy(7, 8) && chat.app.isOnline());
        assertThat(mail.app.isOnline()).isTrue();
        for (int i = 0; i < 5; i++) {
            send(7, "mail " + i);
            send(8, "chat " + i);
        }
        until(() -> waiting.isEmpty());

        mail.takes(Members.signed(3, Long.MAX_VALUE, Members.GOOD, "com.shop.mail", 7, "com.shop.chat", 8));
        until(() -> {
            mail.online();
            chat.online();
            return isServedBy(7, 8) || isServedBy(8, 7);
        });
        assertThat(mail.shown).hasSize(5).doesNotHaveDuplicates();
        assertThat(chat.shown).hasSize(5).doesNotHaveDuplicates();
        assertThat(mail.problems).isEmpty();
        assertThat(chat.problems).isEmpty();
    }

    /** A message that the platform keeps. */
    private static final class Sent {
        final int app;
        final String text;
        TestPlatform.@Nullable Line by;

        Sent(int app, String text) {
            this.app = app;
            this.text = text;
        }
    }

    private void send(int app, String text) {
        sent.add(text);
        waiting.put(MessageId.of(1_800_000_000_000L, 3, sent.size()), new Sent(app, text));
        deliver();
    }

    // What was not acked goes on the line that the endpoint was bound on last; what was put off goes again.
    private void deliver() {
        platform.lines.drainTo(lines);
        for (TestPlatform.Line line : lines) {
            waiting.keySet().removeAll(line.stored);
        }
        for (Map.Entry<Long, Sent> one : waiting.entrySet()) {
            Sent message = one.getValue();
            long endpoint = platform.endpoints.getOrDefault(message.app, 0L);
            TestPlatform.Line line = lineOf(endpoint);
            if (line == null || (line == message.by && !line.deferred.contains(one.getKey()))) {
                continue;
            }
            try {
                line.push(endpoint, message.app, one.getKey(), message.text);
                message.by = line;
            } catch (IOException gone) {
                line.over = true;
            }
        }
    }

    private TestPlatform.@Nullable Line lineOf(long endpoint) {
        TestPlatform.Line newest = null;
        long highest = 0;
        for (TestPlatform.Line line : lines) {
            long seq = line.over ? 0 : line.bound.getOrDefault(endpoint, 0L);
            if (seq > highest) {
                highest = seq;
                newest = line;
            }
        }
        return newest;
    }

    /** Whether one connection serves both; that app holds it. */
    private boolean isServedBy(int holder, int guest) {
        platform.lines.drainTo(lines);
        TestPlatform.Line line = lineOf(platform.endpoints.getOrDefault(holder, 0L));
        return line != null && line == lineOf(platform.endpoints.getOrDefault(guest, 0L));
    }

    // The main thread, which is the test's, tells of bindings.
    private void until(Callable<Boolean> condition) {
        await().pollInSameThread().pollInterval(Duration.ofMillis(50)).atMost(LONG).until(() -> {
            Shadows.shadowOf(Looper.getMainLooper()).idle();
            deliver();
            return condition.call();
        });
    }

    /** One of the two, in a process of its own as far as the other can tell. */
    private final class OneApp implements ConnectionListener, Group.Facts {
        final List<String> shown = new CopyOnWriteArrayList<>();
        final List<String> problems = new CopyOnWriteArrayList<>();
        final LongwireApp app;
        private final CurrentList list = Members.list("com.shop.mail", 7, "com.shop.chat", 8);
        volatile boolean lives;
        private final String name;
        private final int uid;
        private final LongwireClient client;
        private final ExecutorService work = Executors.newSingleThreadExecutor();
        private volatile @Nullable ConnectionStatus status;
        private volatile @Nullable Group group;
        private volatile @Nullable IBinder service; // as the other finds it; null = it does not run
        private volatile @Nullable ServiceConnection binding; // to the other

        OneApp(String name, int appId, int uid) {
            this.name = name;
            this.uid = uid;
            client = LongwireClient.builder(new File(TestPhone.app().getFilesDir(), name)).dispatcher(platform.url())
                    .sync(false).foreground(true).askAgainAfterMillis(100).listener(this).build();
            app = client.addApp("ak_" + appId + "_000102030405060708090a0b0c0d0e0f", message -> {
                shown.add(new String(message.payload(), StandardCharsets.UTF_8));
                return Receipt.DONE;
            });
            Members.install(name, uid, Members.GOOD);
        }

        Group group() {
            Group known = group;
            if (known == null) {
                throw new AssertionError(name + " has not started");
            }
            return known;
        }

        /** Runs from now on; the other can bind to it. */
        void starts(OneApp other) {
            Group made = new Group(new ContextWrapper(TestPhone.app()) {
                @Override
                public String getPackageName() { return name; }

                @Override
                public boolean bindService(Intent to, ServiceConnection by, int how) {
                    binding = by;
                    other.tell(OneApp.this);
                    return true; // its service will be told of, once it runs
                }

                @Override
                public void unbindService(ServiceConnection by) {
                    binding = null;
                }
            }, list, client.sharing(), work, this, new EpochFile(new File(TestPhone.app().getFilesDir(), name)),
                    Remote::calling);
            PushHost offered = (PushHost) Objects
                    .requireNonNull(Robolectric.buildService(HostService.class).get().onBind(new Intent()));
            service = new Remote(new Gate(offered, uid, other.uid), other.uid);
            group = made;
            client.start();
            tell(other);
            made.refresh();
        }

        // The system tells who is bound to it that it runs, on the main thread.
        private void tell(OneApp other) {
            new Handler(Looper.getMainLooper()).post(() -> {
                ServiceConnection waits = other.binding;
                IBinder runs = service;
                if (waits != null && runs != null) {
                    waits.onServiceConnected(new ComponentName(name, HostService.class.getName()), runs);
                }
            });
        }

        boolean isGuest() {
            ConnectionStatus known = status;
            return known != null && known.isGuest();
        }

        /** The dispatcher has given it this list. */
        void takes(byte[] signed) {
            client.sharing().loop().execute(() -> {
                try {
                    list.take(signed);
                } catch (InvalidShareListException | IOException broken) {
                    problems.add("list: " + broken.getMessage());
                }
            });
        }

        void online() {
            group().online();
        }

        void stop() {
            Group known = group;
            if (known != null) {
                known.end();
            }
            client.stop();
            work.shutdown();
        }

        @Override
        public void onStatus(ConnectionStatus now) {
            status = now;
            Group known = group;
            if (now.state() == ConnectionStatus.State.ONLINE && known != null) {
                known.online();
            }
        }

        @Override
        public Peer own() {
            return new Peer(name, 1, lives, 20, client.sharing().hostEndpoint() != 0, 1_000, uid);
        }

        @Override
        public void onLodging(boolean is) {
            // Alarms are another's matter.
        }

        @Override
        public void onProblem(String what) {
            problems.add(what);
        }
    }

    /** The border between two processes: what is handed over in a call is an object of another process as well. */
    private static final class Gate extends PushHost.Stub {
        private final PushHost host;
        private final int hostUid;
        private final int guestUid;

        Gate(PushHost host, int hostUid, int guestUid) {
            this.host = host;
            this.hostUid = hostUid;
            this.guestUid = guestUid;
        }

        @Override
        public int version() throws RemoteException {
            return host.version();
        }

        @Override
        public Bundle hello(Bundle me) throws RemoteException {
            return host.hello(me);
        }

        @Override
        public Bundle handover(Bundle step) throws RemoteException {
            return host.handover(step);
        }

        @Override
        @SuppressWarnings("NullAway") // what aidl makes says nothing of null
        public @Nullable PushLine open(PushGuest back, Bundle me) throws RemoteException {
            PushLine line = host.open(PushGuest.Stub.asInterface(new Remote(back.asBinder(), hostUid)), me);
            return line == null ? null : PushLine.Stub.asInterface(new Remote(line.asBinder(), guestUid));
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
