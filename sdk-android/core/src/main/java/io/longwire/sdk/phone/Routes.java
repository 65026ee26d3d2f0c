package io.longwire.sdk.phone;

import com.google.protobuf.ByteString;
import io.longwire.device.Limits;
import io.longwire.device.dispatcher.RoomAddress;
import io.longwire.device.dispatcher.Rooms;
import io.longwire.device.v1.ConnectAck;
import io.longwire.device.v1.GoAway;
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
import java.util.Random;
import java.util.Set;

/**
 * Which rooms to try, in which order: where a room sent us; the last good one, because it parks the session; the one
 * that was good on this network; the alternates of the last CONNECT_ACK; the dispatcher's list; the list the app
 * carries. Those that are banned on this network are left out while two others remain. Kept on disk as far as a later
 * process profits. Belongs to the loop.
 */
final class Routes {
    /** Candidates of one round. */
    static final int MAX = 8;

    private static final int AVOIDED_MAX = 64;
    private static final int LEFT_MIN = 2;
    private static final long REDIRECT_AVOID_MILLIS = 60_000;
    private static final long UNANSWERED_AVOID_MILLIS = 60_000;
    private static final long AVOID_MAX_MILLIS = 3_600_000;
    private static final long ASK_AGAIN_MILLIS = 60_000;
    private static final long ASK_AGAIN_MAX_MILLIS = 3_600_000;
    private static final long LIST_MAX_MILLIS = 6 * 3_600_000L;
    private static final double LIST_SPREAD = 0.2;
    private static final int FLAG_PLAIN = 1;
    private static final int IDC_CHARS = 64;

    private final Parts parts;
    private final PhoneStore store;
    private final SdkClock clock;
    private final PhoneSettings settings;
    private final Random random;
    private final Map<Address, Long> avoided = new HashMap<>();
    private final List<Address> preferred = new ArrayList<>();
    private KnownNetwork network;
    private boolean failedSinceAsked;
    private long askAt;
    private int attempt;

    Routes(Parts parts, KnownNetwork network, Random random) {
        this.parts = parts;
        this.store = parts.store;
        this.clock = parts.loop.clock();
        this.settings = parts.settings;
        this.network = network;
        this.random = random;
    }

    /** The phone is on another network now. */
    void network(KnownNetwork other) {
        network = other;
    }

    /** At most {@link #MAX} addresses, best first; those to be avoided last. */
    List<Address> candidates() {
        List<Address> good = new ArrayList<>();
        List<Address> last = new ArrayList<>();
        List<Address> banned = new ArrayList<>();
        for (Address one : known()) {
            (isAvoided(one) ? last : network.isBanned(one, clock.elapsedMillis()) ? banned : good).add(one);
        }
        List<Address> order = RouteOrder.scattered(good);
        if (good.size() < LEFT_MIN) {
            order.addAll(banned);
        }
        order.addAll(last);
        return order.subList(0, Math.min(MAX, order.size()));
    }

    /** The candidates to leave a room for: without those to be avoided. */
    List<Address> alternatives() {
        List<Address> good = new ArrayList<>();
        for (Address one : candidates()) {
            if (!isAvoided(one)) {
                good.add(one);
            }
        }
        return good;
    }

    /** The token to resume with at this address; empty when none was given there. */
    ByteString token(Address address) {
        PhoneState state = store.phone();
        return state.hasLastGood() && address.equals(StoredAddresses.of(state.getLastGood()))
                ? state.getResumeToken()
                : ByteString.EMPTY;
    }

    /** Whether the operator of the rooms says with this answer that networks have changed. */
    boolean isNewEpoch(ConnectAck ack) {
        int before = store.phone().getConfigEpoch();
        return before != 0 && ack.getConfigEpoch() != 0 && ack.getConfigEpoch() != before;
    }

    /** A room asked to be left. */
    void left(Address address, GoAway goAway) {
        prefer(goAway.getToList());
        avoid(address, Math.max(goAway.getDrainMs() & 0xFFFFFFFFL, (goAway.getAvoidS() & 0xFFFFFFFFL) * 1000));
        if (goAway.getAskDispatcher()) {
            roundFailed();
        }
    }

    /** A room accepted CONNECT; what cannot be kept of it is told, and forgotten. */
    void accepted(Address address, ConnectAck ack) {
        try {
            connected(address, ack);
        } catch (IOException full) {
            parts.storeProblem(full);
        }
    }

    void connected(Address address, ConnectAck ack) throws IOException {
        preferred.clear();
        avoided.remove(address);
        network.worked(address);
        attempt = 0;
        PhoneState.Builder state = store.phone().toBuilder().setLastGood(StoredAddresses.of(address)).clearAlternates();
        ByteString token = ack.getResumeToken();
        state.setResumeToken(token.size() == Limits.RESUME_TOKEN_BYTES ? token : ByteString.EMPTY);
        if (ack.getCrashWindowMs() != 0) {
            state.setCrashWindowMs(ack.getCrashWindowMs());
        }
        if (ack.getNetKey().size() <= Limits.NET_KEY_BYTES) {
            state.setNetKey(ack.getNetKey());
        }
        if (ack.getConfigEpoch() != 0) {
            state.setConfigEpoch(ack.getConfigEpoch());
        }
        for (Address other : usable(ack.getAlternatesList())) {
            state.addAlternates(StoredAddresses.of(other));
        }
        store.keep(state.build());
    }

    /** A room did not take us; it may have said who does. */
    void refused(Address address, Refusal why, ConnectAck ack) {
        if (why.isAboutRoom() && ack.getAlternatesCount() > 0) {
            prefer(ack.getAlternatesList());
        }
        avoid(address,
                why.isRedirect()
                        ? REDIRECT_AVOID_MILLIS
                        : Math.max(1, Math.min(why.waitMillis(), ack.getRetryAfterMs())));
        roundFailed();
    }

    /** It took the connection and answered no CONNECT: the path may lose what comes back, so it is tried last. */
    void unanswered(Address address) {
        avoid(address, UNANSWERED_AVOID_MILLIS);
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

    /** Whether the dispatcher should be asked: no list, an old one, another network's, or one that failed. */
    boolean isListWanted() {
        PhoneState state = store.phone();
        return state.getRoomsCount() == 0 || failedSinceAsked || !state.getRoomsNetwork().equals(network.key())
                || clock.wallMillis() >= state.getRoomsUntilMs()
                || state.getRoomsUntilMs() > clock.wallMillis() + 2 * LIST_MAX_MILLIS;
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
        long cap = settings.askAgainCapMillis();
        askAt = clock.elapsedMillis() + (cap > 0 ? Math.min(pause, cap) : pause);
        long spread = (long) ((2 * random.nextDouble() - 1) * LIST_SPREAD * LIST_MAX_MILLIS);
        long life = Math.min(LIST_MAX_MILLIS + spread, (list.getTtlS() & 0xFFFFFFFFL) * 1000);
        PhoneState.Builder state = store.phone().toBuilder().clearRooms()
                .setRoomsUntilMs(clock.wallMillis() + life).setRetryBaseMs(list.getRetry().getBaseMs())
                .setRetryCapMs(list.getRetry().getCapMs())
                .setRoomsNetwork(network.key());
        for (RoomAddress room : list.getRoomsList()) {
            if (state.getRoomsCount() < MAX && Address.isUsable(room.getHost(), ByteString.EMPTY, room.getPort())) {
                state.addRooms(StoredAddress.newBuilder().setHost(room.getHost()).setPort(room.getPort())
                        .setTls(room.getTls()).setIdc(room.getIdc().length() <= IDC_CHARS ? room.getIdc() : ""));
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
        Address goodHere = network.lastGood();
        if (goodHere != null) {
            all.add(goodHere);
        }
        for (StoredAddress one : state.getAlternatesList()) {
            add(all, one);
        }
        for (StoredAddress one : state.getRoomsList()) {
            add(all, one);
        }
        if (clock.wallMillis() < settings.bootstrap().untilMillis()) {
            all.addAll(settings.bootstrap().rooms());
        }
        List<Address> allowed = new ArrayList<>();
        for (Address one : all) {
            if (one.tls() || !settings.tlsOnly()) {
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
        if (StoredAddresses.isUsable(one)) {
            all.add(StoredAddresses.of(one));
        }
    }

    private static List<Address> usable(List<io.longwire.device.v1.Address> told) {
        List<Address> usable = new ArrayList<>();
        for (io.longwire.device.v1.Address one : told) {
            if (usable.size() < MAX && Address.isUsable(one.getHost(), one.getIp(), one.getPort())) {
                usable.add(Address.of(one.getHost(), one.getIp(), one.getPort(),
                        (one.getFlags() & FLAG_PLAIN) == 0).in(one.getIdc()));
            }
        }
        return usable;
    }
}
