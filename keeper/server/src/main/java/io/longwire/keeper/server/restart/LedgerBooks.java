package io.longwire.keeper.server.restart;

import io.grpc.StatusRuntimeException;
import io.longwire.keeper.rpc.Rpc;
import io.longwire.keeper.rpc.RpcFailure;
import io.longwire.rpc.operate.RestartReport;
import io.longwire.rpc.saver.Conservation;
import io.longwire.rpc.saver.ConservationRequest;
import io.longwire.rpc.saver.SaverGrpc;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** The ledger's own account of the time of a restart: rows without an end or a place. Calls block. */
final class LedgerBooks {
    private static final long SECONDS = 40;
    private static final long DAY = Duration.ofHours(24).toMillis(); // a saver counts no longer time at once

    private final Function<ConservationRequest, Conservation> savers;
    private final long fromMillis;

    /** @param savers fails with StatusRuntimeException or RpcFailure when none answers */
    LedgerBooks(Function<ConservationRequest, Conservation> savers, long fromMillis) {
        this.savers = savers;
        this.fromMillis = fromMillis;
    }

    static LedgerBooks of(Rpc rpc, long fromMillis) {
        return new LedgerBooks(time -> SaverGrpc.newBlockingStub(rpc.anyChannel("saver"))
                .withDeadlineAfter(SECONDS, TimeUnit.SECONDS).getConservation(time), fromMillis);
    }

    /**
     * From when it began, a day at a time; empty = no saver answered. A message that is just being taken has no place
     * yet: whoever asks again for the same time sees it find one.
     */
    Optional<Conservation> account(long untilMillis) {
        var sum = Conservation.newBuilder();
        try {
            for (long from = fromMillis; from < untilMillis; from += DAY) {
                Conservation day = savers.apply(ConservationRequest.newBuilder().setFromMs(from)
                        .setToMs(Math.min(untilMillis, from + DAY)).build());
                sum.setRows(sum.getRows() + day.getRows()).setGap(sum.getGap() + day.getGap())
                        .setHidden(sum.getHidden() + day.getHidden());
            }
            return Optional.of(sum.build());
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
