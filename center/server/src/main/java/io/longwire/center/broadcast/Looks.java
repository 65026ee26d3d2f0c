package io.longwire.center.broadcast;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.longwire.keeper.clock.Clock;
import io.longwire.rpc.center.BroadcastInfo;
import io.longwire.rpc.center.ProductPace;
import io.longwire.rpc.saver.Broadcast;
import io.longwire.rpc.saver.BroadcastProgress;
import java.time.Duration;

/**
 * How fast a broadcast goes of late: this center remembers what it saw before, of at most {@value #MOST} broadcasts.
 * The first look says nothing of the rate. Thread-safe.
 */
public final class Looks {
    private static final int MOST = 10_000;
    private static final long LEAST_MILLIS = 900;
    private static final Duration KEPT = Duration.ofMinutes(1);

    private final Cache<Long, Look> looks;
    private final ProductPaces paces;
    private final Clock clock;

    /** What was seen, and the rates that it made with what was seen before. */
    private record Look(long atMillis, long written, long visited, double writes, double visits) {
    }

    /** @param paces what products' backends bear */
    public Looks(ProductPaces paces, Clock clock) {
        this.paces = paces;
        this.clock = clock;
        this.looks = Caffeine.newBuilder().maximumSize(MOST).expireAfterWrite(KEPT).ticker(clock::nanos)
                .executor(Runnable::run).build();
    }

    /** The progress as the API shows it, with rate and the time that is left. */
    BroadcastInfo info(BroadcastProgress progress) {
        Look look = looks.asMap().compute(progress.getBroadcast().getBroadcastId(),
                (id, before) -> before == null ? first(progress) : next(before, progress));
        var info = BroadcastText.info(progress);
        boolean goes = progress.getBroadcast().getState() == Broadcast.State.RUNNING;
        if (goes) {
            paced(info, progress);
        }
        if (look == null || !goes) {
            return info.build();
        }
        long left = Math.max(0, progress.getTotal() - progress.getVisited());
        return info.setRatePerSecond(Math.round(look.writes * 10) / 10.0)
                .setEtaMs(look.visits > 0 ? Math.round(1000 * left / look.visits) : 0).build();
    }

    private void paced(BroadcastInfo.Builder info, BroadcastProgress progress) {
        Limit limit = paces.of(progress.getBroadcast());
        double whole = PaceShares.whole(progress.getBroadcast().getPace(), progress.getTotal(), limit);
        if (whole > 0) {
            info.setProductPace(ProductPace.newBuilder().setRatePerSecond(Math.round(whole * 10) / 10.0)
                    .setReason(whole == limit.perSecond() ? "push_pace" : limit.why()));
        }
    }

    private Look first(BroadcastProgress progress) {
        return new Look(clock.millis(), progress.getWritten(), progress.getVisited(), 0, 0);
    }

    private Look next(Look before, BroadcastProgress progress) {
        long passed = clock.millis() - before.atMillis;
        if (passed < LEAST_MILLIS) {
            return before;
        }
        return new Look(clock.millis(), progress.getWritten(), progress.getVisited(),
                1000.0 * Math.max(0, progress.getWritten() - before.written) / passed,
                1000.0 * Math.max(0, progress.getVisited() - before.visited) / passed);
    }
}
