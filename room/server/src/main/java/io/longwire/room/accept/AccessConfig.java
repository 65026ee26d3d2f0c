package io.longwire.room.accept;

import io.longwire.keeper.config.ConfigNode;
import java.util.ArrayList;
import java.util.List;

/**
 * Who may connect. Follows reloads.
 *
 * @param allow blocks that may; empty = everybody
 * @param deny blocks that may not, even if allowed
 * @param exempt blocks without limits: loopback, load tools, balancers that hide their clients
 * @param openPerAddress connections of one address that have not logged in
 * @param openPerSubnet the same for a /24, or a /64 of IPv6
 * @param connectsPerAddress in 10 s
 * @param connectsPerSubnet in 10 s
 */
public record AccessConfig(List<Cidr> allow, List<Cidr> deny, List<Cidr> exempt, int openPerAddress,
        int openPerSubnet, int connectsPerAddress, int connectsPerSubnet) {

    public static AccessConfig read(ConfigNode node) {
        node.about("""
                allow              hot blocks that may connect; empty = everybody
                deny               hot blocks that may not, even if allowed
                exempt             hot blocks without limits: loopback, load tools, balancers that hide their clients
                openPerAddress     hot connections of one address that have not logged in
                openPerSubnet      hot the same for a /24, or a /64 of IPv6
                connectsPerAddress hot connects of one address in 10 s
                connectsPerSubnet  hot connects of one subnet in 10 s
                """);
        return new AccessConfig(blocks(node, "allow", List.of()), blocks(node, "deny", List.of()),
                blocks(node, "exempt", List.of("127.0.0.0/8", "::1/128")),
                node.integer("openPerAddress", 64, 1, 1_000_000), node.integer("openPerSubnet", 512, 1, 1_000_000),
                node.integer("connectsPerAddress", 300, 1, 1_000_000),
                node.integer("connectsPerSubnet", 3_000, 1, 1_000_000));
    }

    private static List<Cidr> blocks(ConfigNode node, String key, List<String> defaultValue) {
        var blocks = new ArrayList<Cidr>();
        for (String text : node.texts(key, defaultValue)) {
            Cidr block = Cidr.parse(text);
            if (block == null) {
                throw node.wrong(key, text, "a block of addresses such as 10.0.0.0/8 or 2001:db8::/32");
            }
            blocks.add(block);
        }
        return List.copyOf(blocks);
    }

    static boolean anyContains(List<Cidr> blocks, byte[] address) {
        for (int i = 0; i < blocks.size(); i++) {
            if (blocks.get(i).contains(address)) {
                return true;
            }
        }
        return false;
    }
}
