package io.longwire.keeper.server.operate;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.longwire.keeper.cluster.Member;
import io.longwire.keeper.cluster.ZooKeeperPaths;
import io.longwire.keeper.profile.SampledParts;
import io.longwire.keeper.server.reach.Processes;
import io.longwire.rpc.operate.Sampling;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.curator.framework.CuratorFramework;
import org.apache.zookeeper.KeeperException.BadVersionException;
import org.apache.zookeeper.KeeperException.NoNodeException;
import org.apache.zookeeper.KeeperException.NodeExistsException;
import org.apache.zookeeper.data.Stat;

/**
 * Which parts are sampled all the time: one node of ZooKeeper that every process follows, one that starts later too.
 * Thread-safe, blocks; throws UNAVAILABLE without ZooKeeper.
 */
final class SamplingSwitch {
    /** What a process publishes: on, off. */
    private static final String ATTRIBUTE = "sampling";

    private final CuratorFramework zookeeper;

    SamplingSwitch(CuratorFramework zookeeper) {
        this.zookeeper = zookeeper;
    }

    /** Switches some parts, the others stay as they are. */
    void turn(Collection<String> parts, boolean on) {
        boolean done = false;
        while (!done) {
            done = asking(() -> {
                var stat = new Stat();
                Set<String> known = read(stat);
                if (on) {
                    known.addAll(parts);
                } else {
                    known.removeAll(parts);
                }
                return write(SampledParts.bytes(known), stat);
            });
        }
    }

    Sampling state(Processes processes) {
        Set<String> parts = asking(() -> read(new Stat()));
        var state = Sampling.newBuilder().addAllParts(parts);
        for (Member member : processes.list("")) {
            if (member.attributes().getOrDefault(ATTRIBUTE, "").equals("on")) {
                state.addSampled(member.instance());
            } else if (parts.contains(member.part())) {
                state.addWaiting(member.instance());
            }
        }
        return state.build();
    }

    private Set<String> read(Stat stat) throws Exception {
        try {
            return SampledParts.parse(zookeeper.getData().storingStatIn(stat).forPath(ZooKeeperPaths.SAMPLING));
        } catch (NoNodeException never) {
            stat.setVersion(-1);
            return new TreeSet<>();
        }
    }

    // False: another one was faster.
    private boolean write(byte[] node, Stat stat) throws Exception {
        try {
            if (stat.getVersion() < 0) {
                zookeeper.create().forPath(ZooKeeperPaths.SAMPLING, node);
            } else {
                zookeeper.setData().withVersion(stat.getVersion()).forPath(ZooKeeperPaths.SAMPLING, node);
            }
            return true;
        } catch (BadVersionException | NodeExistsException | NoNodeException faster) {
            return false;
        }
    }

    private interface Question<T> {
        T ask() throws Exception;
    }

    private static <T> T asking(Question<T> question) {
        try {
            return question.ask();
        } catch (InterruptedException ending) {
            Thread.currentThread().interrupt();
            throw new StatusRuntimeException(Status.UNAVAILABLE.withDescription("keeper: ends"));
        } catch (Exception away) {
            throw new StatusRuntimeException(Status.UNAVAILABLE.withDescription("zookeeper: " + away.getMessage()));
        }
    }

    /** The parts that a command is about; "" = all. */
    static List<String> meant(String part) {
        return part.isEmpty() ? Processes.PARTS : List.of(part);
    }
}
