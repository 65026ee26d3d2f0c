package io.longwire.dispatcher;

import io.longwire.dispatcher.rooms.Regions;
import io.longwire.dispatcher.shares.ShareLists;
import io.longwire.keeper.config.ConfigNode;
import java.time.Duration;
import java.util.List;

/**
 * What a dispatcher can be told.
 *
 * @param credentialLife how long a new credential is valid; phones renew from 2/3 of it on
 * @param registrationsPerMinute registrations one address may make in a minute, and ten times as many for one app a
 *        second; it may ask for share lists as often
 * @param rooms how many addresses a phone gets, at most
 * @param listLife how long a phone keeps its list
 * @param regions which IDCs callers of an address range are sent to first
 * @param shareLists who shares a connection: signed lists for phones to renew theirs from
 */
public record DispatcherConfig(String bind, int port, int threads, Duration credentialLife, int registrationsPerMinute,
        int rooms, Duration listLife, List<Region> regions, List<SharedBy> shareLists) {

    /** Callers whose address lies in one of the ranges get rooms of these IDCs first, in this order. */
    public record Region(String name, List<String> ranges, List<String> idcs) {
        static Region read(ConfigNode node) {
            node.about("""
                    name   hot   for people
                    ranges hot   addresses of the callers, such as 10.0.0.0/8
                    idcs   hot   whose rooms they get, the first one first
                    """);
            return new Region(node.text("name"), node.texts("ranges", List.of()), node.texts("idcs", List.of()));
        }
    }

    /** A group and its list, which {@code longwire share-list} has signed, in base64. */
    public record SharedBy(String group, String list) {
        static SharedBy read(ConfigNode node) {
            node.about("""
                    group hot   the group's name, as in the apps' manifests
                    list  hot   what longwire share-list has signed for it, base64
                    """);
            return new SharedBy(node.text("group"), node.text("list"));
        }
    }

    public static DispatcherConfig read(ConfigNode node) {
        node.about(
                """
                        bind                   local address that phones call
                        port                   local 0 = any free one
                        threads                drain threads that serve phones
                        credentialLife         hot   how long a new credential is valid; phones renew from 2/3 of it on
                        registrationsPerMinute hot   of one address (lists, too), ten times as many of one app a second
                        rooms                  hot   how many addresses a phone gets, at most
                        listLife               hot   how long a phone keeps its list
                        regions                hot   which IDCs callers of an address range are sent to first
                        shareLists             hot   who shares a connection: signed lists that phones renew theirs from
                        """);
        var config = new DispatcherConfig(node.text("bind", "127.0.0.1"), node.integer("port", 8081, 0, 65535),
                node.integer("threads", 2, 1, 64), node.duration("credentialLife", "30d", "1m", "365d"),
                node.integer("registrationsPerMinute", 600, 1, 1_000_000), node.integer("rooms", 8, 1, 16),
                node.duration("listLife", "6h", "1s", "7d"), node.nodes("regions", Region::read),
                node.nodes("shareLists", SharedBy::read));
        Regions.of(config.regions); // its rules are the same for a draft
        ShareLists.of(config.shareLists);
        return config;
    }
}
