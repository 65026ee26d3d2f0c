package io.longwire.sdk.phone;

import com.google.protobuf.ByteString;
import io.longwire.device.BroadcastSeen;
import io.longwire.device.credential.Credentials;
import io.longwire.device.v1.BindResult;
import io.longwire.device.v1.EndpointBinding;
import io.longwire.sdk.policy.ServerTime;
import io.longwire.sdk.store.v1.EndpointState;
import java.io.IOException;

/**
 * Writes bindings and keeps the connection sequences that go with them. The phone alone knows which of its connections
 * is the newest, so each binding carries a sequence above every one ever issued for that endpoint, kept on disk before
 * it is sent; beside it the one last sent or in force, by which a room that parked the session knows whether any other
 * room has seen this endpoint since. Belongs to the loop.
 */
final class Bindings {
    private static final long MILLIS = 1_000;

    private final ServerTime time;
    private final int appVersion;

    Bindings(ServerTime time, int appVersion) {
        this.time = time;
        this.appVersion = appVersion;
    }

    /**
     * The next binding of this app, its sequence kept.
     *
     * @param host the endpoint that owns the connection
     * @param sealedOnly whether the host must not read
     * @throws IOException the sequence could not be kept: the binding must not be sent
     */
    EndpointBinding next(App app, long host, boolean sealedOnly) throws IOException {
        EndpointState state = app.endpoint();
        long sequence = Math.max(state.getConnSeqIssued() + 1, time.nowMillis());
        app.store().keep(state.toBuilder().setConnSeqIssued(sequence).setConnSeqLast(sequence).build());
        byte[] credential = state.getCredential().toByteArray();
        byte[] proof = host == state.getEndpointId()
                ? credential
                : delegation(credential, host, sealedOnly);
        return EndpointBinding.newBuilder().setCredential(ByteString.copyFrom(proof)).setConnSeq(sequence)
                .setPrevConnSeq(state.getConnSeqLast()).setBcastSeen(broadcasts(app, time.nowMillis()))
                .setAppVersion(appVersion).build();
    }

    private byte[] delegation(byte[] credential, long host, boolean sealedOnly) {
        long now = time.nowMillis() / MILLIS;
        return sealedOnly
                ? Credentials.delegateSealed(credential, host, now)
                : Credentials.delegate(credential, host, now);
    }

    /** Takes over the sequence that the room says is in force. */
    void inForce(App app, BindResult result) throws IOException {
        EndpointState state = app.endpoint();
        long inForce = result.getConnSeq();
        if (inForce <= 0) {
            return;
        }
        // A resumed session keeps its older sequence, so the one just issued stays the highest. Any other answer is
        // the room's word on what was issued: lower when it clamped a clock that runs ahead, higher after EPOCH_OLD.
        long issued = result.getResumed() ? Math.max(state.getConnSeqIssued(), inForce) : inForce;
        EndpointState adopted = state.toBuilder().setConnSeqIssued(issued).setConnSeqLast(inForce)
                .setBcastFloor(Math.max(state.getBcastFloor(), result.getBcastFloor())).build();
        if (!adopted.equals(state)) {
            app.store().keep(adopted);
        }
    }

    /** Makes the next sequence of this app higher than the incumbent's. */
    void above(App app, long incumbent) throws IOException {
        EndpointState state = app.endpoint();
        if (incumbent > state.getConnSeqIssued()) {
            app.store().keep(state.toBuilder().setConnSeqIssued(incumbent).build());
        }
    }

    private static ByteString broadcasts(App app, long now) {
        long floor = app.endpoint().getBcastFloor();
        long[] seen = app.store().messages().broadcastsAbove(floor, now);
        return floor == 0 && seen.length == 0 ? ByteString.EMPTY : BroadcastSeen.of(floor, seen).encode();
    }
}
