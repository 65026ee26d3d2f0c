package io.longwire.bench.load;

import com.google.protobuf.ByteString;
import io.longwire.bench.endpoint.BenchEndpoint;
import io.longwire.bench.message.Stamp;
import io.longwire.device.id.MessageId;
import io.longwire.device.v1.Push;
import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.service.Service;
import io.longwire.keeper.service.StartFailure;
import io.longwire.register.client.Lookup;
import io.longwire.register.client.RegisterClient;
import io.longwire.room.client.RoomClient;
import io.longwire.rpc.register.Session;
import io.longwire.rpc.room.PushItem;
import io.longwire.rpc.room.PushResult;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Pushes straight to a room, as center does after its lookup, so that a room alone is measured. The lookups are done
 * once, before the load. DURABLE items: the device acks each, the room tells its saver.
 */
public final class RoomTarget implements Target {
    private static final long LIFE_MILLIS = 3_600_000;

    private final RoomClient rooms;
    private final Session[] sessions;
    private final int appId;
    private final int payloadBytes;
    private final Clock clock;
    private final long firstId;

    private RoomTarget(RoomClient rooms, Session[] sessions, int appId, int payloadBytes, Clock clock) {
        this.rooms = rooms;
        this.sessions = sessions;
        this.appId = appId;
        this.payloadBytes = payloadBytes;
        this.clock = clock;
        this.firstId = MessageId.firstOf(clock.wallMillis());
    }

    /** To these endpoints, which must all be online. */
    public static RoomTarget to(List<BenchEndpoint> endpoints, int payloadBytes, Service service) {
        var sessions = new Session[endpoints.size()];
        try (var register = new RegisterClient(service.rpc(), service.cluster(), service.clock(), service.metrics())) {
            for (int i = 0; i < sessions.length; i++) {
                sessions[i] = session(register.lookup(endpoints.get(i).id()).join(), endpoints.get(i));
            }
        }
        return new RoomTarget(new RoomClient(service.rpc(), service.cluster()), sessions,
                endpoints.getFirst().appId(), payloadBytes, service.clock());
    }

    private static Session session(Lookup answer, BenchEndpoint endpoint) {
        if (!(answer instanceof Lookup.Online online)) {
            throw new StartFailure("register: " + answer + " for " + endpoint.text() + " (expected: online)", null);
        }
        var found = online.session();
        return Session.newBuilder().setEndpointId(found.endpointId()).setConnSeq(found.connSeq())
                .setRoomIncarnation(found.roomIncarnation()).setHandle(found.handle()).build();
    }

    @Override
    public CompletableFuture<String[]> send(int[] endpoints, int run, long firstNumber, long nanos) {
        if (endpoints.length != 1) {
            throw new IllegalArgumentException("messages a call: " + endpoints.length + " (expected: 1)");
        }
        Session session = sessions[endpoints[0]];
        // Ids of a run are all different; runs are a minute of ids apart.
        long id = firstId + ((long) run << 40) + firstNumber;
        long now = clock.wallMillis();
        Push push = Push.newBuilder().setEndpointId(session.getEndpointId()).setMessageId(id).setAppId(appId)
                .setPayload(ByteString.copyFrom(Stamp.payload(payloadBytes, run, firstNumber, nanos)))
                .setExpireAtMs(now + LIFE_MILLIS).setAcceptedMs(now).setRoutedMs(now).build();
        PushItem item = RoomClient.pushTo(session).setMessageId(id).setAppId(appId).setAcceptedMs(now)
                .setRoutedMs(now).setExpireAtMs(now + LIFE_MILLIS).setEnvelope(push.toByteString()).build();
        return rooms.push(session, item).thenApply(code -> new String[]{
                code == PushResult.Code.WRITTEN ? ACCEPTED : code.name()});
    }

    @Override
    public void close() {
        rooms.close();
    }
}
