package io.longwire.center.schedule;

import io.longwire.rpc.saver.LeaseSchedulesRequest;
import io.longwire.rpc.saver.ListSchedulesReply;
import io.longwire.rpc.saver.ListSchedulesRequest;
import io.longwire.rpc.saver.Schedule;
import io.longwire.rpc.saver.ScheduleRequest;
import io.longwire.rpc.saver.SettleScheduleRequest;
import java.util.concurrent.CompletableFuture;

/** Where schedules are kept; the savers. Futures fail with RpcFailure within their deadline; all may be repeated. */
public interface ScheduleStore {
    /** The schedule in force: with an idempotency key used before, the earlier one, whatever its body. */
    CompletableFuture<Schedule> putSchedule(Schedule schedule);

    /** Looks, or changes the state; ABSENT = there is no such schedule of that app. */
    CompletableFuture<Schedule> schedule(ScheduleRequest request);

    CompletableFuture<ListSchedulesReply> schedules(ListSchedulesRequest request);

    /** Due ones, each leased to this caller. */
    CompletableFuture<ListSchedulesReply> leaseSchedules(LeaseSchedulesRequest request);

    CompletableFuture<Schedule> settleSchedule(SettleScheduleRequest request);
}
