package io.longwire.center.receipt;

import io.longwire.center.access.Scope;
import io.longwire.center.api.Callers;
import io.longwire.center.api.Calls;
import io.longwire.center.api.Feature;
import io.longwire.rpc.center.PullReceiptsRequest;

/** The call that pulls receipts. Thread-safe, never blocks. */
public record ReceiptCalls(Callers callers, Receipts receipts) implements Feature {
    @Override
    public void register(Calls.Table table) {
        table.call("PullReceipts", PullReceiptsRequest.getDefaultInstance(),
                (call, request) -> callers.withApp(call, Scope.READ, app -> receipts.pull(app, request)));
    }
}
