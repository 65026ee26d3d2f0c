package io.longwire.center.products;

import com.google.protobuf.ByteString;
import io.longwire.center.access.Apps;
import io.longwire.center.access.KeyText;
import io.longwire.center.access.Scope;
import io.longwire.center.refuse.Refused;
import io.longwire.center.send.Rules;
import io.longwire.device.id.AppKey;
import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.config.Units;
import io.longwire.rpc.center.ApiKey;
import io.longwire.rpc.center.App;
import io.longwire.rpc.center.CreateAppRequest;
import io.longwire.rpc.center.CreateKeyRequest;
import io.longwire.rpc.center.ListAppsReply;
import io.longwire.rpc.saver.AppRecord;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;

/** Creates apps and keys. Only the operator gets here. Thread-safe, never blocks. */
public final class Products {
    private static final int MAX_NAME = 64;
    private static final int MAX_SENDS_PER_SECOND = 1_000_000;
    private static final int MAX_INBOX = 1_000;
    private static final int DEFAULT_INBOX = 200;
    private static final Duration MAX_KEY_LIFE = Duration.ofDays(3_650);
    private static final int MAX_DURATION_TEXT = 12;

    private final ProductStore store;
    private final Apps apps;
    private final Clock clock;
    private final int defaultSendsPerSecond;
    private final SecureRandom random = new SecureRandom();

    public Products(ProductStore store, Apps apps, Clock clock, int defaultSendsPerSecond) {
        this.store = store;
        this.apps = apps;
        this.clock = clock;
        this.defaultSendsPerSecond = defaultSendsPerSecond;
    }

    /** The same idempotency key gives the same app. */
    public CompletableFuture<App> createApp(CreateAppRequest request) {
        name("name", request.getName(), 1);
        within("sends_per_second", request.getSendsPerSecond(), MAX_SENDS_PER_SECOND);
        within("inbox_messages", request.getInboxMessages(), MAX_INBOX);
        if (request.getIdempotencyKey().length() > Rules.IDEMPOTENCY_KEY_CHARS) {
            throw Refused.invalid("idempotency_key", request.getIdempotencyKey().length() + " characters",
                    "at most " + Rules.IDEMPOTENCY_KEY_CHARS);
        }
        int rate = request.getSendsPerSecond() == 0 ? defaultSendsPerSecond : request.getSendsPerSecond();
        int inbox = request.getInboxMessages() == 0 ? DEFAULT_INBOX : request.getInboxMessages();
        return store.createApp(io.longwire.rpc.saver.CreateAppRequest.newBuilder().setName(request.getName())
                .setSendsPerSecond(rate).setInboxMessages(inbox).setIdempotencyKey(request.getIdempotencyKey())
                .build()).thenApply(Products::app);
    }

    public CompletableFuture<ListAppsReply> listApps() {
        return store.apps().thenApply(reply -> {
            var answer = ListAppsReply.newBuilder();
            reply.getAppsList().forEach(record -> answer.addApps(app(record)));
            return answer.build();
        });
    }

    /** The key is in this answer and nowhere else. */
    public CompletableFuture<ApiKey> createKey(CreateKeyRequest request) {
        name("label", request.getLabel(), 0);
        Scope.of(request.getScopesList());
        long expiresMillis = expiry(request.getExpiresIn());
        String key = KeyText.random(random);
        var create = io.longwire.rpc.saver.CreateKeyRequest.newBuilder().setAppId(request.getAppId())
                .setKeyHash(KeyText.hash(key)).setLabel(request.getLabel()).addAllScopes(request.getScopesList())
                .setExpiresMs(expiresMillis).build();
        return apps.app(request.getAppId()).thenCompose(app -> store.createKey(create))
                .thenApply(record -> ApiKey.newBuilder().setAppId(record.getAppId()).setKey(key)
                        .setLabel(record.getLabel()).addAllScopes(record.getScopesList())
                        .setExpiresMs(record.getExpiresMs()).build());
    }

    private long expiry(String text) {
        if (text.isEmpty()) {
            return 0;
        }
        Duration life = text.length() > MAX_DURATION_TEXT ? null : Units.duration(text);
        if (life == null || life.toSeconds() < 1 || life.compareTo(MAX_KEY_LIFE) > 0) {
            throw Refused.invalid("expires_in", text, "1s to " + MAX_KEY_LIFE.toDays() + "d, such as 24h, 90d");
        }
        return clock.wallMillis() + life.toMillis();
    }

    private static App app(AppRecord record) {
        return App.newBuilder().setAppId(record.getAppId()).setName(record.getName())
                .setAppKey(appKey(record.getAppId(), record.getAppKey()))
                .setSendsPerSecond(record.getSendsPerSecond()).setInboxMessages(record.getInboxMessages())
                .setCreatedMs(record.getCreatedMs()).build();
    }

    // A key of another length than the text form knows is shown as it is.
    private static String appKey(int appId, ByteString key) {
        byte[] bytes = key.toByteArray();
        return bytes.length == AppKey.BYTES
                ? AppKey.of(appId, bytes).toString()
                : HexFormat.of().formatHex(bytes);
    }

    private static void name(String field, String value, int least) {
        if (value.length() < least || value.length() > MAX_NAME || value.chars().anyMatch(Character::isISOControl)) {
            throw Refused.invalid(field, value.isEmpty() ? "missing" : value,
                    least + " to " + MAX_NAME + " characters, no control characters");
        }
    }

    private static void within(String field, int value, int most) {
        if (value < 0 || value > most) {
            throw Refused.invalid(field, Integer.toUnsignedString(value), "0 (the default) to " + most);
        }
    }
}
