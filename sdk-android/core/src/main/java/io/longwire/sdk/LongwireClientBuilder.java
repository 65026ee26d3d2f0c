package io.longwire.sdk;

import io.longwire.device.v1.ClientState;
import io.longwire.device.v1.Connect;
import io.longwire.device.v1.NetType;
import io.longwire.sdk.loop.Loop;
import io.longwire.sdk.loop.SdkClock;
import io.longwire.sdk.loop.ThreadLoop;
import io.longwire.sdk.loop.Wakeups;
import io.longwire.sdk.loop.WakingLoop;
import io.longwire.sdk.phone.PhoneSettings;
import io.longwire.sdk.seal.PayloadCipher;
import io.longwire.sdk.store.PhoneStore;
import io.longwire.sdk.transport.BootstrapList;
import io.longwire.sdk.transport.RoomTls;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Describes a phone; see {@link LongwireClient#builder}. Not for several threads. */
public final class LongwireClientBuilder {
    private static final int PIN_BYTES = 32;
    private static final int LABEL_CHARS = 64;

    private final File directory;
    private final List<String> dispatchers = new ArrayList<>();
    private final List<X509Certificate> authorities = new ArrayList<>();
    private final List<byte[]> pins = new ArrayList<>();
    private final Connect.Builder greeting = Connect.newBuilder();
    private ConnectionListener listener = new ConnectionListener() {
    };
    private boolean sync = true;
    private boolean foreground;
    private boolean tlsOnly;
    private int appVersion;
    private long pingTimeoutMillis;
    private long askAgainCapMillis;
    private BootstrapList bootstrap = BootstrapList.empty();
    private @Nullable RoomTls tls;
    private SdkClock clock = SdkClock.system();
    private SdkClock awake = SdkClock.system();
    private @Nullable Wakeups wakeups;
    private @Nullable PayloadCipher payloadCipher;

    LongwireClientBuilder(File directory) {
        this.directory = directory;
        greeting.setOs(label(System.getProperty("os.name", "java"))).setModel("jvm").setNet(NetType.NET_ETHERNET);
        locale(Locale.getDefault());
    }

    /** An address of the dispatcher, {@code https://...}; at least one, the others are used when it does not answer. */
    public LongwireClientBuilder dispatcher(String url) {
        if (!url.startsWith("http://") && !url.startsWith("https://")) {
            throw new LongwireException("dispatcher: " + url + " (expected: http:// or https://)");
        }
        dispatchers.add(url.endsWith("/") ? url.substring(0, url.length() - 1) : url);
        return this;
    }

    /** Hears what the connection does. */
    public LongwireClientBuilder listener(ConnectionListener hears) {
        listener = hears;
        return this;
    }

    /** Trusts these authorities in place of the platform's: PEM or DER certificates. */
    public LongwireClientBuilder trust(InputStream certificates) {
        try {
            for (Certificate one : CertificateFactory.getInstance("X.509").generateCertificates(certificates)) {
                authorities.add((X509Certificate) one);
            }
            return this;
        } catch (GeneralSecurityException broken) {
            throw new LongwireException("trust: " + broken.getMessage() + " (expected: X.509 certificates)", broken);
        }
    }

    /** Trusts servers with this key, whatever their name: SHA-256 of the SubjectPublicKeyInfo. May be repeated. */
    public LongwireClientBuilder pin(byte[] sha256) {
        if (sha256.length != PIN_BYTES) {
            throw new LongwireException("pin: " + sha256.length + " bytes (expected: " + PIN_BYTES + ")");
        }
        pins.add(sha256.clone());
        return this;
    }

    /** Whether rooms without TLS are passed over; false at first, for plain loopback rooms. */
    public LongwireClientBuilder tlsOnly(boolean only) {
        tlsOnly = only;
        return this;
    }

    /** Whether the user looks at an app at the start; false at first. It shortens the waits, see ReconnectPolicy. */
    public LongwireClientBuilder foreground(boolean looks) {
        foreground = looks;
        return this;
    }

    /** Whether files are forced to the disk before an ack; true at first. Without it a power cut may lose messages. */
    public LongwireClientBuilder sync(boolean force) {
        sync = force;
        return this;
    }

    /** The version of the app that holds the connection. */
    public LongwireClientBuilder appVersion(int version) {
        appVersion = version;
        return this;
    }

    /** What the phone is: os and model, at most 64 characters each. */
    public LongwireClientBuilder device(String os, int osVersion, String model) {
        greeting.setOs(label(os)).setOsVersion(osVersion).setModel(label(model));
        return this;
    }

    /** What the user speaks and where, which audiences may ask for; the process's own at first. */
    public LongwireClientBuilder locale(Locale locale) {
        greeting.setLanguage(label(locale.getLanguage())).setRegion(label(locale.getCountry()));
        return this;
    }

    /** How long the answer to a ping may take, milliseconds; 0, as at first, goes by the round trips measured. */
    public LongwireClientBuilder pingTimeoutMillis(long millis) {
        pingTimeoutMillis = Math.max(0, millis);
        return this;
    }

    /** The longest pause between two questions to the dispatcher, milliseconds; 0, as at first, is as it says. */
    public LongwireClientBuilder askAgainAfterMillis(long millis) {
        askAgainCapMillis = Math.max(0, millis);
        return this;
    }

    /** The time to go by, where the process's own stands still while the phone sleeps. */
    public LongwireClientBuilder clock(SdkClock goesBy) {
        clock = goesBy;
        return this;
    }

    /**
     * Has the apps' payloads opened that their backends have sealed, so that nobody on the way can read them; each app
     * makes a key of its own. Without it sealed messages fail, and nobody can seal.
     */
    public LongwireClientBuilder payloadCipher(PayloadCipher cipher) {
        payloadCipher = cipher;
        return this;
    }

    /** Has the phone woken for what is due; without it nothing is due while the phone sleeps. */
    public LongwireClientBuilder wakeups(Wakeups wakes) {
        wakeups = wakes;
        return this;
    }

    /**
     * Rooms the app carries with it, for the day no dispatcher answers and no room is remembered; their form stands at
     * {@link BootstrapList}.
     *
     * @param key of P-256 or Ed25519, which the list is signed with
     * @throws LongwireException it is no such list, or not signed by this key
     */
    public LongwireClientBuilder bootstrap(byte[] signedList, PublicKey key) {
        try {
            bootstrap = BootstrapList.read(signedList, key);
            return this;
        } catch (GeneralSecurityException bad) {
            throw new LongwireException(String.valueOf(bad.getMessage()), bad);
        }
    }

    /**
     * Opens the files of the phone; nothing is connected before {@link LongwireClient#start}.
     *
     * @throws LongwireException no dispatcher, certificates and pins at once, or files that another client has open
     */
    public LongwireClient build() {
        if (dispatchers.isEmpty()) {
            throw new LongwireException("dispatcher: none (expected: at least one)");
        }
        if (!authorities.isEmpty() && !pins.isEmpty()) {
            throw new LongwireException("trust: certificates and pins (expected: one of the two)");
        }
        try {
            tls = !pins.isEmpty()
                    ? RoomTls.ofPins(pins)
                    : authorities.isEmpty() ? RoomTls.ofPlatform() : RoomTls.ofAuthorities(authorities);
            return new LongwireClient(this, PhoneStore.open(directory, sync));
        } catch (GeneralSecurityException broken) {
            throw new LongwireException("tls: " + broken.getMessage() + " (expected: usable certificates)", broken);
        } catch (IOException broken) {
            throw new LongwireException(String.valueOf(broken.getMessage()), broken);
        }
    }

    /** The clock that tells a freeze; for tests. */
    LongwireClientBuilder awake(SdkClock standsInSleep) {
        awake = standsInSleep;
        return this;
    }

    SdkClock awake() {
        return awake;
    }

    List<String> dispatchers() {
        return dispatchers;
    }

    ConnectionListener listener() {
        return listener;
    }

    SdkClock clock() {
        return clock;
    }

    @Nullable
    PayloadCipher payloadCipher() {
        return payloadCipher;
    }

    /** The loop on this thread, going on in the phone's sleep where it can. */
    Loop loop(ThreadLoop thread) {
        return wakeups == null ? thread : new WakingLoop(thread, wakeups);
    }

    RoomTls tls() {
        RoomTls made = tls;
        if (made == null) {
            throw new IllegalStateException("tls: none (expected: build was called)");
        }
        return made;
    }

    PhoneSettings settings() {
        greeting.setState(foreground ? ClientState.STATE_FOREGROUND : ClientState.STATE_BACKGROUND);
        return new PhoneSettings(greeting.build(), appVersion, foreground, tlsOnly, pingTimeoutMillis,
                askAgainCapMillis, bootstrap);
    }

    private static String label(String text) {
        return text.length() <= LABEL_CHARS ? text : text.substring(0, LABEL_CHARS);
    }
}
