package io.longwire.sdk.phone;

import io.longwire.sdk.policy.Ladder;
import io.longwire.sdk.policy.RouteHistory;
import io.longwire.sdk.store.v1.NetworkState;
import io.longwire.sdk.store.v1.RouteState;
import io.longwire.sdk.store.v1.RungState;
import io.longwire.sdk.transport.Address;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** What was learned of one network: which addresses work on it, and how long it remembers a silent connection. */
final class KnownNetwork {
    private static final int ROUTES_MAX = 8;
    private static final long SRTT_MAX_MILLIS = 60_000;
    private static final long ROUTES_KEEP_MILLIS = 24 * 3_600_000L;

    private final String key;
    private final Ladder ladder;
    private final Map<Address, RouteHistory> routes = new LinkedHashMap<>(16, 0.75f, true); // the last used last
    private @Nullable Address lastGood;
    private long srttMillis;
    private boolean overdue; // a ping went without its answer since that was measured
    private long usedMillis; // wall clock

    KnownNetwork(String key, Random random) {
        this.key = key;
        this.ladder = new Ladder(random);
    }

    String key() {
        return key;
    }

    Ladder ladder() {
        return ladder;
    }

    /** The address that accepted us last on it. */
    @Nullable
    Address lastGood() {
        return lastGood;
    }

    /** The smoothed round trip time; 0 = not known. */
    long srttMillis() {
        return srttMillis;
    }

    /** Pings were answered in this time; 0 = none was, which leaves what is known. */
    void srttMillis(long measured) {
        if (measured > 0) {
            srttMillis = Math.min(SRTT_MAX_MILLIS, measured);
            overdue = false;
        }
    }

    /**
     * What the next connection's first ping is judged by; 0 = not known. A time by which a connection was given up is
     * not handed on: on a network that has become slow each connection would be given up before it can tell.
     */
    long srttToHandOn() {
        return overdue ? 0 : srttMillis;
    }

    /** A connection was given up because a ping was not answered in time. */
    void overdue() {
        overdue = true;
    }

    void used(long wallMillis) {
        usedMillis = wallMillis;
    }

    long usedMillis() {
        return usedMillis;
    }

    void worked(Address address) {
        history(address).worked();
        lastGood = address;
    }

    /** It answered CONNECT, but did not take us: the way to it is good. */
    void answered(Address address) {
        history(address).worked();
    }

    void failed(Address address, long nowMillis) {
        history(address).failed(nowMillis);
    }

    boolean isBanned(Address address, long nowMillis) {
        RouteHistory history = routes.get(address);
        return history != null && history.isBanned(nowMillis);
    }

    private RouteHistory history(Address address) {
        RouteHistory known = routes.get(address);
        if (known == null) {
            known = new RouteHistory();
            routes.put(address, known);
            if (routes.size() > ROUTES_MAX) {
                Iterator<Address> eldest = routes.keySet().iterator();
                eldest.next();
                eldest.remove();
            }
        }
        return known;
    }

    NetworkState save(long nowMillis, long wallMillis) {
        NetworkState.Builder state = NetworkState.newBuilder().setKey(key).setSavedMs(wallMillis).setUsedMs(usedMillis)
                .setSrttMs((int) srttMillis).setFloorS(seconds(ladder.floor())).setGoodS(seconds(ladder.good()));
        Address good = lastGood;
        if (good != null) {
            state.setLastGood(StoredAddresses.of(good));
        }
        for (Map.Entry<Address, RouteHistory> route : routes.entrySet()) {
            RouteHistory history = route.getValue();
            state.addRoutes(RouteState.newBuilder().setAddress(StoredAddresses.of(route.getKey()))
                    .setFailures(history.bits()).setBanSteps(history.steps())
                    .setBannedMs((int) history.bannedForMillis(nowMillis)));
        }
        for (int rung = 0; rung < Ladder.SIZE; rung++) {
            if (ladder.failures(rung) > 0 || ladder.blocks(rung) > 0) {
                state.addRungs(RungState.newBuilder().setSeconds(seconds(rung)).setFailures(ladder.failures(rung))
                        .setBlocks(ladder.blocks(rung)).setBlockedMs(ladder.blockedForMillis(rung, nowMillis)));
            }
        }
        return state.build();
    }

    /** Whatever the file says becomes a network that can be used; a wall clock that went back lets bans run longer. */
    static KnownNetwork restore(NetworkState state, Random random, long nowMillis, long wallMillis) {
        KnownNetwork known = new KnownNetwork(state.getKey(), random);
        long passed = Math.max(0, wallMillis - state.getSavedMs());
        known.usedMillis = Math.min(wallMillis, state.getUsedMs());
        known.srttMillis(state.getSrttMs());
        if (state.hasLastGood() && StoredAddresses.isUsable(state.getLastGood())) {
            known.lastGood = StoredAddresses.of(state.getLastGood());
        }
        for (RouteState route : state.getRoutesList()) {
            if (passed < ROUTES_KEEP_MILLIS && StoredAddresses.isUsable(route.getAddress())) {
                known.history(StoredAddresses.of(route.getAddress())).restore(route.getFailures(), route.getBanSteps(),
                        (route.getBannedMs() & 0xFFFFFFFFL) - passed, nowMillis);
            }
        }
        known.ladder.restore(rung(state.getFloorS()), rung(state.getGoodS()));
        for (RungState one : state.getRungsList()) {
            known.ladder.restore(rung(one.getSeconds()), one.getFailures(), one.getBlocks(),
                    one.getBlockedMs() - passed, nowMillis);
        }
        return known;
    }

    private static int seconds(int rung) {
        return rung == Ladder.NONE ? 0 : (int) (Ladder.millis(rung) / 1_000);
    }

    private static int rung(int seconds) {
        return Ladder.rungOf((seconds & 0xFFFFFFFFL) * 1_000);
    }
}
