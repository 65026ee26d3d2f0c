package io.longwire.keeper.service;

import io.longwire.keeper.cluster.ClusterConfig;
import io.longwire.keeper.config.ConfigNode;
import io.longwire.keeper.rpc.BalanceConfig;
import java.nio.file.Path;
import java.time.Duration;

/**
 * What the configuration of every part has under {@code service:}.
 *
 * @param name what the stored configuration and rollouts call this process, unique in its part: "room-a-1"; empty = it
 *        has no name that outlives it
 * @param zookeeper connect string, host:port[,host:port...]
 * @param namespace the deployment's folder in ZooKeeper, so that several can share one
 * @param bind address the rpc and admin ports listen on
 * @param advertise host that others call; empty = bind
 * @param rpcPort 0 = any free one
 * @param adminPort 0 = any free one
 * @param rpcThreads threads that carry the traffic between the parts
 * @param weight turns of this process where calls are spread by weight
 * @param balance how its own calls are spread over the members of other parts
 * @param dataDir where the last good map, configuration and reports are kept
 * @param secrets file with the keys that credentials and endpoint ids are signed with, reloaded when it changes
 * @param session ZooKeeper session time-out; fencing follows at 2/3 of it
 * @param drain how long a drain may take; 0 = no drain
 */
public record ServiceConfig(String name, String zookeeper, String namespace, String idc, String bind, String advertise,
        int rpcPort, int adminPort, int rpcThreads, int weight, BalanceConfig balance, Path dataDir, Path secrets,
        Duration session, Duration drain, ClusterConfig cluster) { // allowed: a record of settings, read in one place

    public static ServiceConfig read(ConfigNode node) {
        node.about("""
                name       local   what stored configuration and rollouts call this process, unique in its part
                zookeeper  local   connect string, host:port[,host:port...]
                namespace  local   the deployment's folder in ZooKeeper
                idc        local   the data centre it stands in
                bind       local   address the rpc and admin ports listen on
                advertise  local   host that others call; as given, else bind
                rpcPort    local   0 = any free one
                adminPort  local   0 = any free one
                rpcThreads drain   threads that carry the traffic between the parts
                weight     drain   turns of this process where calls are spread by weight; usually 100
                balance    drain   how its own calls are spread over the members of other parts
                dataDir    local   where the last good map and configuration are kept
                secrets    local   file with the keys of the deployment
                session    drain   ZooKeeper session time-out; fencing follows at 2/3 of it
                drain      restart how long a drain may take; 0 = no drain
                cluster    restart how it takes its place in the cluster
                """);
        String bind = node.text("bind", "127.0.0.1");
        String advertise = node.text("advertise", bind);
        return new ServiceConfig(node.text("name", ""), node.text("zookeeper", "127.0.0.1:2181"),
                node.text("namespace", "longwire"),
                node.text("idc", "local"), bind, advertise, node.integer("rpcPort", 0, 0, 65535),
                node.integer("adminPort", 0, 0, 65535), node.integer("rpcThreads", 2, 1, 64),
                node.integer("weight", 100, 1, 1_000), node.node("balance", BalanceConfig::read),
                Path.of(node.text("dataDir", "data")), Path.of(node.text("secrets", "secrets.yaml")),
                node.duration("session", "10s", "1s", "2m"), node.duration("drain", "10s", "0", "30m"),
                node.node("cluster", ClusterConfig::read));
    }

    /** The host as the member list and the layers of the stored configuration have it. */
    String host() {
        return advertise;
    }

    /** host:port as others call it. */
    String advertised(int port) {
        return (advertise.contains(":") ? "[" + advertise + "]" : advertise) + ":" + port;
    }
}
