package io.longwire.room;

import com.google.protobuf.ByteString;
import io.longwire.device.PushFrames;
import io.longwire.device.credential.Claims;
import io.longwire.device.credential.CredentialKeys;
import io.longwire.device.credential.Credentials;
import io.longwire.device.id.MessageId;
import io.longwire.device.v1.EndpointBinding;
import io.longwire.device.v1.Push;
import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.cluster.Slots;
import io.longwire.keeper.cluster.ZooKeeperClient;
import io.longwire.keeper.cluster.ZooKeeperPaths;
import io.longwire.keeper.config.ConfigNode;
import io.longwire.keeper.config.ConfigReader;
import io.longwire.keeper.service.HaltPoints;
import io.longwire.keeper.service.Secrets;
import io.longwire.keeper.service.SecretsFile;
import io.longwire.keeper.service.Service;
import io.longwire.keeper.service.Wiring;
import io.longwire.rpc.cluster.SlotMapRecord;
import io.longwire.rpc.saver.StoredMessage;
import io.longwire.testkit.stores.ZooKeeperServer;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.curator.framework.CuratorFramework;

/** A room and in-memory neighbours on one real ZooKeeper; the test publishes the slot maps in keeper's place. */
final class Deployment implements AutoCloseable {
    static final int APP = 12;

    final ZooKeeperServer zookeeper;
    final InMemorySaver saver = new InMemorySaver();
    final InMemoryBroadcasts broadcasts = new InMemoryBroadcasts();
    private final Path directory;
    private final CuratorFramework keeper;
    private final Deque<Service> running = new ArrayDeque<>();
    private final AtomicInteger minted = new AtomicInteger();
    private int started;
    private long epoch;

    /** A part and the register it serves. */
    record Owner(Service service, InMemoryRegister register) {
    }

    Deployment(Path directory) throws Exception {
        this.directory = directory;
        SecretsFile.create(directory.resolve("secrets.yaml"));
        zookeeper = ZooKeeperServer.start(ZooKeeperServer.Options.in(directory.resolve("zookeeper")));
        keeper = ZooKeeperClient.connect(zookeeper.connectString(), "longwire", Duration.ofSeconds(10));
        part("saver", zookeeper.port(), "10s", node -> "", (service, none) -> {
            service.serve(saver);
            service.serve(broadcasts);
        });
    }

    /** @param zookeeperPort that of a proxy, to be cut off by it */
    Service room(int zookeeperPort, String session) {
        return part("room", zookeeperPort, session, RoomConfig::read, RoomMain::wire);
    }

    Owner register() {
        var made = new CompletableFuture<InMemoryRegister>();
        Service service = part("register", zookeeper.port(), "10s", node -> "", (s, none) -> {
            var register = new InMemoryRegister(s.cluster());
            made.complete(register);
            s.serve(register);
        });
        return new Owner(service, made.join());
    }

    /** Every slot to this one owner. */
    void publish(Owner owner) throws Exception {
        var map = SlotMapRecord.newBuilder().setEpoch(++epoch)
                .addInstances(owner.service.cluster().self().instance())
                .addAddresses(owner.service.cluster().self().rpcAddress()).addIdcs("local");
        ByteBuffer pairs = ByteBuffer.allocate(Slots.COUNT * 2 * Short.BYTES);
        for (int slot = 0; slot < Slots.COUNT; slot++) {
            pairs.putShort((short) 0).putShort((short) 0xffff);
        }
        keeper.create().orSetData().creatingParentsIfNeeded().forPath(ZooKeeperPaths.REGISTER_MAP,
                map.setOwners(ByteString.copyFrom(pairs.flip())).build().toByteArray());
    }

    static int port(Service room) {
        String listen = room.cluster().self().attributes().getOrDefault("listen", "");
        return Integer.parseInt(listen.substring(listen.lastIndexOf(':') + 1));
    }

    static EndpointBinding binding(Service room, long endpointId) {
        Secrets secrets = room.secrets().get();
        long now = Clock.system().wallMillis();
        byte[] credential = Credentials.issue(CredentialKeys.of(secrets.signingKeyId(), secrets.credentialKeys()),
                new Claims(secrets.signingKeyId(), APP, endpointId, 1, now / 1000, now / 1000 + 3600));
        return EndpointBinding.newBuilder().setCredential(ByteString.copyFrom(credential)).setConnSeq(now).build();
    }

    /** Puts a message into the inbox alone. */
    long store(long endpointId) {
        long id = MessageId.of(Clock.system().wallMillis(), 1, minted.incrementAndGet());
        saver.store.store(endpointId, StoredMessage.newBuilder().setMessageId(id)
                .setEnvelope(ByteString.copyFrom(PushFrames.encode(Push.newBuilder().setEndpointId(endpointId)
                        .setMessageId(id).setAppId(APP).setPayload(ByteString.copyFromUtf8("hello")).build())))
                .build());
        return id;
    }

    private <C> Service part(String name, int zookeeperPort, String session, ConfigReader<C> reader,
            Wiring<C> wiring) {
        Service service = Service.start(name,
                ConfigNode.of(Map.of("service",
                        Map.of("zookeeper", "127.0.0.1:" + zookeeperPort, "session", session, "drain", "0", "dataDir",
                                directory.resolve("part-" + ++started).toString(), "secrets",
                                directory.resolve("secrets.yaml").toString()))),
                reader, wiring, HaltPoints.none());
        running.push(service);
        return service;
    }

    @Override
    public void close() {
        for (Service part : running) {
            part.close();
        }
        keeper.close();
        zookeeper.close();
    }
}
