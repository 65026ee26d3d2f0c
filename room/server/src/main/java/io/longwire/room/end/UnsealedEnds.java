package io.longwire.room.end;

import io.longwire.device.v1.AckStatus;
import io.longwire.keeper.metrics.Metrics;
import io.longwire.keeper.metrics.Metrics.Counter;
import io.longwire.room.metric.RoomMetric;
import io.longwire.room.session.Loop;
import io.longwire.room.session.Session;
import io.longwire.rpc.saver.EndItem;
import io.longwire.rpc.saver.How;
import java.util.function.IntSupplier;

/**
 * Ends messages that may not be written because others would read them: in the phone's place, as if it had said that it
 * cannot use them. Left in the inbox they would block what is sealed. Owner: the loop.
 */
public final class UnsealedEnds {
    private final Loop loop;
    private final EndOutbox outbox;
    private final IntSupplier incarnation;
    private final Counter refused;

    /** @param incarnation the room's present one */
    public UnsealedEnds(Loop loop, EndOutbox outbox, IntSupplier incarnation, Metrics metrics) {
        this.loop = loop;
        this.outbox = outbox;
        this.incarnation = incarnation;
        this.refused = metrics.counter(RoomMetric.NOT_SEALED);
    }

    /** @param routedMillis 0 = not known */
    public void end(Session session, long messageId, long routedMillis) {
        refused.increment();
        outbox.add(EndItem.newBuilder().setKind(EndItem.Kind.ENDED).setHow(How.ACKED)
                .setCode(AckStatus.ACK_NOT_SEALED_VALUE).setEndpointId(session.endpointId()).setMessageId(messageId)
                .setAppId(session.appId()).setAtMs(loop.clock().wallMillis()).setRoutedMs(routedMillis)
                .setRoomIncarnation(incarnation.getAsInt()).build());
    }
}
