package io.longwire.sdk.phone;

import io.longwire.device.id.AppKey;
import io.longwire.sdk.loop.Loop;
import io.longwire.sdk.loop.TimerSlot;
import io.longwire.sdk.policy.ServerTime;
import io.longwire.sdk.policy.Traffic;
import io.longwire.sdk.store.AppStore;
import io.longwire.sdk.store.v1.EndpointState;

/** One app of this phone, its endpoint and where it stands. Belongs to the loop. */
public final class App {
    private final String key;
    private final int appId;
    private final String packageName;
    private final AppStore store;
    private final AppInbox inbox;
    private final AppProfile profile;
    private final AppUplinks uplinks;
    private final SealedPayloads payloads;
    private final Traffic traffic;

    /** Whether the endpoint is served by the live connection. */
    boolean bound;
    /** Whether a BIND with it waits for its answer. */
    boolean binding;
    /** Not bound again before, whatever it gets; elapsed milliseconds. */
    long refusedUntil;
    /** Not bound again before, unless with a new credential; elapsed milliseconds. */
    long uselessUntil;
    /** The one retry after EPOCH_OLD was used. */
    boolean epochRetried;
    /** AUTH_UNKNOWN_KEY in a row. */
    int unknownKeys;
    /** The next try to bind, when it has to wait. */
    final TimerSlot bindTimer;
    final Registration registration;

    /** Where the registration of an app stands; {@link Registrar} writes it. */
    static final class Registration {
        boolean asking;
        int failures;
        boolean unreached; // nobody answered the last question
        boolean owed; // a room did not take the credential: another one, whatever its time says
        long hurriedAt = -1;
        long authRenewedAt = -1; // or will be then
        long dueAt; // by the clock that only elapses
        final TimerSlot timer;

        Registration(Loop loop) {
            timer = new TimerSlot(loop);
        }
    }

    App(String key, String packageName, AppStore store, AppInbox inbox, Parts parts) {
        this.bindTimer = new TimerSlot(parts.loop);
        this.registration = new Registration(parts.loop);
        this.profile = new AppProfile(parts, store.wishes());
        this.uplinks = new AppUplinks(parts, store.uplinks());
        this.payloads = new SealedPayloads(store.payloadKey());
        this.traffic = parts.traffic;
        this.key = key;
        this.appId = AppKey.parse(key).appId();
        this.packageName = packageName;
        this.store = store;
        this.inbox = inbox;
    }

    String key() {
        return key;
    }

    /** The number of the app. */
    public int appId() {
        return appId;
    }

    /** Bytes of what came for it. Any thread. */
    public long bytesIn() {
        return traffic.bytesIn(appId);
    }

    /** Bytes of what it has sent. Any thread. */
    public long bytesOut() {
        return traffic.bytesOut(appId);
    }

    String packageName() {
        return packageName;
    }

    AppStore store() {
        return store;
    }

    AppInbox inbox() {
        return inbox;
    }

    AppProfile profile() {
        return profile;
    }

    AppUplinks uplinks() {
        return uplinks;
    }

    SealedPayloads payloads() {
        return payloads;
    }

    /** Whether the platform gives backends the key that this app has. */
    boolean isKeyRegistered() {
        return store.endpoint().getPayloadKey().equals(payloads.key());
    }

    EndpointState endpoint() {
        return store.endpoint();
    }

    long endpointId() {
        return store.endpoint().getEndpointId();
    }

    /** Whether it holds a credential that a room would take. */
    boolean isRegistered(ServerTime time) {
        EndpointState state = store.endpoint();
        return state.getEndpointId() != 0 && !state.getCredential().isEmpty()
                && state.getExpiresMs() > time.nowMillis();
    }

    /** Whether it could be bound now. */
    boolean isBindable(ServerTime time, long nowMillis) {
        return isRegistered(time) && nowMillis >= refusedUntil && nowMillis >= uselessUntil;
    }

    @Override
    public String toString() {
        return "app " + (appId & 0xFFFFFFFFL);
    }
}
