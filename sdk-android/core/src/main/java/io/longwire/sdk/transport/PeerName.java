package io.longwire.sdk.transport;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

/**
 * Whether a certificate was made for a name: RFC 6125 on the subject alternative names alone. A wildcard stands for one
 * whole left-most label. Of our own, because the socket's built-in check does not exist before Android 7. Any thread.
 */
public final class PeerName {
    private static final int DNS = 2;
    private static final int IP = 7;

    private PeerName() {
    }

    /** Whether the certificate names this host, a DNS name or an IP number. */
    public static boolean matches(String host, X509Certificate certificate) {
        Collection<List<?>> names;
        try {
            names = certificate.getSubjectAlternativeNames();
        } catch (CertificateParsingException broken) {
            return false;
        }
        if (names == null) {
            return false;
        }
        boolean number = isNumber(host);
        for (List<?> name : names) {
            Object kind = name.get(0);
            Object value = name.get(1);
            if (!(value instanceof String)) {
                continue;
            }
            if (number && Integer.valueOf(IP).equals(kind) && sameNumber(host, (String) value)) {
                return true;
            }
            if (!number && Integer.valueOf(DNS).equals(kind) && covers((String) value, host)) {
                return true;
            }
        }
        return false;
    }

    static boolean covers(String pattern, String host) {
        String wanted = withoutDot(host.toLowerCase(Locale.ROOT));
        String offered = withoutDot(pattern.toLowerCase(Locale.ROOT));
        if (!offered.startsWith("*.")) {
            return offered.equals(wanted);
        }
        int dot = wanted.indexOf('.');
        String parent = offered.substring(1);
        return dot > 0 && parent.indexOf('.', 1) > 0 && wanted.substring(dot).equals(parent);
    }

    private static String withoutDot(String name) {
        return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    }

    private static boolean isNumber(String host) {
        if (host.indexOf(':') >= 0) {
            return true;
        }
        for (int i = 0; i < host.length(); i++) {
            char c = host.charAt(i);
            if (c != '.' && (c < '0' || c > '9')) {
                return false;
            }
        }
        return !host.isEmpty();
    }

    // Both are numbers, so nothing is looked up.
    private static boolean sameNumber(String a, String b) {
        try {
            return isNumber(b) && InetAddress.getByName(a).equals(InetAddress.getByName(b));
        } catch (UnknownHostException notNumbers) {
            return false;
        }
    }
}
