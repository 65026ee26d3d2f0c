package io.longwire.saver.client;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A block of addresses: 10.0.0.0/8, 2001:db8::/32, or a single address. Equal whatever it was named by. Immutable. */
public final class Network {
    private final byte[] prefix; // the rest of it is zero
    private final int bits;

    private Network(byte[] prefix, int bits) {
        this.prefix = prefix;
        this.bits = bits;
    }

    /** The block of so many bits that the address is in. */
    static Network around(byte[] address, int bits) {
        byte[] prefix = address.clone();
        for (int i = 0; i < prefix.length; i++) {
            int left = Math.clamp(bits - i * (long) Byte.SIZE, 0, Byte.SIZE);
            prefix[i] &= (byte) (0xff << (Byte.SIZE - left));
        }
        return new Network(prefix, bits);
    }

    /** Null if the text is none. No name is looked up. */
    public static @Nullable Network parse(String text) {
        int slash = text.indexOf('/');
        String address = slash < 0 ? text : text.substring(0, slash);
        if (address.indexOf(':') < 0 && address.chars().filter(c -> c == '.').count() != 3) {
            return null; // 10.1 would be read as 10.0.0.1
        }
        try {
            byte[] bytes = InetAddress.ofLiteral(address).getAddress();
            int bits = slash < 0 ? bytes.length * Byte.SIZE : Integer.parseInt(text.substring(slash + 1));
            return bits < 0 || bits > bytes.length * Byte.SIZE ? null : around(bytes, bits);
        } catch (IllegalArgumentException noAddressOrNumber) {
            return null;
        }
    }

    /** Of the prefix. */
    public int bits() {
        return bits;
    }

    /** 4 or 16. */
    int addressBytes() {
        return prefix.length;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Network network && bits == network.bits && Arrays.equals(prefix, network.prefix);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(prefix) * 31 + bits;
    }

    /** Prefix and bits, the one name of the block. */
    @Override
    public String toString() {
        try {
            return InetAddress.getByAddress(prefix).getHostAddress() + "/" + bits;
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
