package io.longwire.sdk.android;

import android.app.Notification;
import android.content.Context;
import io.longwire.sdk.ConnectionListener;
import io.longwire.sdk.LongwireApp;
import io.longwire.sdk.LongwireException;
import io.longwire.sdk.Message;
import io.longwire.sdk.MessageListener;
import io.longwire.sdk.android.config.Settings;
import io.longwire.sdk.android.service.PhoneRuntime;
import io.longwire.sdk.android.system.Mode;
import io.longwire.sdk.seal.PayloadCipher;

/**
 * Push messages for this app. Two entries in the manifest, one call in the app's {@code Application}:
 *
 * <pre>
 * public final class MyApp extends Application {
 *     &#64;Override
 *     public void onCreate() {
 *         super.onCreate();
 *         Longwire.start(this, message -&gt; {
 *             show(message);
 *             return Receipt.DONE;
 *         });
 *     }
 * }
 * </pre>
 *
 * There, and nowhere else: Android starts the process for many reasons, after a restart of the phone for one, and the
 * {@code Application} alone is made each time. What was accepted by the platform is stored here before it is
 * acknowledged, and given to the listener once. Any thread may call; nothing blocks but {@link #app}.
 */
public final class Longwire {
    private Longwire() {
    }

    /**
     * Connects, and stays connected as well as the phone allows; see {@link #isReachable}. Returns at once; a second
     * call does nothing.
     *
     * @param messages takes the messages, on a thread of its own, one at a time
     * @throws LongwireException the manifest lacks something, or it is not what it must be
     */
    public static void start(Context context, MessageListener messages) {
        start(context, messages, new ConnectionListener() {
        });
    }

    /** As {@link #start(Context, MessageListener)}; {@code connection} hears what the connection does. */
    public static void start(Context context, MessageListener messages, ConnectionListener connection) {
        PhoneRuntime.start(context, Settings.read(context), messages, connection, null);
    }

    /**
     * As above, for an app whose backend seals payloads, so that nobody on their way can read them. It is needed to
     * share a connection with apps that others have signed.
     *
     * @param cipher opens them; that of {@code longwire-sdk-tink} wants Android 6
     */
    public static void start(Context context, MessageListener messages, ConnectionListener connection,
            PayloadCipher cipher) {
        PhoneRuntime.start(context, Settings.read(context), messages, connection, cipher);
    }

    /**
     * The app on the connection: its endpoint, aliases, tags, topics, what it sends. Right after {@link #start} it
     * waits until the files are open, which takes milliseconds; on the main thread 4 s at most, on others 30 s. Who
     * must not wait at all is given the app by {@link ConnectionListener#onEndpoint}.
     *
     * @throws LongwireException before {@link #start} and after {@link #stop}; or the files could not be opened, or
     *         were not in that time
     */
    public static LongwireApp app() {
        PhoneRuntime runtime = runtime();
        try {
            return runtime.app();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LongwireException("app: interrupted (expected: the files open)", e);
        }
    }

    /**
     * Whether messages reach the app while nobody looks at it. If not, the user may take it out of battery
     * optimisation, or the app ask for a service in the foreground; docs/android.md tells how.
     */
    public static boolean isReachable() {
        Mode mode = runtime().mode();
        return mode == Mode.LIVE_EXACT || mode == Mode.LIVE_INEXACT;
    }

    /**
     * Shows the message as this notification, in place of the one it replaces. Tag and number are made of the message's
     * id: one that comes again, because the process ended while it was shown, takes its own place.
     */
    public static void show(Context context, Message message, Notification notification) {
        MessageNotifications.show(context, message, notification);
    }

    /**
     * Takes a message's notification away: it was revoked, or read elsewhere.
     *
     * @throws LongwireException no such id can exist
     */
    public static void withdraw(Context context, String messageId) {
        MessageNotifications.cancel(context, messageId);
    }

    /** Leaves, and stays away until the next {@link #start}. What is sent meanwhile waits at the platform. */
    public static void stop() {
        PhoneRuntime.stop();
    }

    private static PhoneRuntime runtime() {
        PhoneRuntime runtime = PhoneRuntime.current();
        if (runtime == null) {
            throw new LongwireException("client: not started (expected: Longwire.start in the Application)");
        }
        return runtime;
    }
}
