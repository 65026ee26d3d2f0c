package io.longwire.center.access;

import com.google.common.net.InetAddresses;
import io.longwire.center.refuse.Refused;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * A list of address ranges: {@code 10.0.0.0/8}, {@code 2001:db8::/32}, or one address. An IPv4 address in
 * IPv6's clothes ({@code ::ffff:10.1.2.3}) is an IPv4 address to Java, and so it is here. Immutable.
 */
public final class Networks {
    /** No address is in it. */
    public static final Networks NONE = new Networks(List.of());
    /** Ranges of one list. */
    public static final int MAX = 32;

    private static final int MAX_CHARS = 50;

    private final List<Range> ranges;

    private record Range(byte[] address, int bits) {
        boolean has(byte[] other) {
            if (other.length != address.length) {
                return false;
            }
            int whole = bits / 8;
            for (int i = 0; i < whole; i++) {
                if (other[i] != address[i]) {
                    return false;
                }
            }
            int mask = 0xff << (8 - bits % 8) & 0xff;
            return bits % 8 == 0 || (other[whole] & mask) == (address[whole] & mask);
        }
    }

    private Networks(List<Range> ranges) {
        this.ranges = List.copyOf(ranges);
    }

    /** Throws {@link Refused} that names the one that is none. */
    public static Networks of(String field, List<String> texts) {
        if (texts.size() > MAX) {
            throw Refused.invalid(field, texts.size() + " entries", "at most " + MAX);
        }
        var ranges = new ArrayList<Range>(texts.size());
        for (String text : texts) {
            ranges.add(range(field, text));
        }
        return new Networks(ranges);
    }

    /** Those of a list that can be read: what a later version has kept is skipped. */
    static Networks known(List<String> texts) {
        return new Networks(texts.stream().flatMap(text -> {
            try {
                return Stream.of(range("networks", text));
            } catch (Refused unknown) {
                return Stream.empty(); // it lets nobody in
            }
        }).toList());
    }

    public boolean isEmpty() { return ranges.isEmpty(); }

    public boolean has(InetAddress address) {
        byte[] bytes = address.getAddress();
        for (Range range : ranges) {
            if (range.has(bytes)) {
                return true;
            }
        }
        return false;
    }

    /** The address if the text is one, without a name ever being looked up; null if not. */
    static @Nullable InetAddress address(String text) {
        return text.length() <= MAX_CHARS && InetAddresses.isInetAddress(text)
                ? InetAddresses.forString(text)
                : null;
    }

    private static Range range(String field, String text) {
        int slash = text.indexOf('/');
        InetAddress address = address(slash < 0 ? text : text.substring(0, slash));
        if (address == null) {
            throw invalid(field, text);
        }
        int most = address.getAddress().length * 8;
        int bits = slash < 0 ? most : bits(text.substring(slash + 1));
        if (bits < 0 || bits > most) {
            throw invalid(field, text);
        }
        return new Range(address.getAddress(), bits);
    }

    private static int bits(String text) {
        return text.matches("\\d{1,3}") ? Integer.parseInt(text) : -1;
    }

    private static Refused invalid(String field, String text) {
        return Refused.invalid(field, text, "addresses or ranges such as 10.0.0.0/8, 2001:db8::/32, 192.0.2.7");
    }
}
