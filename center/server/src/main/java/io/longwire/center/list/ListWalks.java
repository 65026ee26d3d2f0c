package io.longwire.center.list;

import io.longwire.center.access.Apps;
import io.longwire.center.access.Quotas;
import io.longwire.center.revoke.Revokes;
import io.longwire.rpc.saver.Broadcast;
import io.longwire.rpc.saver.BroadcastProgress;
import io.longwire.rpc.saver.Walk;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongFunction;
import java.util.stream.Collectors;

/**
 * The ranges of lists that this center walks. Whoever leases walks orders each of its ranges once a second, and gets
 * how far it is; a range that is ordered no more stops by itself. Holds one chunk for each range that is leased.
 * Thread-safe, never blocks.
 */
public final class ListWalks {
    private static final Duration FORGET = Duration.ofMinutes(1);
    private static final Duration ROUND = Duration.ofMillis(20);
    private static final long REFRESH_MILLIS = 900;

    private final Sending sending;
    private final Behind behind;
    private final Map<Key, RangeWalk> ranges = new ConcurrentHashMap<>();
    private final Map<Long, Followed> courses = new ConcurrentHashMap<>();

    /**
     * Whom else it asks.
     *
     * @param progress of a broadcast, over all of its ranges
     * @param pace asked anew every second
     */
    public record Behind(Apps apps, Quotas quotas, Revokes revokes,
            LongFunction<CompletableFuture<BroadcastProgress>> progress, BackendPace pace) {
    }

    private record Key(long broadcast, int room) {
        static Key of(Walk walk) {
            return new Key(walk.getBroadcastId(), walk.getRoomIncarnation());
        }
    }

    /** A course, and when it was refreshed last. */
    private static final class Followed {
        private final Course course;
        private long refreshedMillis = Long.MIN_VALUE; // guarded by this

        Followed(Course course) {
            this.course = course;
        }

        synchronized boolean due(long nowMillis) {
            if (refreshedMillis != Long.MIN_VALUE && nowMillis - refreshedMillis < REFRESH_MILLIS) {
                return false;
            }
            refreshedMillis = nowMillis;
            return true;
        }
    }

    public ListWalks(Sending sending, Behind behind) {
        this.sending = sending;
        this.behind = behind;
    }

    /** Whether a walk is one of a list's ranges. */
    public static boolean isOf(Walk walk) {
        return walk.getBroadcast().getListId() != 0;
    }

    /** The name of a code of those counted as failed; empty = it is none of a list's. */
    public static String failure(int code) {
        return switch (code) {
            case SendRange.UNKNOWN_ENDPOINT -> "unknown_endpoint";
            case SendRange.REJECTED -> "rejected";
            default -> "";
        };
    }

    /**
     * All that was leased this time: ranges that are not among them rest at once, since what is cancelled or over is
     * leased to nobody.
     */
    public void leased(List<Walk> walks) {
        if (!ranges.isEmpty()) {
            Set<Key> leased = walks.stream().map(Key::of).collect(Collectors.toSet());
            ranges.forEach((key, range) -> {
                if (!leased.contains(key)) {
                    range.rest();
                }
            });
        }
    }

    /** Walks a range that was leased just now, as its broadcast is by now; answers how far it is. */
    public Walk order(Walk leased) {
        Broadcast broadcast = leased.getBroadcast();
        Followed followed = courses.computeIfAbsent(broadcast.getBroadcastId(),
                id -> new Followed(new Course(broadcast, behind.quotas, sending.clock())));
        followed.course.update(broadcast);
        RangeWalk range = ranges.compute(Key.of(leased), (key, there) -> {
            if (there != null && there.epoch() == leased.getEpoch()) {
                return there;
            }
            if (there != null) {
                there.drop();
            }
            return new RangeWalk(leased, followed.course, work(leased, followed.course), sending.clock(),
                    sending.metrics());
        });
        range.renew();
        if (followed.due(sending.clock().millis())) {
            // By then the other ranges of this round are ordered too.
            sending.clock().schedule(ROUND, () -> refresh(followed.course));
            forget();
        }
        range.go();
        return range.status();
    }

    /** What a broadcast to a list has become; of any other, and of one that is not walked here, nothing. */
    public void tell(Broadcast now) {
        Followed followed = courses.get(now.getBroadcastId());
        if (followed != null) {
            if (followed.course.update(now)) {
                refresh(followed.course);
            }
            ranges.values().stream().filter(range -> range.broadcast() == now.getBroadcastId())
                    .forEach(RangeWalk::go);
        }
    }

    /** The lease of a range is another's by now. */
    public void fenced(Walk walk) {
        RangeWalk range = ranges.get(Key.of(walk));
        if (range != null && range.epoch() == walk.getEpoch()) {
            range.drop();
        }
    }

    private RangeWork work(Walk leased, Course course) {
        Broadcast broadcast = course.broadcast();
        return broadcast.getReplaces() == 0
                ? new SendRange(leased, course, sending, () -> open(broadcast.getBroadcastId()))
                : new RevokeRange(leased, broadcast, sending.store(), behind.revokes, sending.clock());
    }

    private int open(long broadcast) {
        return (int) ranges.values().stream()
                .filter(range -> range.broadcast() == broadcast && range.left() > 0 && isFresh(range)).count();
    }

    private long left(long broadcast) {
        return ranges.values().stream().filter(range -> range.broadcast() == broadcast && isFresh(range))
                .mapToLong(RangeWalk::left).sum();
    }

    private static boolean isFresh(RangeWalk range) {
        return range.idle().compareTo(RangeWalk.PATIENCE) < 0;
    }

    // What does not answer is asked again in a second; until then it goes as it went.
    private void refresh(Course course) {
        Broadcast broadcast = course.broadcast();
        behind.apps.app(broadcast.getAppId()).thenAccept(course::app);
        if (broadcast.getPace().getRatePerSecond() == 0 && broadcast.getPace().getDurationS() == 0
                && behind.pace.bound(broadcast, 0, 1) == 0) {
            course.unlimited();
            return;
        }
        behind.progress.apply(broadcast.getBroadcastId())
                .thenAccept(progress -> course.share(progress, left(broadcast.getBroadcastId()), behind.pace));
    }

    private void forget() {
        ranges.values().removeIf(range -> range.idle().compareTo(FORGET) > 0);
        courses.keySet().removeIf(id -> ranges.keySet().stream().noneMatch(key -> key.broadcast() == id));
    }
}
