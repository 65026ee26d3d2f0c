package io.longwire.keeper.server.console;

import io.longwire.keeper.config.ConfigNode;
import io.longwire.keeper.server.console.web.Callers;
import java.time.Duration;
import java.util.List;

/**
 * The console, as a keeper is told, by its host's own file alone: who may change the stored configuration must not be
 * able to open the door to more than that.
 *
 * @param enabled whether this keeper serves one
 * @param bind address it listens on
 * @param port 0 = any free one
 * @param certificate PEM of its certificate chain; empty = plain HTTP, for loopback or behind a proxy with TLS
 * @param key PEM of its key, PKCS#8 without a password
 * @param secureCookie the cookie goes over https only; also wanted behind a proxy with TLS
 * @param adminKeyFile file with the operator's API key, which center is called with; empty = pages of center are away
 * @param balancers addresses or ranges of those whose X-Forwarded-For is believed
 * @param session how long a sign-in lasts
 */
public record ConsoleConfig(boolean enabled, String bind, int port, String certificate, String key,
        boolean secureCookie, String adminKeyFile, List<String> balancers, // allowed: a record of settings
        Duration session) {

    public ConsoleConfig {
        balancers = List.copyOf(balancers);
    }

    public static ConsoleConfig read(ConfigNode node) {
        node.about("""
                enabled      local   whether this keeper serves a console
                bind         local   address it listens on
                port         local   0 = any free one
                certificate  local   PEM of its certificate chain; empty = plain HTTP, for loopback or behind a proxy
                key          local   PEM of its key, PKCS#8 without a password
                secureCookie local   the cookie goes over https only; also wanted behind a proxy with TLS
                adminKeyFile local   file with the operator's API key, which center is called with
                balancers    local   addresses or ranges of those whose X-Forwarded-For is believed
                session      local   how long a sign-in lasts
                """);
        var config = new ConsoleConfig(node.flag("enabled", false), node.text("bind", "127.0.0.1"),
                node.integer("port", 8083, 0, 65535), node.text("certificate", ""), node.text("key", ""),
                node.flag("secureCookie", false), node.text("adminKeyFile", ""), balancers(node),
                node.duration("session", "12h", "1m", "12h"));
        if (config.certificate.isEmpty() != config.key.isEmpty()) {
            throw node.wrong("key", config.key.isEmpty() ? "missing" : config.key, "given together with certificate");
        }
        return config;
    }

    boolean tls() {
        return !certificate.isEmpty();
    }

    private static List<String> balancers(ConfigNode node) {
        List<String> balancers = node.texts("balancers", List.of());
        try {
            Callers.behind(balancers);
        } catch (IllegalArgumentException wrong) {
            throw node.wrong("balancers", String.valueOf(wrong.getMessage()), "addresses or ranges such as 10.0.0.0/8");
        }
        return balancers;
    }
}
