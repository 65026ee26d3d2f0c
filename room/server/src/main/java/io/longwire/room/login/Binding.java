package io.longwire.room.login;

import io.longwire.register.client.PutResult;
import io.longwire.register.client.SessionListener;
import io.longwire.room.session.Connection;
import io.longwire.room.session.Session;

/** One endpoint on its way into the register under one conn_seq. Called on the connection's loop. */
final class Binding implements SessionListener {
    final BindRequest request;
    final int index;
    final Connection connection;
    final Session session;
    final long endpointId;
    final long connSeq;
    final long home;
    /** How often an incumbent has been outbid for it. */
    final int round;
    private final Binder binder;
    /** An incumbent is being asked for a sign of life. */
    boolean probing;

    Binding(Binder binder, BindRequest request, int index, Session session, int round) {
        this.binder = binder;
        this.request = request;
        this.index = index;
        this.connection = request.connection;
        this.session = session;
        this.endpointId = session.endpointId();
        this.connSeq = session.connSeq();
        this.home = connection.home();
        this.round = round;
    }

    /**
     * Whether the session is still the one this is about: not ended, not bound again, not moved to another socket.
     */
    boolean current() {
        return session.endpointId() == endpointId && session.connSeq() == connSeq
                && connection.phase() != Connection.CLOSED;
    }

    @Override
    public void onFirstAck(PutResult result) {
        binder.onAck(this, result, true);
    }

    @Override
    public void onSecondAck(PutResult result) {
        binder.onAck(this, result, false);
    }

    @Override
    public void onOwed(int acks) {
        if (acks == 0) {
            binder.onOwed(this);
        }
    }
}
