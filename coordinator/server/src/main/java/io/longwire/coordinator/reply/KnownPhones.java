package io.longwire.coordinator.reply;

import io.longwire.register.client.Lookup;
import io.longwire.register.client.RegisterClient;
import io.longwire.register.client.Session;
import io.longwire.room.client.ReplyOrder;
import io.longwire.room.client.RoomClient;
import io.longwire.rpc.room.ControlResult;
import java.util.concurrent.CompletableFuture;

/** The phones as the register and the rooms know them. Stateless. */
public record KnownPhones(RegisterClient register, RoomClient rooms) implements Phones {
    @Override
    public CompletableFuture<Lookup> find(long endpointId) {
        return register.lookup(endpointId);
    }

    @Override
    public CompletableFuture<Lookup> findElsewhere(Lookup.Online notThere) {
        return register.askOther(notThere);
    }

    @Override
    public CompletableFuture<ControlResult.Code> reply(Session session, ReplyOrder order) {
        return rooms.reply(io.longwire.rpc.register.Session.newBuilder().setEndpointId(session.endpointId())
                .setConnSeq(session.connSeq()).setRoomIncarnation(session.roomIncarnation())
                .setHandle(session.handle()).build(), order);
    }
}
