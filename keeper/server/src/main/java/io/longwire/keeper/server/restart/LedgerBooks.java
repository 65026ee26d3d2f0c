package io.longwire.keeper.server.restart;

import io.grpc.StatusRuntimeException;
import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.rpc.Rpc;
import io.longwire.keeper.rpc.RpcFailure;
import io.longwire.rpc.operate.RestartReport;
import io.longwire.rpc.saver.Conservation;
import io.longwire.rpc.saver.ConservationRequest;
import io.longwire.rpc.saver.SaverGrpc;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

/** The ledger's own account of the time of a restart: rows without an end or a place. Calls block. */
final class LedgerBooks {
    private static final long SECONDS = 40;
    private static final long DAY = Duration.ofHours(24).toMillis(); // a saver counts no longer time at once
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration LOOK = Duration.ofMillis(200);

    private final Function<ConservationRequest, Conservation> savers;
    private final long fromMillis;
    private final Clock clock;
    private final Runnable pause;

    /**
     * @param counted false: no saver answered, the rest says nothing
     * @param settled nobody need ask again for the same time
     */
    record Account(boolean counted, long rows, long lost, boolean settled) {
        private static final Account SILENCE = new Account(false, 0, 0, false);
        private static final Account NOBODY = new Account(false, 0, 0, true);

        void write(RestartReport.Builder into) {
            into.setMessagesCounted(counted).setMessagesAccepted(rows).setMessagesLost(lost);
        }
    }

    /**
     * @param savers fails with StatusRuntimeException when one does not answer, with RpcFailure when there is none
     * @param pause what it does before it asks again
     */
    LedgerBooks(Function<ConservationRequest, Conservation> savers, long fromMillis, Clock clock, Runnable pause) {
        this.savers = savers;
        this.fromMillis = fromMillis;
        this.clock = clock;
        this.pause = pause;
    }

    static LedgerBooks of(Rpc rpc, long fromMillis, Clock clock) {
        return new LedgerBooks(time -> SaverGrpc.newBlockingStub(rpc.anyChannel("saver"))
                .withDeadlineAfter(SECONDS, TimeUnit.SECONDS).getConservation(time), fromMillis, clock,
                () -> LockSupport.parkNanos(LOOK.toNanos()));
    }

    /**
     * The last account a saver gave. While there is anything amiss it asks again, for half a minute: a message that is
     * just being taken has no place yet, and rows that are written while they are counted come out as too many.
     */
    Account account(long untilMillis) {
        long end = clock.nanos() + PATIENCE.toNanos();
        Account last = look(untilMillis);
        while (!last.settled() && clock.nanos() - end < 0 && !Thread.currentThread().isInterrupted()) {
            pause.run();
            Account next = look(untilMillis);
            if (next.counted()) {
                last = next;
            }
        }
        return last;
    }

    // From when it began, a day at a time. A gap below 0 tells of rows that came meanwhile: they make up for no loss.
    Account look(long untilMillis) {
        long rows = 0;
        long lost = 0;
        boolean settled = true;
        try {
            for (long from = fromMillis; from < untilMillis; from += DAY) {
                Conservation day = savers.apply(ConservationRequest.newBuilder().setFromMs(from)
                        .setToMs(Math.min(untilMillis, from + DAY)).build());
                rows += day.getRows();
                lost += Math.max(0, day.getGap()) + day.getHidden();
                settled &= day.getGap() == 0 && day.getHidden() == 0;
            }
            return new Account(true, rows, lost, settled);
        } catch (StatusRuntimeException silent) {
            return Account.SILENCE;
        } catch (RpcFailure nobody) {
            return Account.NOBODY;
        }
    }
}
