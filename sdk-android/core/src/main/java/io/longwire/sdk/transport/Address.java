package io.longwire.sdk.transport;

import com.google.protobuf.ByteString;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Objects;

/** One listener of a room. Immutable; equal by host, port and TLS, wherever it stands. */
public final class Address {
    private static final int IDC_CHARS = 64;

    private final String host;
    private final ByteString ip;
    private final int port;
    private final boolean tls;
    private final String idc;

    private Address(String host, ByteString ip, int port, boolean tls, String idc) {
        this.host = host;
        this.ip = ip;
        this.port = port;
        this.tls = tls;
        this.idc = idc;
    }

    /**
     * @param host name or number; empty when only {@code ip} is known
     * @param ip 4 or 16 bytes; empty = resolve the host
     */
    public static Address of(String host, ByteString ip, int port, boolean tls) {
        if (!isUsable(host, ip, port)) {
            throw new IllegalArgumentException("address: " + host + ":" + port
                    + " (expected: a host or 4 or 16 bytes, and a port from 1 to 65535)");
        }
        return new Address(host, ip, port, tls, "");
    }

    /** The same, and the data centre it stands in; empty = not known. */
    public Address in(String centre) {
        return new Address(host, ip, port, tls, centre.length() <= IDC_CHARS ? centre : "");
    }

    /** Whether {@link #of} takes this; what servers send is asked first. */
    public static boolean isUsable(String host, ByteString ip, int port) {
        boolean ipFits = ip.size() == 4 || ip.size() == 16 || (ip.isEmpty() && !host.isEmpty());
        return ipFits && host.length() <= 255 && port > 0 && port <= 65535;
    }

    /** The name to verify in TLS; the number in text when there is no name. */
    public String name() {
        return host;
    }

    public String host() {
        return host;
    }

    public ByteString ip() {
        return ip;
    }

    public int port() {
        return port;
    }

    public boolean tls() {
        return tls;
    }

    public String idc() {
        return idc;
    }

    /** Resolves the host where it must; blocks on DNS. */
    InetSocketAddress resolve() throws UnknownHostException {
        InetAddress to = ip.isEmpty()
                ? InetAddress.getByName(host)
                : host.isEmpty()
                        ? InetAddress.getByAddress(ip.toByteArray())
                        : InetAddress.getByAddress(host,
                                ip.toByteArray());
        return new InetSocketAddress(to, port);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Address && ((Address) other).host.equals(host) && ((Address) other).ip.equals(ip)
                && ((Address) other).port == port && ((Address) other).tls == tls;
    }

    @Override
    public int hashCode() {
        return Objects.hash(host, ip, port, tls);
    }

    /** {@code host:port}, with {@code tls://} before it where it has TLS. */
    @Override
    public String toString() {
        return (tls ? "tls://" : "") + (host.isEmpty() ? number() : host) + ":" + port;
    }

    private String number() {
        try {
            return InetAddress.getByAddress(ip.toByteArray()).getHostAddress();
        } catch (UnknownHostException impossible) {
            return "?";
        }
    }
}
