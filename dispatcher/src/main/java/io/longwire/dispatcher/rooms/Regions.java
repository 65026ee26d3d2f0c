package io.longwire.dispatcher.rooms;

import io.longwire.dispatcher.DispatcherConfig.Region;
import io.longwire.keeper.config.ConfigException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;

/** Which IDCs a caller's address is nearest to, by a table of address ranges: the longest that fits wins. Immutable. */
public final class Regions {
    private final List<Range> ranges;

    private record Range(byte[] prefix, int bits, List<String> idcs) {
        boolean contains(byte[] address) {
            if (address.length != prefix.length) {
                return false;
            }
            for (int bit = 0; bit < bits; bit += 8) {
                int mask = bits - bit >= 8 ? 0xff : 0xff << (8 - (bits - bit)) & 0xff;
                if (((address[bit / 8] ^ prefix[bit / 8]) & mask) != 0) {
                    return false;
                }
            }
            return true;
        }
    }

    private Regions(List<Range> ranges) {
        this.ranges = ranges;
    }

    /** @throws ConfigException a range is no CIDR block */
    public static Regions of(List<Region> regions) {
        var ranges = new ArrayList<Range>();
        for (Region region : regions) {
            for (String text : region.ranges()) {
                ranges.add(range(text, region.idcs()));
            }
        }
        ranges.sort((a, b) -> Integer.compare(b.bits, a.bits));
        return new Regions(List.copyOf(ranges));
    }

    /** The IDCs to prefer, best first; empty = no preference. */
    List<String> idcsFor(InetAddress caller) {
        byte[] address = caller.getAddress();
        for (Range range : ranges) {
            if (range.contains(address)) {
                return range.idcs;
            }
        }
        return List.of();
    }

    private static Range range(String text, List<String> idcs) {
        int slash = text.indexOf('/');
        try {
            String host = slash < 0 ? "" : text.substring(0, slash);
            // only literals: a name would be looked up
            if (host.chars().allMatch(c -> Character.digit(c, 16) >= 0 || c == '.' || c == ':') && !host.isEmpty()) {
                byte[] prefix = InetAddress.getByName(host).getAddress();
                int bits = Integer.parseInt(text.substring(slash + 1));
                if (bits >= 0 && bits <= prefix.length * 8) {
                    return new Range(prefix, bits, idcs);
                }
            }
        } catch (UnknownHostException | NumberFormatException bad) {
            throw wrong(text);
        }
        throw wrong(text);
    }

    private static ConfigException wrong(String text) {
        return new ConfigException("regions.ranges: " + text + " (expected: an address block such as 10.0.0.0/8)");
    }
}
