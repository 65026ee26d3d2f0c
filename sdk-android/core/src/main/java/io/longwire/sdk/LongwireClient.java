package io.longwire.sdk;

import io.longwire.device.id.AppKey;
import io.longwire.device.id.InvalidIdException;
import io.longwire.device.id.MessageId;
import io.longwire.sdk.dispatcher.HttpDispatcher;
import io.longwire.sdk.loop.DaemonThreads;
import io.longwire.sdk.loop.FreezeWatch;
import io.longwire.sdk.loop.Loop;
import io.longwire.sdk.loop.SdkClock;
import io.longwire.sdk.loop.ThreadLoop;
import io.longwire.sdk.phone.App;
import io.longwire.sdk.phone.AppInbox;
import io.longwire.sdk.phone.Phone;
import io.longwire.sdk.policy.Network;
import io.longwire.sdk.seal.PayloadCipher;
import io.longwire.sdk.share.CurrentList;
import io.longwire.sdk.share.InvalidShareListException;
import io.longwire.sdk.share.Lodging;
import io.longwire.sdk.share.Sharing;
import io.longwire.sdk.store.AppStore;
import io.longwire.sdk.store.MessageLog;
import io.longwire.sdk.store.PhoneStore;
import io.longwire.sdk.transport.SocketDialer;
import java.io.File;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One phone: the apps on it, and the one connection they share.
 *
 * <pre>
 * LongwireClient phone = LongwireClient.builder(new File("phone-1")).dispatcher("http://127.0.0.1:8081").build();
 * LongwireApp app = phone.addApp("ak_7_...", message -&gt; {
 *     show(message);
 *     return Receipt.DONE;
 * });
 * phone.start();
 * </pre>
 *
 * What was accepted by the platform is stored here before it is acknowledged, and given to its app once. The client
 * keeps itself connected until {@link #stop}; nothing it meets on the way, a hostile server, a full disk, an app's bug,
 * ends it. Its threads are daemons: one loop, two per socket, one per app with something to show. Any thread may call
 * it; nothing blocks but {@link #stop} and the {@code await} methods.
 */
public final class LongwireClient implements AutoCloseable {
    private static final long STOP_MILLIS = 3_000;
    /** What a working network needs for the last acks; what is not sent is redelivered, and not shown again. */
    private static final long LINGER_MILLIS = 250;
    private static final int APP_THREAD_SECONDS = 30;
    private static final int CAPABILITIES = 4;

    private final ThreadLoop loopThread;
    private final Loop loop;
    private final SocketDialer dialer;
    private final ThreadPoolExecutor blocking;
    private final PhoneStore store;
    private final Phone phone;
    private final Announcer announcer;
    private final Sharing sharing;
    private final @Nullable PayloadCipher cipher;

    private final Object lock = new Object();
    private final Map<Integer, LongwireApp> apps = new HashMap<>(); // lock
    private final Map<Integer, ThreadPoolExecutor> appThreads = new HashMap<>(); // lock
    private boolean stopped; // lock

    /** Something to do with the phone, on its loop. */
    interface Task {
        void run(Phone phone);
    }

    /** Gives an app's messages to its listener. */
    private static final class Listening implements AppInbox.Handler {
        private final LongwireApp app;
        private final MessageListener listener;

        Listening(LongwireApp app, MessageListener listener) {
            this.app = app;
            this.listener = listener;
        }

        @Override
        public boolean onMessage(MessageLog.Stored one, boolean again) throws Exception {
            String endpoint = app.endpoint();
            Message message = new Message(one.push(), one.earlier(), endpoint == null ? "" : endpoint, again);
            return listener.onMessage(message) != Receipt.NOT_RUNNING;
        }

        @Override
        public void onRevoked(long messageId) throws Exception {
            listener.onRevoked(MessageId.text(messageId));
        }
    }

    LongwireClient(LongwireClientBuilder parts, PhoneStore store) {
        this.store = store;
        cipher = parts.payloadCipher();
        announcer = new Announcer(parts.listener());
        loopThread = new ThreadLoop("longwire", parts.clock(), (thread, bug) -> announcer.onProblem("bug: " + bug
                + " (expected: never; the client goes on)"));
        loop = parts.loop(loopThread);
        dialer = new SocketDialer(loop, parts.tls());
        blocking = singleThread("longwire-dispatcher");
        HttpDispatcher dispatcher = new HttpDispatcher(parts.dispatchers(), parts.tls().sockets(),
                parts.tls().namesMatter() ? null : (name, session) -> true, parts.settings().tlsOnly());
        Lodging lodging = new Lodging(loop, dialer);
        phone = new Phone(loop, lodging, dispatcher, blocking, store, parts.settings(), announcer);
        lodging.asks(phone::isSealable);
        sharing = new Sharing(loop, phone.guests(), lodging, phone::move);
        watchForFreezes(parts.awake());
    }

    private void watchForFreezes(SdkClock awake) {
        FreezeWatch watch = new FreezeWatch(loopThread, awake, new FreezeWatch.Watched() {
            @Override
            public boolean isThere() { return phone.isConnected(); }

            @Override
            public void onFreeze() {
                phone.woke();
            }
        });
        loopThread.beforeEach(watch::look);
        announcer.onOnline(watch::begin);
    }

    /**
     * Begins to describe a phone.
     *
     * @param directory where it keeps what outlives the process; one client at a time
     */
    public static LongwireClientBuilder builder(File directory) {
        return new LongwireClientBuilder(directory);
    }

    /**
     * Adds an app; at any time. The first app that is registered holds the connection, the others come along on it by
     * delegation, without showing it their credentials.
     *
     * @param appKey the public key of the app, {@code ak_7_...}
     * @throws LongwireException no such key can exist, the app is there already, its files cannot be opened, or the
     *         client was stopped
     */
    public LongwireApp addApp(String appKey, MessageListener listener) {
        return addApp(appKey, "", listener);
    }

    /**
     * Adds an app that tells the platform its package.
     *
     * @param packageName at most 255 characters; empty = none
     */
    public LongwireApp addApp(String appKey, String packageName, MessageListener listener) {
        int appId = appId(appKey);
        synchronized (lock) {
            if (stopped || apps.containsKey(appId)) {
                throw new LongwireException("app: " + appKey + (stopped
                        ? " (expected: before stop)"
                        : " is there already (expected: each app once)"));
            }
            LongwireApp app = new LongwireApp(this, appId);
            AppStore files = open(appId);
            ThreadPoolExecutor appThread = singleThread("longwire-app-" + (appId & 0xFFFFFFFFL));
            AppInbox.Handler handler = new Listening(app, listener);
            announcer.add(app);
            apps.put(appId, app);
            appThreads.put(appId, appThread);
            loop.execute(() -> app.attach(phone.add(appKey, packageName, files, appThread, handler)));
            return app;
        }
    }

    /** Connects, and stays connected. */
    public void start() {
        onLoop(Phone::start);
    }

    /**
     * Tells whether the user looks at an app of this phone. Waits are shorter then, a dead connection is found, and the
     * room knows it: messages of low priority come at once, which otherwise wait until the phone is heard from.
     */
    public void setForeground(boolean looks) {
        onLoop(known -> known.foreground(looks));
    }

    /**
     * Tells how well the phone can be woken for what comes, each time that changes; the room hears it. Until it is told
     * the client takes it that its timers are on time.
     *
     * @param capability 1 = on time, 2 = late while the phone sleeps, 3 = while the user looks, 4 = by others only
     * @throws LongwireException another number
     */
    public void setCapability(int capability) {
        if (capability < 1 || capability > CAPABILITIES) {
            throw new LongwireException("capability: " + capability + " (expected: 1 to " + CAPABILITIES + ")");
        }
        onLoop(known -> known.capability(capability));
    }

    /** How apps in processes of their own share one connection; for what knows the system they run on. */
    public Sharing sharing() {
        return sharing;
    }

    /**
     * The list of those who share the connection: that of the app, or a newer one that was kept; from now on the
     * dispatcher is asked for newer ones, about once a week, when the radio is awake anyway. Touches the disk; once,
     * before {@link #start}.
     *
     * @param builtIn the list that came with the app
     * @param key the operator's public key, X.509
     * @throws InvalidShareListException what came with the app is none, or not the group's; its end is not looked at
     * @throws LongwireException the file of the kept one cannot be read
     */
    public CurrentList shareList(byte[] builtIn, byte[] key, String group) throws InvalidShareListException {
        try {
            CurrentList list = CurrentList.open(store.listFile(), builtIn, key, group, phone.time());
            onLoop(known -> known.renew(list));
            return list;
        } catch (IOException broken) {
            throw new LongwireException("store: " + broken.getMessage(), broken);
        }
    }

    /**
     * Tells what the phone is connected by, each time that changes; until it is told the client takes it that there is
     * a network that works. {@link Network#NONE} stops all tries and timers; another network is tried at once, and the
     * connection over the old one is left when the new one stands.
     */
    public void setNetwork(Network network) {
        onLoop(known -> known.network(network));
    }

    /**
     * Tells that the process stood still, or may have: for who knows it sooner than the client, or of a shorter stop.
     * The connection is asked for a sign of life, unless it gave one in the last ten seconds. A process that stood
     * still for 12 s is noticed without it ({@link FreezeWatch}); an alarm needs no such call either: what was due is
     * done, and a ping that goes out late knows it by the clock.
     */
    public void woke() {
        onLoop(Phone::woke);
    }

    /** Acknowledges what was stored, leaves the room, closes the files. Waits at most 3 s; there is no way back. */
    public void stop() {
        synchronized (lock) {
            if (stopped) {
                return;
            }
            stopped = true;
        }
        CountDownLatch left = new CountDownLatch(1);
        loop.execute(() -> {
            long linger = announcer.isOnline() ? LINGER_MILLIS : 0;
            phone.stop();
            loop.after(linger, left::countDown);
        });
        try {
            if (!left.await(STOP_MILLIS, TimeUnit.MILLISECONDS)) {
                announcer.onProblem("stop: not done in " + STOP_MILLIS + " ms (expected: less)");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        dialer.close();
        blocking.shutdownNow();
        loopThread.close(STOP_MILLIS);
        announcer.close();
    }

    /** The same as {@link #stop}. */
    @Override
    public void close() {
        stop();
    }

    void remove(LongwireApp app) {
        synchronized (lock) {
            if (apps.get(app.appId()) != app) {
                return;
            }
            apps.remove(app.appId());
            ThreadPoolExecutor thread = appThreads.remove(app.appId());
            announcer.remove(app);
            loop.execute(() -> {
                App known = app.attached();
                if (known != null) {
                    phone.remove(known);
                }
                if (thread != null) {
                    thread.shutdown();
                }
            });
        }
        app.bound(false);
    }

    /** Returns false when the client was stopped; what was taken before runs before the end. */
    boolean onLoop(Task task) {
        synchronized (lock) {
            if (!stopped) {
                loop.execute(() -> task.run(phone));
            }
            return !stopped;
        }
    }

    /** Runs it where the listener is called. */
    void tellResult(Runnable call) {
        announcer.tellResult(call);
    }

    long elapsedMillis() {
        return loop.clock().elapsedMillis();
    }

    private AppStore open(int appId) {
        try {
            AppStore files = store.app(appId);
            PayloadCipher opens = cipher;
            if (opens != null) {
                use(files, opens);
            }
            return files;
        } catch (IOException broken) {
            throw new LongwireException("store: " + broken.getMessage(), broken);
        } catch (GeneralSecurityException broken) {
            throw new LongwireException("payload cipher: " + broken.getMessage() + " (expected: one that works here)",
                    broken);
        }
    }

    private static void use(AppStore files, PayloadCipher opens) throws IOException, GeneralSecurityException {
        boolean well = false;
        try {
            files.use(opens);
            well = true;
        } finally {
            if (!well) {
                files.close();
            }
        }
    }

    private static int appId(String appKey) {
        try {
            return AppKey.parse(appKey).appId();
        } catch (InvalidIdException bad) {
            throw new LongwireException(String.valueOf(bad.getMessage()), bad);
        }
    }

    private static ThreadPoolExecutor singleThread(String name) {
        ThreadPoolExecutor thread = new ThreadPoolExecutor(1, 1, APP_THREAD_SECONDS, TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(), new DaemonThreads(name));
        thread.allowCoreThreadTimeOut(true);
        return thread;
    }
}
