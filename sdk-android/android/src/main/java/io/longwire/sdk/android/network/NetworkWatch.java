package io.longwire.sdk.android.network;

import android.content.Context;
import android.net.ConnectivityManager;
import android.net.LinkProperties;
import android.net.Network;
import android.net.NetworkCapabilities;
import android.net.NetworkRequest;
import android.os.Build;
import io.longwire.sdk.android.system.OnlyFrom;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Tells which network the phone uses, when that changes. Where several are up at once, as before Android 7 all of them
 * are told, the best one counts: ethernet, wifi, cell. Guards itself; the listener is called on a thread of the system,
 * one call at a time.
 */
public final class NetworkWatch {
    /** Told of changes. */
    public interface Listener {
        /** @param network null = there is none */
        void onNetwork(@Nullable NetworkState network);
    }

    private final ConnectivityManager networks;
    private final NetworkKey keys;
    private final Listener listener;
    private final Map<Network, Seen> up = new LinkedHashMap<>(); // this
    private @Nullable NetworkState told; // this
    private boolean toldAny; // this
    private boolean watching; // this

    /** What is known of one network; both parts come by themselves, one after the other. */
    private static final class Seen {
        @Nullable
        NetworkCapabilities capabilities;
        @Nullable
        LinkProperties link;
    }

    private final ConnectivityManager.NetworkCallback callback = new ConnectivityManager.NetworkCallback() {
        @Override
        public void onAvailable(Network network) {
            seen(network, networks.getNetworkCapabilities(network), networks.getLinkProperties(network));
        }

        @Override
        public void onCapabilitiesChanged(Network network, NetworkCapabilities capabilities) {
            seen(network, capabilities, null);
        }

        @Override
        public void onLinkPropertiesChanged(Network network, LinkProperties link) {
            seen(network, null, link);
        }

        @Override
        public void onLost(Network network) {
            lost(network);
        }
    };

    public NetworkWatch(Context context, Listener listener) {
        Object service = context.getSystemService(Context.CONNECTIVITY_SERVICE);
        if (!(service instanceof ConnectivityManager)) {
            throw new IllegalStateException("system service: no connectivity (expected: on every Android)");
        }
        this.networks = (ConnectivityManager) service;
        this.keys = new NetworkKey(context);
        this.listener = listener;
    }

    /**
     * Begins to watch. Where there is no network at the start, that is told at once: the system says nothing until
     * there is one.
     *
     * @return false when the system refuses; it allows 100 watches to an app
     */
    public synchronized boolean start() {
        try {
            if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.N) {
                watchDefault();
            } else {
                networks.registerNetworkCallback(new NetworkRequest.Builder()
                        .addCapability(NetworkCapabilities.NET_CAPABILITY_INTERNET).build(), callback);
            }
            watching = true;
        } catch (RuntimeException refused) {
            watching = false;
        }
        if (watching && up.isEmpty() && isDark()) {
            tell(); // callbacks wait for this one's end
        }
        return watching;
    }

    private boolean isDark() {
        try {
            return Build.VERSION.SDK_INT >= Build.VERSION_CODES.M ? isWithout() : isWithoutBefore();
        } catch (RuntimeException refused) {
            return false; // not known: it is tried
        }
    }

    @OnlyFrom(Build.VERSION_CODES.M)
    private boolean isWithout() { return networks.getActiveNetwork() == null; }

    @SuppressWarnings("deprecation") // there was nothing else before Android 6
    private boolean isWithoutBefore() { return networks.getActiveNetworkInfo() == null; }

    /** Watches no more. */
    public synchronized void stop() {
        if (watching) {
            watching = false;
            networks.unregisterNetworkCallback(callback);
            up.clear();
        }
    }

    @OnlyFrom(Build.VERSION_CODES.N)
    private void watchDefault() {
        networks.registerDefaultNetworkCallback(callback);
    }

    private synchronized void seen(Network network, @Nullable NetworkCapabilities capabilities,
            @Nullable LinkProperties link) {
        if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.N && !up.containsKey(network)) {
            up.clear(); // there is one default at a time; its successor comes without the loss of the one before
        }
        Seen seen = up.get(network);
        if (seen == null) {
            seen = new Seen();
            up.put(network, seen);
        }
        seen.capabilities = capabilities == null ? seen.capabilities : capabilities;
        seen.link = link == null ? seen.link : link;
        tell();
    }

    private synchronized void lost(Network network) {
        if (up.remove(network) != null) {
            tell();
        }
    }

    // Not before a network is known whole: its key would change at once.
    private void tell() {
        NetworkState best = null;
        boolean half = false;
        for (Seen one : up.values()) {
            if (one.capabilities == null || one.link == null) {
                half = true;
                continue;
            }
            NetworkState state = keys.of(one.capabilities, one.link);
            if (best == null || rank(state) > rank(best)) {
                best = state;
            }
        }
        if ((best == null && half) || (toldAny && Objects.equals(best, told))) {
            return;
        }
        toldAny = true;
        told = best;
        if (watching) {
            listener.onNetwork(best);
        }
    }

    private static int rank(NetworkState state) {
        switch (state.type()) {
            case NET_ETHERNET :
                return 4;
            case NET_WIFI :
                return 3;
            case NET_VPN :
                return 2;
            default :
                return 1;
        }
    }
}
