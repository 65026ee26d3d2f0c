package io.longwire.center.client.admin;

import io.longwire.center.client.call.Times;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The books of what was accepted in a time: every row has ended, with a reason, or is live.
 *
 * @param rows accepted
 * @param ended by how
 * @param live not ended
 * @param gap rows less ended and live: anything but 0 is a loss
 * @param hidden live, but where no fetch finds it
 */
public record Conservation(long rows, Map<String, Long> ended, long live, long gap, long hidden,
        @Nullable Instant from, @Nullable Instant to) {

    /** Whether the books are right. */
    public boolean holds() {
        return gap == 0 && hidden == 0;
    }

    /** The books of this time and of the one that follows it. */
    public Conservation and(Conservation later) {
        var both = new HashMap<>(ended);
        later.ended.forEach((how, count) -> both.merge(how, count, Long::sum));
        return new Conservation(rows + later.rows, Map.copyOf(both), live + later.live, gap + later.gap,
                hidden + later.hidden, from, later.to);
    }

    static Conservation of(io.longwire.rpc.center.Conservation books) {
        return new Conservation(books.getRows(), Map.copyOf(books.getEndedMap()), books.getLive(), books.getGap(),
                books.getHidden(), Times.instant(books.getFromMs()), Times.instant(books.getToMs()));
    }
}
