package io.longwire.sdk.android.network;

import android.content.Context;
import android.net.LinkProperties;
import android.net.NetworkCapabilities;
import android.net.RouteInfo;
import android.os.Build;
import android.telephony.TelephonyManager;
import io.longwire.device.v1.NetType;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Names networks without asking where the phone is. No state. */
final class NetworkKey {
    private static final int KEY_BYTES = 8;
    private static final String HEX = "0123456789abcdef";

    private final @Nullable TelephonyManager phone;

    NetworkKey(Context context) {
        Object service = context.getSystemService(Context.TELEPHONY_SERVICE);
        phone = service instanceof TelephonyManager ? (TelephonyManager) service : null;
    }

    NetworkState of(NetworkCapabilities capabilities, LinkProperties link) {
        NetType type = type(capabilities);
        boolean cell = capabilities.hasTransport(NetworkCapabilities.TRANSPORT_CELLULAR);
        TelephonyManager telephony = phone;
        String around = cell && telephony != null
                ? telephony.getNetworkOperator() // addresses change with each visit there
                : around(link);
        return new NetworkState(type, digest(type.name() + "|" + around), isValidated(capabilities),
                cell && isRoaming(capabilities, telephony));
    }

    // All cell networks count as one kind: their generation needs a permission, and changes all day long.
    private static NetType type(NetworkCapabilities capabilities) {
        if (capabilities.hasTransport(NetworkCapabilities.TRANSPORT_VPN)) {
            return NetType.NET_VPN;
        }
        if (capabilities.hasTransport(NetworkCapabilities.TRANSPORT_ETHERNET)) {
            return NetType.NET_ETHERNET;
        }
        if (capabilities.hasTransport(NetworkCapabilities.TRANSPORT_WIFI)) {
            return NetType.NET_WIFI;
        }
        return capabilities.hasTransport(NetworkCapabilities.TRANSPORT_CELLULAR)
                ? NetType.NET_CELL_4G
                : NetType.NET_UNKNOWN;
    }

    private static boolean isValidated(NetworkCapabilities capabilities) {
        return Build.VERSION.SDK_INT < Build.VERSION_CODES.M
                || capabilities.hasCapability(NetworkCapabilities.NET_CAPABILITY_VALIDATED);
    }

    private static String around(LinkProperties link) {
        Set<String> found = new TreeSet<>();
        for (RouteInfo route : link.getRoutes()) {
            InetAddress gateway = route.getGateway();
            if (route.isDefaultRoute() && gateway != null) {
                found.add(String.valueOf(gateway.getHostAddress()));
            }
        }
        for (InetAddress server : link.getDnsServers()) {
            found.add(String.valueOf(server.getHostAddress()));
        }
        return found + "|" + link.getDomains();
    }

    private static boolean isRoaming(NetworkCapabilities capabilities, @Nullable TelephonyManager telephony) {
        if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.P) {
            return !capabilities.hasCapability(NetworkCapabilities.NET_CAPABILITY_NOT_ROAMING);
        }
        return telephony != null && telephony.isNetworkRoaming();
    }

    private static String digest(String text) {
        try {
            byte[] sum = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            StringBuilder hex = new StringBuilder();
            for (int i = 0; i < KEY_BYTES; i++) {
                hex.append(HEX.charAt((sum[i] >> 4) & 0xF)).append(HEX.charAt(sum[i] & 0xF));
            }
            return hex.toString();
        } catch (NoSuchAlgorithmException never) {
            throw new IllegalStateException("SHA-256: missing (expected: on every Android)", never);
        }
    }
}
