package io.longwire.center.list;

import io.longwire.center.access.Scope;
import io.longwire.center.api.Callers;
import io.longwire.center.api.Calls;
import io.longwire.center.api.Feature;
import io.longwire.rpc.center.AppendListRequest;
import io.longwire.rpc.center.CreateListRequest;
import io.longwire.rpc.center.ListListsRequest;
import io.longwire.rpc.center.ListName;
import io.longwire.rpc.center.SealListRequest;
import java.time.Duration;

/** The calls about lists, with the key of their app. Thread-safe, never blocks. */
public record ListCalls(Callers callers, Lists lists) implements Feature {
    /** Sorting ten million endpoints takes its time. */
    private static final Duration SEALING = Duration.ofSeconds(60);

    @Override
    public void register(Calls.Table table) {
        var name = ListName.getDefaultInstance();
        table.call("CreateList", CreateListRequest.getDefaultInstance(),
                (call, request) -> callers.as(call, Scope.SEND, app -> lists.create(app, request)));
        table.call("AppendList", AppendListRequest.getDefaultInstance(),
                (call, request) -> callers.as(call, Scope.SEND, app -> lists.append(app, request)));
        table.call("SealList", SealListRequest.getDefaultInstance(), (call, request) -> {
            call.mayTake(SEALING);
            return callers.as(call, Scope.SEND, app -> lists.seal(app, request));
        });
        table.call("DeleteList", name,
                (call, request) -> callers.as(call, Scope.SEND, app -> lists.delete(app, request.getListId())));
        table.call("GetList", name,
                (call, request) -> callers.as(call, Scope.READ, app -> lists.get(app, request.getListId())));
        table.call("ListLists", ListListsRequest.getDefaultInstance(),
                (call, request) -> callers.as(call, Scope.READ, app -> lists.list(app, request)));
    }
}
