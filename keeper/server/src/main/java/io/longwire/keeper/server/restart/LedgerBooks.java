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

    /**
     * From when it began; empty = no saver answered. A message that is just being taken has no place yet: whoever asks
     * again for the same time sees it find one.
     */
    Optional<Conservation> account(long untilMillis) {
        try {
            var time = ConservationRequest.newBuilder().setFromMs(fromMillis).setToMs(untilMillis).build();
            return Optional.of(SaverGrpc.newBlockingStub(rpc.anyChannel("saver"))
                    .withDeadlineAfter(SECONDS, TimeUnit.SECONDS).getConservation(time));
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
