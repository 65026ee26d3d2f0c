package io.longwire.keeper.server.restart;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.nio.charset.StandardCharsets;
import org.apache.curator.framework.CuratorFramework;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.data.Stat;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The node in ZooKeeper that keeps a second restart of a part out, as long as its keeper's session lives. It says whose
 * it is, and only its owner takes it away: after an end of the session it may be another's. Thread-safe; blocks.
 */
final class Mark {
    private static final Logger LOG = LoggerFactory.getLogger(Mark.class);
    private static final String GOING = "/restarts/going";

    private final CuratorFramework zookeeper;
    private final String path;
    private final String owner;

    private Mark(CuratorFramework zookeeper, String path, String owner) {
        this.zookeeper = zookeeper;
        this.path = path;
        this.owner = owner;
    }

    /**
     * Takes it. Throws FAILED_PRECONDITION while it is another's, or UNAVAILABLE.
     *
     * @param owner unique in the deployment
     */
    static Mark claim(CuratorFramework zookeeper, String part, String owner) {
        var mark = new Mark(zookeeper, GOING + "/" + part, owner);
        try {
            zookeeper.create().creatingParentsIfNeeded().withMode(CreateMode.EPHEMERAL).forPath(mark.path,
                    owner.getBytes(StandardCharsets.US_ASCII));
        } catch (KeeperException.NodeExistsException there) {
            // Our own: it was made, the answer was lost, and the client tried again.
            if (!mark.ours()) {
                throw Status.FAILED_PRECONDITION.withDescription("part: " + part
                        + " is being restarted (expected: one restart of a part at a time)").asRuntimeException();
            }
        } catch (Exception failed) {
            mark.free();
            throw away(failed);
        }
        return mark;
    }

    /** Whether it is this owner's, and stays so as long as the session that is now. Throws UNAVAILABLE. */
    boolean ours() {
        try {
            var stat = new Stat();
            byte[] data = zookeeper.getData().storingStatIn(stat).forPath(path);
            return owner.equals(new String(data, StandardCharsets.US_ASCII))
                    && stat.getEphemeralOwner() == zookeeper.getZookeeperClient().getZooKeeper().getSessionId();
        } catch (KeeperException.NoNodeException gone) {
            return false;
        } catch (Exception failed) {
            throw away(failed);
        }
    }

    /** Takes it away if it is ours. Idempotent. */
    void free() {
        try {
            if (ours()) {
                zookeeper.delete().quietly().forPath(path);
            }
        } catch (Exception left) {
            LOG.warn("{} stays until this keeper's session ends: {}", path, left.toString());
        }
    }

    private static StatusRuntimeException away(Exception failure) {
        if (failure instanceof InterruptedException) {
            Thread.currentThread().interrupt();
        }
        return Status.UNAVAILABLE.withDescription("zookeeper: " + failure).asRuntimeException();
    }
}
