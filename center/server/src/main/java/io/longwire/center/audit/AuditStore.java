package io.longwire.center.audit;

import io.longwire.rpc.saver.AuditRecord;
import io.longwire.rpc.saver.ListAuditReply;
import io.longwire.rpc.saver.ListAuditRequest;
import java.util.concurrent.CompletableFuture;

/** Where the audit log is kept; the savers. Futures fail with RpcFailure within their deadline. */
public interface AuditStore {
    /** Completes when it is committed. */
    CompletableFuture<AuditRecord> addAudit(AuditRecord record);

    /** Newest first. */
    CompletableFuture<ListAuditReply> audit(ListAuditRequest request);
}
