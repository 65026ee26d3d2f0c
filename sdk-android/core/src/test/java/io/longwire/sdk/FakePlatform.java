package io.longwire.sdk;

import com.google.protobuf.ByteString;
import io.longwire.device.id.MessageId;
import io.longwire.device.v1.Push;
import io.longwire.sdk.loop.SdkClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** A dispatcher, rooms and messages for one test; closes what it made. */
final class FakePlatform implements AutoCloseable {
    final FakeDispatcher dispatcher;
    private final List<FakeRoom> rooms = new ArrayList<>();
    private final AtomicInteger counter = new AtomicInteger();

    FakePlatform() {
        try {
            dispatcher = new FakeDispatcher();
        } catch (IOException noPort) {
            throw new UncheckedIOException(noPort);
        }
    }

    /** One more room, which the dispatcher does not name yet. */
    FakeRoom room() {
        try {
            FakeRoom room = new FakeRoom(dispatcher.verifier);
            rooms.add(room);
            return room;
        } catch (IOException noPort) {
            throw new UncheckedIOException(noPort);
        }
    }

    /** One more room, and from now on the only one that the dispatcher names. */
    FakeRoom onlyRoom() {
        FakeRoom room = room();
        dispatcher.serve(room);
        return room;
    }

    /** One more room, behind TLS. */
    FakeRoom room(ServerSocket tls) {
        FakeRoom room = new FakeRoom(dispatcher.verifier, tls, true);
        rooms.add(room);
        return room;
    }

    /** A message for an endpoint, good for an hour. */
    Push message(long endpoint, int appId, String text) {
        long now = SdkClock.system().wallMillis();
        return Push.newBuilder().setEndpointId(endpoint).setAppId(appId)
                .setMessageId(MessageId.of(now, 1, counter.incrementAndGet())).setAcceptedMs(now)
                .setExpireAtMs(now + 3_600_000).setPayload(ByteString.copyFromUtf8(text)).build();
    }

    @Override
    public void close() throws IOException {
        for (FakeRoom room : rooms) {
            room.close();
        }
        dispatcher.close();
    }
}
