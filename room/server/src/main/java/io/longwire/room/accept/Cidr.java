package io.longwire.room.accept;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/** A block of addresses: 10.0.0.0/8, 2001:db8::/32, or a single address. Immutable. */
public final class Cidr {
    private final byte[] network;
    private final int bits;

    private Cidr(byte[] network, int bits) {
        this.network = network;
        this.bits = bits;
    }

    /** Null if the text is none. No name is looked up. */
    public static @Nullable Cidr parse(String text) {
        int slash = text.indexOf('/');
        String address = slash < 0 ? text : text.substring(0, slash);
        if (address.indexOf(':') < 0 && address.chars().filter(c -> c == '.').count() != 3) {
            return null; // 10.1 would be read as 10.0.0.1
        }
        try {
            byte[] network = InetAddress.ofLiteral(address).getAddress();
            int bits = slash < 0 ? network.length * Byte.SIZE : Integer.parseInt(text.substring(slash + 1));
            return bits < 0 || bits > network.length * Byte.SIZE ? null : new Cidr(network, bits);
        } catch (IllegalArgumentException noAddressOrNumber) {
            return null;
        }
    }

    public boolean contains(byte[] address) {
        if (address.length != network.length) {
            return false;
        }
        int whole = bits / Byte.SIZE;
        for (int i = 0; i < whole; i++) {
            if (address[i] != network[i]) {
                return false;
            }
        }
        int rest = bits % Byte.SIZE;
        return rest == 0 || (address[whole] ^ network[whole]) >> (Byte.SIZE - rest) == 0;
    }
}
