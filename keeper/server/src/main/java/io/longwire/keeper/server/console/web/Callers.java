package io.longwire.keeper.server.console.web;

import io.netty.handler.ipfilter.IpFilterRuleType;
import io.netty.handler.ipfilter.IpSubnetFilterRule;
import io.netty.util.NetUtil;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a request comes from: the peer of its connection; if that is one of the configured balancers, the last address
 * in {@code X-Forwarded-For} that is not a balancer's. What a browser writes there itself stands further to the left,
 * and is never believed. No name is ever looked up. Immutable.
 */
public final class Callers {
    private static final int HALF = 8; // of the 16 bytes

    private final List<IpSubnetFilterRule> balancers;

    private Callers(List<IpSubnetFilterRule> balancers) {
        this.balancers = balancers;
    }

    /** @param ranges "10.0.0.0/8" or one address each; throws IllegalArgumentException with the one that is none */
    public static Callers behind(List<String> ranges) {
        var rules = new ArrayList<IpSubnetFilterRule>();
        for (String range : ranges) {
            int slash = range.indexOf('/');
            InetAddress address = literal(slash < 0 ? range : range.substring(0, slash));
            String bits = slash < 0 ? "" : range.substring(slash + 1);
            if (address == null || !bits.matches(slash < 0 ? "" : "[0-9]{1,3}")) {
                throw new IllegalArgumentException(range);
            }
            int most = address.getAddress().length * 8;
            int prefix = slash < 0 ? most : Integer.parseInt(bits);
            if (prefix > most) {
                throw new IllegalArgumentException(range);
            }
            rules.add(new IpSubnetFilterRule(address, prefix, IpFilterRuleType.ACCEPT));
        }
        return new Callers(List.copyOf(rules));
    }

    /** @param forwardedFor all lines of the header */
    String address(InetAddress peer, List<String> forwardedFor) {
        InetAddress from = peer;
        String[] hops = String.join(",", forwardedFor).split(",", -1);
        for (int i = hops.length - 1; i >= 0 && balancer(from); i--) {
            InetAddress before = literal(hops[i].strip());
            if (before == null) {
                break;
            }
            from = before;
        }
        return from.getHostAddress();
    }

    /**
     * What limits count an address as: an IPv6 one as its network of 64 bits, as every host has one to itself and takes
     * what address it likes in it; others as they are.
     */
    static String network(String address) {
        if (!(literal(address) instanceof Inet6Address whole)) {
            return address;
        }
        byte[] bytes = whole.getAddress();
        Arrays.fill(bytes, HALF, bytes.length, (byte) 0);
        return NetUtil.bytesToIpAddress(bytes) + "/64";
    }

    private boolean balancer(InetAddress address) {
        var socket = new InetSocketAddress(address, 0);
        return balancers.stream().anyMatch(rule -> rule.matches(socket));
    }

    private static @Nullable InetAddress literal(String text) {
        byte[] bytes = NetUtil.createByteArrayFromIpAddressString(text);
        try {
            return bytes == null ? null : InetAddress.getByAddress(bytes);
        } catch (UnknownHostException otherLength) {
            throw new IllegalStateException("an address has 4 or 16 bytes", otherLength);
        }
    }
}
