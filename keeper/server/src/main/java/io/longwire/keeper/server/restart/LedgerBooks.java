package io.longwire.keeper.server.restart;

import io.grpc.StatusRuntimeException;
import io.longwire.keeper.rpc.Rpc;
import io.longwire.keeper.rpc.RpcFailure;
import io.longwire.rpc.operate.RestartReport;
import io.longwire.rpc.saver.Conservation;
import io.longwire.rpc.saver.ConservationRequest;
import io.longwire.rpc.saver.SaverGrpc;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The ledger's own account of the time of a restart: rows without an end or a place. Calls block. */
final class LedgerBooks {
    private static final long SECONDS = 40;

    private final Rpc rpc;
    private final long fromMillis;

    LedgerBooks(Rpc rpc, long fromMillis) {
        this.rpc = rpc;
        this.fromMillis = fromMillis;
    }

    /** Since it began; empty = no saver answered. */
    Optional<Conservation> account() {
        try {
            return Optional.of(SaverGrpc.newBlockingStub(rpc.anyChannel("saver"))
                    .withDeadlineAfter(SECONDS, TimeUnit.SECONDS)
                    .getConservation(ConservationRequest.newBuilder().setFromMs(fromMillis).build()));
        } catch (StatusRuntimeException | RpcFailure silent) {
            return Optional.empty();
        }
    }

    static long lost(Conservation account) {
        return account.getGap() + account.getHidden();
    }

    static void write(Optional<Conservation> account, RestartReport.Builder into) {
        account.ifPresent(found -> into.setMessagesCounted(true).setMessagesAccepted(found.getRows())
                .setMessagesLost(lost(found)));
    }
}
