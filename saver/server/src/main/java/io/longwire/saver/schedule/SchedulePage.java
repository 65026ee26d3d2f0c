package io.longwire.saver.schedule;

import io.longwire.rpc.saver.Schedule;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * One page of schedules by id, out of what each shard gave. A shard whose part was cut because it was too large for an
 * answer has more behind its last one, so nothing behind that goes into the page: the next page begins where this one
 * ends, and would pass it by. For one thread.
 */
final class SchedulePage {
    private final int limit;
    private final List<Schedule> found = new ArrayList<>();
    private long end = Long.MAX_VALUE;

    SchedulePage(int limit) {
        this.limit = limit;
    }

    /** What one shard gave, by id. */
    void add(List<Schedule> part) {
        found.addAll(part);
        if (part.stream().mapToInt(ScheduleRows::bytes).sum() >= ScheduleRows.MAX_BYTES) {
            end = Math.min(end, part.getLast().getScheduleId());
        }
    }

    /** At most so many, and as many as fit into an answer; none only if there is none. */
    List<Schedule> schedules() {
        found.sort(Comparator.comparingLong(Schedule::getScheduleId));
        var page = new ArrayList<Schedule>();
        int bytes = 0;
        for (Schedule schedule : found) {
            if (page.size() == limit || schedule.getScheduleId() > end || bytes >= ScheduleRows.MAX_BYTES) {
                break;
            }
            page.add(schedule);
            bytes += ScheduleRows.bytes(schedule);
        }
        return page;
    }
}
