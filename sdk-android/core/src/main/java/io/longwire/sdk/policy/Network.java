package io.longwire.sdk.policy;

import io.longwire.device.v1.NetType;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * What the phone is connected by, as its owner saw it last. Two networks are the same when their keys are: what was
 * learned on one (routes, heartbeat) is used when it comes back. The key is a hash, so neither names of networks nor
 * places are kept. Immutable.
 */
public final class Network {
    /** There is none. */
    public static final Network NONE = new Network(NetType.NET_UNKNOWN, "", false, false);
    /** Nobody tells what there is, as on a plain JVM: one network, which works. */
    public static final Network UNTOLD = new Network(NetType.NET_UNKNOWN, "untold", true, false);

    private static final int KEY_BYTES = 8;

    private final NetType type;
    private final String key;
    private final boolean validated;
    private final boolean roaming;

    private Network(NetType type, String key, boolean validated, boolean roaming) {
        this.type = type;
        this.key = key;
        this.validated = validated;
        this.roaming = roaming;
    }

    /**
     * A network that reaches the internet.
     *
     * @param identity what tells it from others of its type without asking the user for anything: MCC and MNC, or the
     *        DNS servers, domain, gateway and IPv6 prefix of a wifi; the same order each time
     */
    public static Network of(NetType type, String identity) {
        return new Network(type, hash(type.getNumber() + "|" + identity), true, false);
    }

    /** The same, and whether the internet was reached by it: false behind a captive portal. */
    public Network validated(boolean reaches) {
        return new Network(type, key, reaches, roaming);
    }

    /** The same, and whether it is another operator's: slow until the contrary is known. */
    public Network roaming(boolean abroad) {
        return new Network(type, key, validated, abroad);
    }

    public NetType type() {
        return type;
    }

    /** Names it in files; empty for {@link #NONE} alone. */
    public String key() {
        return key;
    }

    public boolean isNone() { return key.isEmpty(); }

    /** Whether failures on it say anything about rooms. */
    public boolean isValidated() { return validated; }

    public boolean isRoaming() { return roaming; }

    private static String hash(String text) {
        try {
            byte[] all = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            StringBuilder hex = new StringBuilder(2 * KEY_BYTES);
            for (int i = 0; i < KEY_BYTES; i++) {
                hex.append(Character.forDigit((all[i] >> 4) & 0xF, 16)).append(Character.forDigit(all[i] & 0xF, 16));
            }
            return hex.toString();
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("SHA-256: missing (expected: in every Java and Android)", impossible);
        }
    }

    @Override
    public String toString() {
        return isNone() ? "no network" : type.name() + " " + key + (validated ? "" : " without internet");
    }
}
