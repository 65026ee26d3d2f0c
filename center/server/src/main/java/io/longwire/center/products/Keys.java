package io.longwire.center.products;

import io.longwire.center.access.ApiKeys;
import io.longwire.center.access.Apps;
import io.longwire.center.access.KeyText;
import io.longwire.center.access.Networks;
import io.longwire.center.access.Scope;
import io.longwire.center.audit.Audit;
import io.longwire.center.audit.Audit.Change;
import io.longwire.center.refuse.AtLimit;
import io.longwire.center.refuse.Refused;
import io.longwire.center.refuse.Why;
import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.config.Units;
import io.longwire.rpc.center.ApiKey;
import io.longwire.rpc.center.CreateKeyRequest;
import io.longwire.rpc.center.GetAppRequest;
import io.longwire.rpc.center.ListKeysReply;
import io.longwire.rpc.center.RevokeKeyRequest;
import io.longwire.rpc.saver.FindKeyRequest;
import io.longwire.rpc.saver.KeyRecord;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * API keys, for the operator. An app has at most two that live, so that a new one can be brought out before the old one
 * is revoked. A key is shown once, when it is made; afterwards it is named by the first 16 hex digits of its hash.
 * Revoked here it is dead at once; other centers believe it for their time to live. Thread-safe, never blocks.
 */
public final class Keys {
    private static final int MAX_LIVE = 2;
    private static final int ID_CHARS = 16;
    private static final Duration MAX_LIFE = Duration.ofDays(3_650);
    private static final int MAX_DURATION_TEXT = 12;

    private final ProductStore store;
    private final Apps apps;
    private final ApiKeys known;
    private final Audit audit;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();

    public Keys(ProductStore store, Apps apps, ApiKeys known, Audit audit, Clock clock) {
        this.store = store;
        this.apps = apps;
        this.known = known;
        this.audit = audit;
        this.clock = clock;
    }

    /** The key is in this answer and nowhere else. Fails with LIMIT_REACHED while the app has two live keys. */
    public CompletableFuture<ApiKey> create(CreateKeyRequest request, String address) {
        Products.name("label", request.getLabel(), 0);
        Scope.of(request.getScopesList());
        Networks.of("networks", request.getNetworksList());
        long expiresMillis = expiry(request.getExpiresIn());
        String key = KeyText.random(random);
        var create = io.longwire.rpc.saver.CreateKeyRequest.newBuilder().setAppId(request.getAppId())
                .setKeyHash(KeyText.hash(key)).setLabel(request.getLabel()).addAllScopes(request.getScopesList())
                .addAllNetworks(request.getNetworksList()).setExpiresMs(expiresMillis).build();
        var change = new Change("key.create", request.getAppId(), id(KeyText.hash(key).toByteArray()),
                "label " + request.getLabel() + ", scopes " + request.getScopesList() + ", networks "
                        + request.getNetworksList() + ", expires_ms " + expiresMillis,
                address);
        return apps.app(request.getAppId()).thenCompose(app -> of(request.getAppId())).thenCompose(keys -> {
            long live = keys.stream().filter(this::lives).count();
            if (live >= MAX_LIVE) {
                throw Refused.because(Why.LIMIT_REACHED, "keys: " + live + " live (expected: fewer than " + MAX_LIVE
                        + "; revoke one first)");
            }
            return audit.recorded(change, () -> store.createKey(create).exceptionallyCompose(AtLimit::failed));
        }).thenApply(record -> info(record).toBuilder().setKey(key).build());
    }

    public CompletableFuture<ListKeysReply> list(GetAppRequest request) {
        return apps.app(request.getAppId()).thenCompose(app -> of(request.getAppId())).thenApply(keys -> {
            var answer = ListKeysReply.newBuilder();
            keys.forEach(key -> answer.addKeys(info(key)));
            return answer.build();
        });
    }

    public CompletableFuture<ApiKey> revoke(RevokeKeyRequest request, String address) {
        int appId = request.getAppId();
        return apps.app(appId).thenCompose(app -> of(appId)).thenCompose(keys -> {
            KeyRecord found = keys.stream().filter(key -> id(key.getKeyHash().toByteArray())
                    .equals(request.getKeyId())).findFirst().orElseThrow(() -> unknown(request));
            var change = new Change("key.revoke", appId, request.getKeyId(), "label " + found.getLabel(), address);
            return audit.recorded(change,
                    () -> store.revokeKey(FindKeyRequest.newBuilder().setKeyHash(found.getKeyHash()).build()))
                    .whenComplete((revoked, failure) -> known.changed(found.getKeyHash()));
        }).thenApply(revoked -> {
            if (revoked.getAppId() == 0) {
                throw unknown(request);
            }
            return info(revoked);
        });
    }

    private CompletableFuture<List<KeyRecord>> of(int appId) {
        return store.keys(io.longwire.rpc.saver.GetAppRequest.newBuilder().setAppId(appId).build())
                .thenApply(io.longwire.rpc.saver.ListKeysReply::getKeysList);
    }

    private boolean lives(KeyRecord key) {
        return !key.getRevoked() && (key.getExpiresMs() == 0 || key.getExpiresMs() > clock.wallMillis());
    }

    private long expiry(String text) {
        if (text.isEmpty()) {
            return 0;
        }
        Duration life = text.length() > MAX_DURATION_TEXT ? null : Units.duration(text);
        if (life == null || life.toSeconds() < 1 || life.compareTo(MAX_LIFE) > 0) {
            throw Refused.invalid("expires_in", text, "1s to " + MAX_LIFE.toDays() + "d, such as 24h, 90d");
        }
        return clock.wallMillis() + life.toMillis();
    }

    private static ApiKey info(KeyRecord key) {
        return ApiKey.newBuilder().setAppId(key.getAppId()).setLabel(key.getLabel()).addAllScopes(key.getScopesList())
                .setExpiresMs(key.getExpiresMs()).setKeyId(id(key.getKeyHash().toByteArray()))
                .addAllNetworks(key.getNetworksList()).setCreatedMs(key.getCreatedMs()).setUsedMs(key.getUsedMs())
                .setRevoked(key.getRevoked()).build();
    }

    private static String id(byte[] hash) {
        return HexFormat.of().formatHex(hash, 0, ID_CHARS / 2);
    }

    private static Refused unknown(RevokeKeyRequest request) {
        return Refused.because(Why.UNKNOWN_KEY, "key_id: " + Refused.shown(request.getKeyId())
                + " (expected: the id of a key of app " + request.getAppId() + ")");
    }
}
