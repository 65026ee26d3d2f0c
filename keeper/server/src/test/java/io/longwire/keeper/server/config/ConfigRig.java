package io.longwire.keeper.server.config;

import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import io.longwire.keeper.config.ConfigNode;
import io.longwire.keeper.config.YamlFile;
import io.longwire.keeper.server.KeeperConfig;
import io.longwire.keeper.server.KeeperMain;
import io.longwire.keeper.service.HaltPoints;
import io.longwire.keeper.service.SecretsFile;
import io.longwire.keeper.service.Service;
import io.longwire.rpc.keeper.ConfigScope;
import io.longwire.rpc.keeper.ConfigServiceGrpc;
import io.longwire.rpc.keeper.ConfigVersion;
import io.longwire.rpc.keeper.PutConfigReply;
import io.longwire.rpc.keeper.PutConfigRequest;
import io.longwire.rpc.keeper.Rollout;
import io.longwire.rpc.keeper.StartRolloutRequest;
import io.longwire.rpc.keeper.WatchRolloutRequest;
import io.longwire.testkit.stores.ZooKeeperServer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/** A ZooKeeper, keepers and working parts in this JVM, and an operator who knows the key. */
final class ConfigRig {
    private static final Metadata.Key<String> AUTHORIZATION = Metadata.Key.of("authorization",
            Metadata.ASCII_STRING_MARSHALLER);
    private static final int QUICK_MILLIS = 700;

    final ZooKeeperServer zookeeper;
    private final Path data;
    private final String operatorKey;
    private final Deque<AutoCloseable> running = new ArrayDeque<>();

    ConfigRig(Path data) throws IOException {
        this.data = data;
        this.operatorKey = SecretsFile.create(data.resolve("secrets.yaml"));
        this.zookeeper = ZooKeeperServer.start(ZooKeeperServer.Options.in(data.resolve("zookeeper")));
    }

    Service keeper(String name) {
        return own(
                Service.start("keeper", node(name, Map.of("holdDown", "1s"), "0"), KeeperConfig::read, KeeperMain::wire,
                        HaltPoints.none()));
    }

    /** A process that works all the time, and fails as often as it is configured to. */
    WorkingPart part(String part, String name) {
        return part(part, name, Map.of());
    }

    /** The same with keys in its own file. */
    WorkingPart part(String part, String name, Map<String, Object> file) {
        return start(part, name, node(name, file, "0"));
    }

    /** One that drains for a while when it is closed. */
    WorkingPart draining(String part, String name) {
        return start(part, name, node(name, Map.of(), "10s"));
    }

    private WorkingPart start(String part, String name, ConfigNode node) {
        var working = new WorkingPart(name);
        working.service = own(Service.start(part, node, WorkingPart.Config::read, working::wire, HaltPoints.none()));
        return working;
    }

    ConfigServiceGrpc.ConfigServiceBlockingStub operator(Service keeper) {
        return caller(keeper, operatorKey);
    }

    ConfigServiceGrpc.ConfigServiceBlockingStub caller(Service keeper, String key) {
        ManagedChannel channel = NettyChannelBuilder.forTarget("dns:///" + keeper.cluster().self().rpcAddress())
                .usePlaintext().build();
        own(() -> channel.shutdownNow());
        var headers = new Metadata();
        headers.put(AUTHORIZATION, "Bearer " + key);
        return ConfigServiceGrpc.newBlockingStub(channel)
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
    }

    static ConfigVersion put(ConfigServiceGrpc.ConfigServiceBlockingStub operator, String part, String yaml) {
        PutConfigReply reply = operator.put(PutConfigRequest.newBuilder().setPart(part).setYaml(yaml)
                .setAuthor("ada").setComment("because").build());
        if (reply.getMistakesCount() > 0) {
            throw new AssertionError(reply.getMistakesList());
        }
        return reply.getVersion();
    }

    static PutConfigReply put(ConfigServiceGrpc.ConfigServiceBlockingStub operator, String part, String instance,
            String yaml) {
        return operator.put(PutConfigRequest.newBuilder().setPart(part).setYaml(yaml)
                .setScope(ConfigScope.newBuilder().setInstance(instance)).build());
    }

    /** Begins a rollout of the newest version with short times. */
    static Rollout begin(ConfigServiceGrpc.ConfigServiceBlockingStub operator, String part) {
        return operator.startRollout(StartRolloutRequest.newBuilder().setPart(part).setAuthor("ada")
                .setBakeMs(QUICK_MILLIS).setObserveMs(QUICK_MILLIS).build());
    }

    /** Follows it to its end. */
    static Rollout end(ConfigServiceGrpc.ConfigServiceBlockingStub operator, String part) {
        Rollout last = Rollout.getDefaultInstance();
        for (Iterator<Rollout> changes = operator.watchRollout(WatchRolloutRequest.newBuilder().setPart(part)
                .build()); changes.hasNext();) {
            last = changes.next();
        }
        return last;
    }

    /** Closes a process as a crash would: it says nothing to anybody before. */
    static void crash(WorkingPart part) {
        part.service().close();
    }

    private <T extends AutoCloseable> T own(T started) {
        running.push(started);
        return started;
    }

    private ConfigNode node(String name, Map<String, Object> more, String drain) {
        var root = new LinkedHashMap<String, Object>(more);
        root.put("service", Map.of("name", name, "zookeeper", zookeeper.connectString(), "dataDir",
                data.resolve(name).toString(), "secrets", data.resolve("secrets.yaml").toString(), "session", "3s",
                "drain", drain));
        return YamlFile.of(name + ".yaml", YamlFile.print(root)).root();
    }

    void close() throws Exception {
        for (AutoCloseable one : running) {
            one.close();
        }
        zookeeper.close();
    }
}
