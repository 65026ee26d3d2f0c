package io.longwire.room.ack;

import io.longwire.device.v1.AckStatus;
import io.longwire.room.session.Session;
import io.longwire.room.session.Window;
import io.longwire.rpc.saver.EndItem;
import io.longwire.rpc.saver.How;
import java.util.function.IntSupplier;

/** Makes what is told to a saver about a message. Any thread. */
final class Ends {
    private final IntSupplier incarnation;

    /** @param incarnation the room's present one */
    Ends(IntSupplier incarnation) {
        this.incarnation = incarnation;
    }

    /** A message of the window was acked with this status, DEFERRED included. */
    EndItem acked(Window window, int i, int status, long wallMillis) {
        Session session = window.session(i);
        return ended(session, window.id(i), status, wallMillis).setRoutedMs(window.routedMillis(i))
                .setWrittenMs(window.writtenMillis(i)).setAttempts(window.attempts(i)).build();
    }

    /** A message that is not in the window was acked: of an earlier socket, or of another endpoint. */
    EndItem ackedLate(Session session, long messageId, int status, long wallMillis) {
        return ended(session, messageId, status, wallMillis).build();
    }

    /** A READY endpoint did not ack this message. */
    EndItem unacked(Window window, int i, long wallMillis) {
        Session session = window.session(i);
        return EndItem.newBuilder().setKind(EndItem.Kind.UNACKED).setEndpointId(session.endpointId())
                .setMessageId(window.id(i)).setAppId(session.appId()).setAtMs(wallMillis)
                .setRoutedMs(window.routedMillis(i)).setWrittenMs(window.writtenMillis(i)).setAttempts(1)
                .setRoomIncarnation(incarnation.getAsInt()).build();
    }

    private EndItem.Builder ended(Session session, long messageId, int status, long wallMillis) {
        EndItem.Builder item = EndItem.newBuilder().setEndpointId(session.endpointId()).setMessageId(messageId)
                .setAppId(session.appId()).setCode(status).setAtMs(wallMillis)
                .setRoomIncarnation(incarnation.getAsInt());
        return status == AckStatus.ACK_DEFERRED_VALUE
                ? item.setKind(EndItem.Kind.DEFERRED)
                : item.setKind(EndItem.Kind.ENDED).setHow(How.ACKED);
    }
}
