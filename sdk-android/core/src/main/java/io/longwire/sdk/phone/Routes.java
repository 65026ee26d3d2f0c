package io.longwire.sdk.phone;

import com.google.protobuf.ByteString;
import io.longwire.device.Limits;
import io.longwire.device.dispatcher.RoomAddress;
import io.longwire.device.dispatcher.Rooms;
import io.longwire.device.v1.ConnectAck;
import io.longwire.sdk.loop.SdkClock;
import io.longwire.sdk.store.PhoneStore;
import io.longwire.sdk.store.v1.PhoneState;
import io.longwire.sdk.store.v1.StoredAddress;
import io.longwire.sdk.transport.Address;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which rooms to try, in which order: where a room sent us; the last good one, because it parks the session; its
 * alternates; the dispatcher's list. Kept on disk as far as a later process profits. Belongs to the loop.
 */
final class Routes {
    /** Candidates of one round. */
    static final int MAX = 8;

    private static final int AVOIDED_MAX = 64;
    private static final long AVOID_MAX_MILLIS = 3_600_000;
    private static final long ASK_AGAIN_MILLIS = 60_000;
    private static final long ASK_AGAIN_MAX_MILLIS = 3_600_000;
    private static final long LIST_MAX_MILLIS = 24 * 3_600_000L;
    private static final int FLAG_PLAIN = 1;

    private final PhoneStore store;
    private final SdkClock clock;
    private final long askAgainCapMillis;
    private final boolean tlsOnly;
    private final Map<Address, Long> avoided = new HashMap<>();
    private final List<Address> preferred = new ArrayList<>();
    private boolean failedSinceAsked;
    private long askAt;
    private int attempt;

    /**
     * @param askAgainCapMillis the dispatcher is asked at most this often even when it asks for longer pauses; 0 = as
     *        the dispatcher says
     * @param tlsOnly whether rooms without TLS are passed over
     */
    Routes(PhoneStore store, SdkClock clock, long askAgainCapMillis, boolean tlsOnly) {
        this.store = store;
        this.clock = clock;
        this.askAgainCapMillis = askAgainCapMillis;
        this.tlsOnly = tlsOnly;
    }

    /** At most {@link #MAX} addresses, best first; those to be avoided last. */
    List<Address> candidates() {
        List<Address> good = new ArrayList<>();
        List<Address> last = new ArrayList<>();
        for (Address one : known()) {
            (isAvoided(one) ? last : good).add(one);
        }
        good.addAll(last);
        return good.subList(0, Math.min(MAX, good.size()));
    }

    /** The candidates to leave a room for: without those to be avoided. */
    List<Address> alternatives() {
        List<Address> good = new ArrayList<>();
        for (Address one : known()) {
            if (!isAvoided(one) && good.size() < MAX) {
                good.add(one);
            }
        }
        return good;
    }

    /** The token to resume with at this address; empty when none was given there. */
    ByteString token(Address address) {
        PhoneState state = store.phone();
        return state.hasLastGood() && address.equals(address(state.getLastGood()))
                ? state.getResumeToken()
                : ByteString.EMPTY;
    }

    /** A room accepted CONNECT. */
    void connected(Address address, ConnectAck ack) throws IOException {
        preferred.clear();
        avoided.remove(address);
        attempt = 0;
        PhoneState.Builder state = store.phone().toBuilder().setLastGood(stored(address)).clearAlternates();
        ByteString token = ack.getResumeToken();
        state.setResumeToken(token.size() == Limits.RESUME_TOKEN_BYTES ? token : ByteString.EMPTY);
        if (ack.getCrashWindowMs() != 0) {
            state.setCrashWindowMs(ack.getCrashWindowMs());
        }
        if (ack.getNetKey().size() <= Limits.NET_KEY_BYTES) {
            state.setNetKey(ack.getNetKey());
        }
        for (Address other : usable(ack.getAlternatesList())) {
            state.addAlternates(stored(other));
        }
        store.keep(state.build());
    }

    /** A room says where to go; these come first until one has accepted us. */
    void prefer(List<io.longwire.device.v1.Address> to) {
        preferred.clear();
        preferred.addAll(usable(to));
    }

    /** Tries this one last for so long. */
    void avoid(Address address, long millis) {
        if (avoided.size() >= AVOIDED_MAX) {
            avoided.clear();
        }
        if (millis > 0) {
            avoided.put(address, clock.elapsedMillis() + Math.min(millis, AVOID_MAX_MILLIS));
        }
    }

    /** No candidate was reached, or none took us: the list is worth asking for again. */
    void roundFailed() {
        failedSinceAsked = true;
        attempt++;
    }

    /** Whether the dispatcher should be asked: no list, an old one, or one that failed. */
    boolean isListWanted() {
        PhoneState state = store.phone();
        return state.getRoomsCount() == 0 || failedSinceAsked || clock.wallMillis() >= state.getRoomsUntilMs()
                || state.getRoomsUntilMs() > clock.wallMillis() + LIST_MAX_MILLIS;
    }

    /** Milliseconds until the dispatcher may be asked. */
    long askWaitMillis() {
        return Math.max(0, askAt - clock.elapsedMillis());
    }

    /** What to tell the dispatcher: rounds that failed. */
    int attempt() {
        return attempt;
    }

    /** The dispatcher answered. */
    void rooms(Rooms list) throws IOException {
        failedSinceAsked = false;
        long pause = list.getRetry().getAskAgainMs() == 0
                ? ASK_AGAIN_MILLIS
                : Math.min(ASK_AGAIN_MAX_MILLIS, list.getRetry().getAskAgainMs() & 0xFFFFFFFFL);
        askAt = clock.elapsedMillis() + (askAgainCapMillis > 0 ? Math.min(pause, askAgainCapMillis) : pause);
        long life = Math.min(LIST_MAX_MILLIS, (list.getTtlS() & 0xFFFFFFFFL) * 1000);
        PhoneState.Builder state = store.phone().toBuilder().clearRooms()
                .setRoomsUntilMs(clock.wallMillis() + life).setRetryBaseMs(list.getRetry().getBaseMs())
                .setRetryCapMs(list.getRetry().getCapMs());
        for (RoomAddress room : list.getRoomsList()) {
            if (state.getRoomsCount() < MAX && Address.isUsable(room.getHost(), ByteString.EMPTY, room.getPort())) {
                state.addRooms(StoredAddress.newBuilder().setHost(room.getHost()).setPort(room.getPort())
                        .setTls(room.getTls()));
            }
        }
        store.keep(state.build());
    }

    private List<Address> known() {
        PhoneState state = store.phone();
        Set<Address> all = new LinkedHashSet<>(preferred);
        if (state.hasLastGood()) {
            add(all, state.getLastGood());
        }
        for (StoredAddress one : state.getAlternatesList()) {
            add(all, one);
        }
        for (StoredAddress one : state.getRoomsList()) {
            add(all, one);
        }
        List<Address> allowed = new ArrayList<>();
        for (Address one : all) {
            if (one.tls() || !tlsOnly) {
                allowed.add(one);
            }
        }
        return allowed;
    }

    private boolean isAvoided(Address address) {
        Long until = avoided.get(address);
        if (until == null) {
            return false;
        }
        if (until <= clock.elapsedMillis()) {
            avoided.remove(address);
            return false;
        }
        return true;
    }

    private static void add(Set<Address> all, StoredAddress one) {
        if (Address.isUsable(one.getHost(), one.getIp(), one.getPort())) {
            all.add(address(one));
        }
    }

    private static Address address(StoredAddress one) {
        return Address.of(one.getHost(), one.getIp(), one.getPort(), one.getTls());
    }

    private static StoredAddress stored(Address one) {
        return StoredAddress.newBuilder().setHost(one.host()).setIp(one.ip()).setPort(one.port()).setTls(one.tls())
                .build();
    }

    private static List<Address> usable(List<io.longwire.device.v1.Address> told) {
        List<Address> usable = new ArrayList<>();
        for (io.longwire.device.v1.Address one : told) {
            if (usable.size() < MAX && Address.isUsable(one.getHost(), one.getIp(), one.getPort())) {
                usable.add(Address.of(one.getHost(), one.getIp(), one.getPort(),
                        (one.getFlags() & FLAG_PLAIN) == 0));
            }
        }
        return usable;
    }
}
