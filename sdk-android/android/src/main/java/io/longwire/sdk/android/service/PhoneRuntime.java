package io.longwire.sdk.android.service;

import android.content.Context;
import android.os.Build;
import android.os.Looper;
import io.longwire.sdk.ConnectionListener;
import io.longwire.sdk.LongwireApp;
import io.longwire.sdk.LongwireClient;
import io.longwire.sdk.LongwireClientBuilder;
import io.longwire.sdk.LongwireException;
import io.longwire.sdk.MessageListener;
import io.longwire.sdk.android.config.Settings;
import io.longwire.sdk.android.network.NetworkState;
import io.longwire.sdk.android.network.NetworkWatch;
import io.longwire.sdk.android.share.EpochFile;
import io.longwire.sdk.android.share.Group;
import io.longwire.sdk.android.system.Mode;
import io.longwire.sdk.android.system.Rights;
import io.longwire.sdk.android.wake.Alarms;
import io.longwire.sdk.android.wake.ElapsedClock;
import io.longwire.sdk.loop.DaemonThreads;
import io.longwire.sdk.policy.Network;
import io.longwire.sdk.seal.PayloadCipher;
import io.longwire.sdk.share.CurrentList;
import io.longwire.sdk.share.InvalidShareListException;
import java.io.File;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.spec.X509EncodedKeySpec;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The client of one process, and what the system tells it: whether the user looks, which network there is, what is
 * granted. Everything that touches a disk happens on a thread of its own, one after the other, so that the main thread
 * never waits. Any thread.
 */
public final class PhoneRuntime {
    private static final int THREAD_SECONDS = 10;
    /** The system offers to end an app whose main thread has not answered the user for 5 s. */
    private static final long MAIN_WAIT_MILLIS = 4_000;
    private static final long WAIT_MILLIS = 30_000;
    /** One for all that come after each other, so that the next opens the files when the last has closed them. */
    private static final ThreadPoolExecutor WORK = thread("longwire-work");

    private static @Nullable PhoneRuntime current; // class; the system makes services and receivers: they look here

    private final Context context;
    private final Settings settings;
    private final MessageListener messages;
    private final ConnectionListener listener;
    private final @Nullable PayloadCipher cipher;
    private final Alarms alarms;
    private final NetworkWatch networks;
    private final ForegroundWatch looks;
    private final CountDownLatch opened = new CountDownLatch(1);

    private volatile @Nullable PackageWatch packages; // work
    private volatile @Nullable Group group; // work
    private volatile Network network = Network.UNTOLD;
    private volatile boolean serviceInForeground;
    private volatile @Nullable LongwireClient client; // work; set before opened
    private volatile @Nullable LongwireApp app; // work; set before opened
    private volatile @Nullable RuntimeException failure; // work; set before opened

    private PhoneRuntime(Context context, Settings settings, MessageListener messages, ConnectionListener listener,
            @Nullable PayloadCipher cipher) {
        this.context = context;
        this.settings = settings;
        this.messages = messages;
        this.cipher = cipher;
        this.listener = new OneAtATime(listener, this::onOnline);
        alarms = Alarms.open(context, ElapsedClock.INSTANCE);
        networks = new NetworkWatch(context, this::onNetwork);
        looks = new ForegroundWatch(this::onLooks);
    }

    /**
     * Starts the client of this process.
     *
     * @param cipher opens sealed payloads; null = nobody seals
     * @return false when it runs already
     */
    public static synchronized boolean start(Context context, Settings settings, MessageListener messages,
            ConnectionListener listener, @Nullable PayloadCipher cipher) {
        if (current != null) {
            return false;
        }
        Context whole = context.getApplicationContext();
        PhoneRuntime runtime = new PhoneRuntime(whole == null ? context : whole, settings, messages, listener,
                cipher);
        current = runtime;
        runtime.begin();
        return true;
    }

    /** That of this process; null before {@link #start}. */
    public static synchronized @Nullable PhoneRuntime current() {
        return current;
    }

    /** Ends the client of this process; returns at once. It may be started anew. */
    public static synchronized void stop() {
        PhoneRuntime runtime = current;
        current = null;
        if (runtime != null) {
            runtime.end();
        }
    }

    /**
     * The app, as soon as its files are open: waits at most 4 s on the main thread, 30 s on any other.
     *
     * @throws LongwireException they could not be opened, or were not by then
     */
    public LongwireApp app() throws InterruptedException {
        boolean main = Looper.getMainLooper().equals(Looper.myLooper());
        return app(main ? MAIN_WAIT_MILLIS : WAIT_MILLIS);
    }

    LongwireApp app(long mostMillis) throws InterruptedException {
        if (!opened.await(mostMillis, TimeUnit.MILLISECONDS)) {
            throw new LongwireException("app: its files are not open after " + mostMillis + " ms (expected: open; who"
                    + " must not wait takes the app from ConnectionListener.onEndpoint)");
        }
        RuntimeException why = failure;
        LongwireApp known = app;
        if (known == null) {
            throw new LongwireException("client: " + (why == null ? "stopped" : why.getMessage())
                    + " (expected: usable files and settings)", why);
        }
        return known;
    }

    /** What rights the app has, and how well it can be reached therefore. */
    public Mode mode() {
        return Mode.of(Rights.read(context, serviceInForeground));
    }

    void problem(String what) {
        listener.onProblem(what);
    }

    Settings settings() {
        return settings;
    }

    /** The service is, or is no longer, in the foreground. */
    void serviceInForeground(boolean now) {
        serviceInForeground = now;
        SafetyCheck.schedule(context, mode());
        tellMode();
        refreshGroup(); // what lives is the better host
    }

    /** Has the service started, where one is wanted and the system lets us. */
    void startService() {
        if (settings.foreground() && !LongwireService.start(context)) {
            tell("service: not started (expected: FOREGROUND_SERVICE and"
                    + " FOREGROUND_SERVICE_SPECIAL_USE in the manifest, and the app in front or out of battery"
                    + " optimisation); mode " + mode());
        }
        SafetyCheck.schedule(context, mode());
    }

    // Behind what opens the files: a listener that asks for the app, or never returns, keeps nobody from having it.
    private void tell(String problem) {
        WORK.execute(() -> listener.onProblem(problem));
    }

    private void begin() {
        looks.watch(context);
        WORK.execute(this::open);
        networks.start();
        startService();
    }

    private void open() {
        try {
            LongwireClient made = builder().build();
            client = made;
            app = made.addApp(settings.appKey(), context.getPackageName(), messages);
            made.setForeground(looks.isLooking());
            made.setNetwork(network);
            made.setCapability(mode().capability());
            share(made);
            made.start();
        } catch (RuntimeException broken) {
            failure = broken;
            LongwireClient half = client;
            client = null;
            if (half != null) {
                half.stop();
            }
            tell("start: " + broken.getMessage() + " (expected: usable files and settings)");
        } finally {
            opened.countDown();
        }
    }

    // A list that cannot be used leaves the app with a connection of its own; one that is over, until it is renewed.
    private void share(LongwireClient made) {
        if (settings.shareGroup().isEmpty()) {
            return;
        }
        try {
            CurrentList list = made.shareList(settings.shareList(), settings.shareKey(), settings.shareGroup());
            if (!list.isValid()) {
                tell("io.longwire.share_list: its time is over (expected: a newer one, from the build or the"
                        + " dispatcher)");
            }
            Group joined = new Group(context, list, made.sharing(), thread("longwire-group"),
                    new OwnFacts(this, context, made, alarms), new EpochFile(directory()));
            group = joined;
            packages = PackageWatch.start(context, joined::refresh);
            joined.refresh();
        } catch (InvalidShareListException | LongwireException bad) {
            tell("io.longwire.share_list: " + bad.getMessage());
        }
    }

    private void onOnline() {
        Group joined = group;
        if (joined != null) {
            joined.online();
        }
    }

    private void refreshGroup() {
        Group joined = group;
        if (joined != null) {
            joined.refresh();
        }
    }

    private File directory() {
        return new File(context.getNoBackupFilesDir(), "longwire");
    }

    private LongwireClientBuilder builder() {
        LongwireClientBuilder builder = LongwireClient.builder(directory())
                .clock(ElapsedClock.INSTANCE).wakeups(alarms).listener(listener).tlsOnly(!settings.plain())
                .device("android", Build.VERSION.SDK_INT, Build.MODEL).appVersion(AppVersion.of(context));
        for (String url : settings.dispatchers()) {
            builder.dispatcher(url);
        }
        for (byte[] pin : settings.pins()) {
            builder.pin(pin);
        }
        addRooms(builder);
        PayloadCipher opens = cipher;
        return opens == null ? builder : builder.payloadCipher(opens);
    }

    // A list that cannot be used leaves the app with what dispatchers tell.
    private void addRooms(LongwireClientBuilder builder) {
        if (settings.bootstrap().length == 0) {
            return;
        }
        try {
            builder.bootstrap(settings.bootstrap(),
                    KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(settings.bootstrapKey())));
        } catch (GeneralSecurityException | LongwireException bad) {
            tell("io.longwire.bootstrap: " + bad.getMessage());
        }
    }

    private void onLooks(boolean looking) {
        LongwireClient known = client;
        if (known != null) {
            known.setForeground(looking);
        }
        if (looking && !serviceInForeground) {
            startService(); // the system lets an app that is looked at
        }
        tellMode(); // the user may come from the settings
        refreshGroup();
    }

    private void tellMode() {
        LongwireClient known = client;
        if (known != null) {
            known.setCapability(mode().capability());
        }
    }

    private void onNetwork(@Nullable NetworkState state) {
        Network now = state == null
                ? Network.NONE
                : Network.of(state.type(), state.key()).validated(state.validated()).roaming(state.roaming());
        network = now;
        LongwireClient known = client;
        if (known != null) {
            known.setNetwork(now);
        }
    }

    /** The process was frozen, or may have been. */
    void woke() {
        LongwireClient known = client;
        if (known != null) {
            known.woke();
            tellMode();
        }
    }

    private void end() {
        looks.end(context);
        networks.stop();
        LongwireService.stop(context);
        SafetyCheck.cancel(context);
        WORK.execute(() -> {
            PackageWatch watch = packages;
            Group joined = group;
            if (watch != null) {
                watch.end(context);
            }
            if (joined != null) {
                joined.end();
            }
            LongwireClient known = client;
            client = null;
            if (known != null) {
                known.stop();
            }
            alarms.close();
        });
    }

    private static ThreadPoolExecutor thread(String name) {
        ThreadPoolExecutor thread = new ThreadPoolExecutor(1, 1, THREAD_SECONDS, TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(), new DaemonThreads(name));
        thread.allowCoreThreadTimeOut(true);
        return thread;
    }
}
