package io.longwire.center.client.admin;

import io.longwire.center.client.call.Answer;
import io.longwire.center.client.call.Calls;
import io.longwire.center.client.call.Repeat;
import io.longwire.rpc.center.CenterGrpc;
import io.longwire.rpc.center.ConservationRequest;
import io.longwire.rpc.center.CreateAppRequest;
import io.longwire.rpc.center.GetAppRequest;
import io.longwire.rpc.center.GetPlatformRequest;
import io.longwire.rpc.center.GetUsageRequest;
import io.longwire.rpc.center.KickConnectionRequest;
import io.longwire.rpc.center.ListAppsRequest;
import io.longwire.rpc.center.ListAuditRequest;
import io.longwire.rpc.center.RevokeKeyRequest;
import io.longwire.rpc.center.UpdateAppRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What an operator does. Needs the operator's key, but for an app's own {@link #conservation}. Thread-safe. */
public final class Admin {
    private final Calls calls;

    public Admin(Calls calls) {
        this.calls = calls;
    }

    /** A new app; its name is its idempotency key, so that the same name gives the same app for a day. */
    public Answer<App> createApp(String name, AppSettings settings) {
        var request = CreateAppRequest.newBuilder().setName(name).setIdempotencyKey(name).setSettings(settings.wire())
                .build();
        return calls.call(CenterGrpc.getCreateAppMethod(), request, Repeat.ALWAYS).map(App::of);
    }

    public Answer<List<App>> apps() {
        return calls.call(CenterGrpc.getListAppsMethod(), ListAppsRequest.getDefaultInstance(), Repeat.ALWAYS)
                .map(reply -> reply.getAppsList().stream().map(App::of).toList());
    }

    public Answer<App> app(int appId) {
        return calls.call(CenterGrpc.getGetAppMethod(), named(appId), Repeat.ALWAYS).map(App::of);
    }

    /** Changes what is named in the settings, and nothing else. */
    public Answer<App> updateApp(int appId, AppSettings settings) {
        var request = UpdateAppRequest.newBuilder().setAppId(appId).setSettings(settings.wire()).build();
        return calls.call(CenterGrpc.getUpdateAppMethod(), request, Repeat.ALWAYS).map(App::of);
    }

    /** A new key, with its secret. Not tried again when it may have been made. */
    public Answer<Key> createKey(NewKey key) {
        return calls.call(CenterGrpc.getCreateKeyMethod(), key.request(), Repeat.IF_NOTHING_WAS_DONE).map(Key::of);
    }

    public Answer<List<Key>> keys(int appId) {
        return calls.call(CenterGrpc.getListKeysMethod(), named(appId), Repeat.ALWAYS)
                .map(reply -> reply.getKeysList().stream().map(Key::of).toList());
    }

    /** The key is refused within 5 s. */
    public Answer<Key> revokeKey(int appId, String keyId) {
        return calls.call(CenterGrpc.getRevokeKeyMethod(),
                RevokeKeyRequest.newBuilder().setAppId(appId).setKeyId(keyId).build(), Repeat.ALWAYS).map(Key::of);
    }

    /** What an app uses of its quotas. */
    public Answer<Usage> usage(int appId) {
        return calls.call(CenterGrpc.getGetUsageMethod(), GetUsageRequest.newBuilder().setAppId(appId).build(),
                Repeat.ALWAYS).map(Usage::of);
    }

    /**
     * Closes the whole connection that an endpoint is on, with the sessions of all its apps.
     *
     * @param connSeq only if the endpoint is on this connection; 0 = whichever
     * @return {@code kicked}, or why nothing was
     */
    public Answer<String> kickConnection(int appId, String endpoint, long connSeq, String reason,
            Duration retryAfter) {
        var request = KickConnectionRequest.newBuilder().setAppId(appId).setEndpoint(endpoint).setConnSeq(connSeq)
                .setReason(reason).setRetryAfterSeconds(Math.toIntExact(retryAfter.toSeconds())).build();
        return calls.call(CenterGrpc.getKickConnectionMethod(), request, Repeat.ALWAYS)
                .map(reply -> reply.getState());
    }

    /** The processes that run, their bounded queues, and what happened at the bounds. */
    public Answer<List<PartStanding>> platform() {
        return calls.call(CenterGrpc.getGetPlatformMethod(), GetPlatformRequest.getDefaultInstance(), Repeat.ALWAYS)
                .map(platform -> platform.getPartsList().stream().map(PartStanding::of).toList());
    }

    /** A part of the audit log. */
    public record AuditPage(List<AuditEntry> entries, String cursor) {
    }

    /**
     * Who changed what, the newest first.
     *
     * @param appId 0 = of all
     * @param cursor of the page before; empty = from the beginning
     */
    public Answer<AuditPage> auditLog(int appId, String cursor, int limit) {
        var request = ListAuditRequest.newBuilder().setAppId(appId).setCursor(cursor).setLimit(limit).build();
        return calls.call(CenterGrpc.getListAuditMethod(), request, Repeat.ALWAYS).map(reply -> new AuditPage(
                reply.getEntriesList().stream().map(AuditEntry::of).toList(), reply.getCursor()));
    }

    /**
     * The books of what was accepted between two times, at most 24 h. One scan of a large
     * ledger may take half a minute: give the client such a deadline.
     *
     * @param appId 0 = of all, or of the key's own
     * @param from null = an hour ago
     * @param to null = now
     */
    public Answer<Conservation> conservation(int appId, @Nullable Instant from, @Nullable Instant to) {
        var request = ConservationRequest.newBuilder().setAppId(appId);
        if (from != null) {
            request.setFrom(from.toString());
        }
        if (to != null) {
            request.setTo(to.toString());
        }
        return calls.slow(CenterGrpc.getGetConservationMethod(), request.build()).map(Conservation::of);
    }

    private static GetAppRequest named(int appId) {
        return GetAppRequest.newBuilder().setAppId(appId).build();
    }
}
