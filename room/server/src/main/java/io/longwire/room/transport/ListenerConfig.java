package io.longwire.room.transport;

import io.longwire.keeper.config.ConfigNode;
import io.longwire.room.accept.Cidr;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * One address that phones connect to.
 *
 * @param bind address to listen on
 * @param port 0 = any free one
 * @param advertise host that phones are told; empty = bind
 * @param plaintextAllowed plain TCP beyond loopback: for networks that encrypt by other means
 * @param balancers who may, and then must, send a PROXY protocol header; empty = none is read
 * @param certificate PEM chain, TLS only
 * @param key PEM key, TLS only
 */
public record ListenerConfig(Kind kind, String bind, int port, String advertise, boolean plaintextAllowed,
        List<Cidr> balancers, Path certificate, Path key) { // allowed: a configuration record
    /** What is spoken below the frames. */
    public enum Kind {
        TCP, TLS
    }

    /**
     * Throws ConfigException for plain TCP beyond loopback that is not allowed by name, and for TLS without files.
     */
    public static ListenerConfig read(ConfigNode node) {
        node.about("""
                kind             drain what is spoken below the frames
                bind             drain address to listen on
                port             drain 0 = any free one
                advertise        drain host that phones are told; as given, else bind
                plaintextAllowed drain plain TCP beyond loopback, for networks that encrypt by other means
                balancers        drain who may, and then must, send a PROXY protocol header; empty = none is read
                certificate      drain PEM file with the chain, TLS only
                key              drain PEM file with the key, TLS only
                """);
        Kind kind = node.choice("kind", Kind.TCP);
        String bind = node.text("bind", "127.0.0.1");
        var config = new ListenerConfig(kind, bind, node.integer("port", 0, 0, 65535), node.text("advertise", bind),
                node.flag("plaintextAllowed", false), balancers(node), Path.of(node.text("certificate", "")),
                Path.of(node.text("key", "")));
        if (kind == Kind.TCP && !config.plaintextAllowed && !loopback(bind)) {
            throw node.wrong("bind", bind, "loopback for kind tcp, unless plaintextAllowed is true");
        }
        if (kind == Kind.TLS && (config.certificate.toString().isEmpty() || config.key.toString().isEmpty())) {
            throw node.wrong("certificate, key", config.certificate + ", " + config.key, "two PEM files for kind tls");
        }
        return config;
    }

    /** Plain TCP on loopback, any port: what a room has that is given no listeners. */
    public static ListenerConfig loopback() {
        return new ListenerConfig(Kind.TCP, "127.0.0.1", 0, "127.0.0.1", false, List.of(), Path.of(""), Path.of(""));
    }

    private static List<Cidr> balancers(ConfigNode node) {
        var blocks = new ArrayList<Cidr>();
        for (String text : node.texts("balancers", List.of())) {
            Cidr block = Cidr.parse(text);
            if (block == null) {
                throw node.wrong("balancers", text, "blocks of addresses such as 10.0.0.0/8");
            }
            blocks.add(block);
        }
        return List.copyOf(blocks);
    }

    private static boolean loopback(String bind) {
        try {
            return InetAddress.getByName(bind).isLoopbackAddress();
        } catch (UnknownHostException unknown) {
            return false;
        }
    }
}
