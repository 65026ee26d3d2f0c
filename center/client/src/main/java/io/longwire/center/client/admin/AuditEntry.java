package io.longwire.center.client.admin;

import java.time.Instant;

/**
 * What somebody changed.
 *
 * @param actor whose key
 * @param subject what it was done to
 * @param address where the call came from
 */
public record AuditEntry(Instant at, String actor, String action, int appId, String subject, String detail,
        String address) {

    static AuditEntry of(io.longwire.rpc.center.AuditEntry entry) {
        return new AuditEntry(Instant.ofEpochMilli(entry.getAtMs()), entry.getActor(), entry.getAction(),
                entry.getAppId(), entry.getSubject(), entry.getDetail(), entry.getAddress());
    }
}
