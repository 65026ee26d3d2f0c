package io.longwire.center.schedule;

import io.longwire.center.access.Scope;
import io.longwire.center.api.Callers;
import io.longwire.center.api.Calls;
import io.longwire.center.api.Feature;
import io.longwire.rpc.center.CreateScheduleRequest;
import io.longwire.rpc.center.ListSchedulesRequest;
import io.longwire.rpc.center.ScheduleName;

/** The calls about schedules. Thread-safe, never blocks. */
public record ScheduleCalls(Callers callers, Schedules schedules) implements Feature {
    @Override
    public void register(Calls.Table table) {
        var name = ScheduleName.getDefaultInstance();
        table.call("CreateSchedule", CreateScheduleRequest.getDefaultInstance(),
                (call, request) -> callers.withApp(call, Scope.SEND, app -> schedules.create(app, request)));
        table.call("ListSchedules", ListSchedulesRequest.getDefaultInstance(),
                (call, request) -> callers.as(call, Scope.READ, app -> schedules.list(app, request)));
        table.call("GetSchedule", name,
                (call, request) -> callers.as(call, Scope.READ, app -> schedules.get(app, request)));
        table.call("PauseSchedule", name,
                (call, request) -> callers.as(call, Scope.SEND, app -> schedules.pause(app, request)));
        table.call("ResumeSchedule", name,
                (call, request) -> callers.as(call, Scope.SEND, app -> schedules.resume(app, request)));
        table.call("DeleteSchedule", name,
                (call, request) -> callers.as(call, Scope.SEND, app -> schedules.delete(app, request)));
    }
}
