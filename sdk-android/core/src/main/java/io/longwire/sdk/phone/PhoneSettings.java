package io.longwire.sdk.phone;

import io.longwire.device.v1.Connect;
import io.longwire.sdk.transport.BootstrapList;

/** What the owner of the phone decided. Immutable. */
public final class PhoneSettings {
    private final Connect greeting;
    private final int appVersion;
    private final boolean foreground;
    private final boolean tlsOnly;
    private final long pingTimeoutMillis;
    private final long askAgainCapMillis;
    private final BootstrapList bootstrap;

    /**
     * @param greeting what CONNECT says of the phone: os, model, language, network; without bindings
     * @param foreground whether the user looks at the phone at the start
     * @param tlsOnly whether rooms without TLS are passed over
     * @param pingTimeoutMillis how long the answer to a ping may take; 0 = by the measured round trip time
     * @param askAgainCapMillis longest pause between questions to the dispatcher; 0 = as it says
     */
    public PhoneSettings(Connect greeting, int appVersion, boolean foreground, boolean tlsOnly, long pingTimeoutMillis,
            long askAgainCapMillis) {
        this(greeting, appVersion, foreground, tlsOnly, pingTimeoutMillis, askAgainCapMillis, BootstrapList.empty());
    }

    /**
     * As above.
     *
     * @param bootstrap rooms for the case that no other is known
     */
    public PhoneSettings(Connect greeting, int appVersion, boolean foreground, boolean tlsOnly, long pingTimeoutMillis,
            long askAgainCapMillis, BootstrapList bootstrap) {
        this.greeting = greeting;
        this.appVersion = appVersion;
        this.foreground = foreground;
        this.tlsOnly = tlsOnly;
        this.pingTimeoutMillis = pingTimeoutMillis;
        this.askAgainCapMillis = askAgainCapMillis;
        this.bootstrap = bootstrap;
    }

    BootstrapList bootstrap() {
        return bootstrap;
    }

    Connect greeting() {
        return greeting;
    }

    int appVersion() {
        return appVersion;
    }

    boolean foreground() {
        return foreground;
    }

    public boolean tlsOnly() {
        return tlsOnly;
    }

    long pingTimeoutMillis() {
        return pingTimeoutMillis;
    }

    long askAgainCapMillis() {
        return askAgainCapMillis;
    }
}
