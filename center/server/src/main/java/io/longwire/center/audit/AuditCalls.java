package io.longwire.center.audit;

import io.longwire.center.api.Callers;
import io.longwire.center.api.Calls;
import io.longwire.center.api.Feature;
import io.longwire.rpc.center.ListAuditRequest;

/** The operator's look at the audit log. Thread-safe, never blocks. */
public record AuditCalls(Callers callers, Audit audit) implements Feature {
    @Override
    public void register(Calls.Table table) {
        table.call("ListAudit", ListAuditRequest.getDefaultInstance(),
                (call, request) -> callers.asAdmin(call, caller -> audit.list(request)));
    }
}
