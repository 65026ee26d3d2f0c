package io.longwire.center.status;

import io.longwire.center.access.Scope;
import io.longwire.center.api.Callers;
import io.longwire.center.api.Calls;
import io.longwire.center.api.Feature;
import io.longwire.rpc.center.GetEndpointRequest;
import io.longwire.rpc.center.GetEndpointsRequest;
import io.longwire.rpc.center.GetHistoryRequest;
import io.longwire.rpc.center.GetInboxRequest;
import io.longwire.rpc.center.GetMessageRequest;
import io.longwire.rpc.center.GetTimelineRequest;

/** The calls about what became of messages and where endpoints are. Thread-safe, never blocks. */
public record StatusCalls(Callers callers, Timelines timelines, Funnels funnels,
        Endpoints endpoints) implements Feature {
    @Override
    public void register(Calls.Table table) {
        var timeline = GetTimelineRequest.getDefaultInstance();
        table.call("GetTimeline", timeline,
                (call, request) -> callers.as(call, Scope.READ, app -> timelines.timeline(app, request)));
        table.call("CancelMessage", timeline,
                (call, request) -> callers.as(call, Scope.SEND, app -> timelines.cancel(app, request)));
        table.call("GetEndpoint", GetEndpointRequest.getDefaultInstance(),
                (call, request) -> callers.as(call, Scope.READ, app -> endpoints.status(app, request)));
        table.call("GetMessage", GetMessageRequest.getDefaultInstance(),
                (call, request) -> callers.as(call, Scope.READ, app -> funnels.funnel(app, request)));
        table.call("GetEndpoints", GetEndpointsRequest.getDefaultInstance(),
                (call, request) -> callers.as(call, Scope.READ, app -> endpoints.bulk(app, request)));
        table.call("GetInbox", GetInboxRequest.getDefaultInstance(),
                (call, request) -> callers.as(call, Scope.READ, app -> endpoints.inbox(app, request)));
        table.call("GetHistory", GetHistoryRequest.getDefaultInstance(),
                (call, request) -> callers.as(call, Scope.READ, app -> endpoints.history(app, request)));
        table.call("GetPayloadKey", GetEndpointRequest.getDefaultInstance(),
                (call, request) -> callers.as(call, Scope.SEND, app -> endpoints.payloadKey(app, request)));
        table.call("DeleteEndpoint", GetEndpointRequest.getDefaultInstance(),
                (call, request) -> callers.as(call, Scope.MANAGE, app -> endpoints.delete(app, request)));
    }
}
