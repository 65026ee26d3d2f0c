package io.longwire.keeper.cluster;

import java.time.Duration;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.BoundedExponentialBackoffRetry;

/** Connections to ZooKeeper as all parts make them. */
public final class ZooKeeperClient {
    private static final int RETRY_FIRST_MILLIS = 50;
    private static final int RETRY_MOST_MILLIS = 1000;
    private static final int RETRIES = 4;
    private static final int CONNECT_MILLIS = 5000;

    private ZooKeeperClient() {
    }

    /**
     * A started client within the deployment's folder; it connects in the background, and again for ever.
     *
     * @param zookeeper connect string, host:port[,host:port...]
     */
    public static CuratorFramework connect(String zookeeper, String namespace, Duration session) {
        int sessionMillis = Math.toIntExact(session.toMillis());
        CuratorFramework client = CuratorFrameworkFactory.builder().connectString(zookeeper)
                .namespace("longwire/" + namespace).sessionTimeoutMs(sessionMillis)
                .connectionTimeoutMs(Math.min(sessionMillis, CONNECT_MILLIS)).ensembleTracker(false)
                .retryPolicy(new BoundedExponentialBackoffRetry(RETRY_FIRST_MILLIS, RETRY_MOST_MILLIS, RETRIES))
                .build();
        client.start();
        return client;
    }
}
