package io.longwire.center.products;

import com.google.protobuf.ByteString;
import com.google.protobuf.TextFormat;
import io.longwire.center.access.Apps;
import io.longwire.center.audit.Audit;
import io.longwire.center.audit.Audit.Change;
import io.longwire.center.refuse.Refused;
import io.longwire.center.refuse.Why;
import io.longwire.device.id.AppKey;
import io.longwire.rpc.center.App;
import io.longwire.rpc.center.AppSettings;
import io.longwire.rpc.center.CreateAppRequest;
import io.longwire.rpc.center.GetAppRequest;
import io.longwire.rpc.center.ListAppsReply;
import io.longwire.rpc.center.UpdateAppRequest;
import io.longwire.rpc.center.Usage;
import io.longwire.rpc.saver.AppRecord;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntSupplier;

/**
 * Apps, for the operator. A change is in the audit log before it is made; this center knows it at once, the others
 * within their time to live. Thread-safe, never blocks.
 */
public final class Products {
    static final int MAX_NAME = 64;
    private static final int MAX_KEY = 128;
    private static final int DEFAULT_INBOX = 200;

    private final ProductStore store;
    private final Apps apps;
    private final Audit audit;
    private final IntSupplier defaultSendsPerSecond;

    /** @param defaultSendsPerSecond quota of an app that is created without one, asked for each */
    public Products(ProductStore store, Apps apps, Audit audit, IntSupplier defaultSendsPerSecond) {
        this.store = store;
        this.apps = apps;
        this.audit = audit;
        this.defaultSendsPerSecond = defaultSendsPerSecond;
    }

    /** The same idempotency key gives the same app, with the settings of this request. */
    public CompletableFuture<App> createApp(CreateAppRequest request, String address) {
        name("name", request.getName(), 1);
        within("sends_per_second", request.getSendsPerSecond(), Settings.MAX_SENDS_PER_SECOND);
        within("inbox_messages", request.getInboxMessages(), Settings.MAX_INBOX_MESSAGES);
        if (request.getIdempotencyKey().length() > MAX_KEY) {
            throw Refused.invalid("idempotency_key", request.getIdempotencyKey().length() + " characters",
                    "at most " + MAX_KEY);
        }
        AppSettings settings = withDefaults(request);
        var rest = Settings.change(settings);
        var create = io.longwire.rpc.saver.CreateAppRequest.newBuilder().setName(request.getName())
                .setSendsPerSecond(settings.getSendsPerSecond()).setInboxMessages(settings.getInboxMessages())
                .setIdempotencyKey(request.getIdempotencyKey()).build();
        var change = new Change("app.create", 0, request.getName(), line(settings), address);
        return audit.recorded(change, () -> store.createApp(create).thenCompose(app -> rest.getMaskCount() == 2
                ? CompletableFuture.completedFuture(app)
                : update(app.getAppId(), rest)))
                .thenCompose(app -> audit.noted(new Change("app.created", app.getAppId(), app.getName(), "", address))
                        .thenApply(noted -> app(app)));
    }

    public CompletableFuture<ListAppsReply> listApps() {
        return store.apps().thenApply(reply -> {
            var answer = ListAppsReply.newBuilder();
            reply.getAppsList().forEach(record -> answer.addApps(app(record)));
            return answer.build();
        });
    }

    public CompletableFuture<App> app(GetAppRequest request) {
        return apps.app(request.getAppId()).thenApply(Products::app);
    }

    /** Changes what is named and nothing else. */
    public CompletableFuture<App> updateApp(UpdateAppRequest request, String address) {
        var wanted = Settings.change(request.getSettings());
        if (wanted.getMaskCount() == 0) {
            throw Refused.invalid("settings", "none", "at least one");
        }
        int appId = request.getAppId();
        return apps.app(appId).thenCompose(app -> audit.recorded(
                new Change("app.update", appId, app.getName(), line(request.getSettings()), address),
                () -> update(appId, wanted))).thenApply(Products::app);
    }

    /** What waits for the app, and what it may have. */
    public CompletableFuture<Usage> usage(int appId) {
        return apps.app(appId).thenCombine(
                store.usage(io.longwire.rpc.saver.GetAppRequest.newBuilder().setAppId(appId).build()),
                (app, used) -> Usage.newBuilder().setAppId(appId).setStoredMessages(used.getStoredMessages())
                        .setStoredMessagesLimit(app.getStoredMessages()).setStoredBytes(used.getStoredBytes())
                        .setStoredBytesLimit(app.getStoredBytes()).setSendsPerSecond(app.getSendsPerSecond())
                        .setFanOut(Settings.fanOut(app)).setCountedMs(used.getCountedMs()).build());
    }

    private CompletableFuture<AppRecord> update(int appId, io.longwire.rpc.saver.UpdateAppRequest wanted) {
        var update = wanted.toBuilder().setApp(wanted.getApp().toBuilder().setAppId(appId)).build();
        return store.updateApp(update).whenComplete((app, failure) -> apps.changed(appId)).thenApply(app -> {
            if (app.getAppId() == 0) {
                throw Refused.because(Why.UNKNOWN_APP, "app_id: " + appId + " (expected: an app)");
            }
            return app;
        });
    }

    // The two old fields are the settings of the same name; who gives both must mean one.
    private AppSettings withDefaults(CreateAppRequest request) {
        var settings = request.getSettings().toBuilder();
        int sends = request.getSendsPerSecond();
        int inbox = request.getInboxMessages();
        if (settings.hasSendsPerSecond() && sends != 0 && sends != settings.getSendsPerSecond()) {
            throw Refused.invalid("sends_per_second", sends, "once, or the same in settings");
        }
        if (settings.hasInboxMessages() && inbox != 0 && inbox != settings.getInboxMessages()) {
            throw Refused.invalid("inbox_messages", inbox, "once, or the same in settings");
        }
        if (!settings.hasSendsPerSecond()) {
            settings.setSendsPerSecond(sends == 0 ? defaultSendsPerSecond.getAsInt() : sends);
        }
        if (!settings.hasInboxMessages()) {
            settings.setInboxMessages(inbox == 0 ? DEFAULT_INBOX : inbox);
        }
        return settings.build();
    }

    private static App app(AppRecord record) {
        return App.newBuilder().setAppId(record.getAppId()).setName(record.getName())
                .setAppKey(appKey(record.getAppId(), record.getAppKey()))
                .setSendsPerSecond(record.getSendsPerSecond()).setInboxMessages(record.getInboxMessages())
                .setCreatedMs(record.getCreatedMs()).setSettings(Settings.of(record)).build();
    }

    // A key of another length than the text form knows is shown as it is.
    private static String appKey(int appId, ByteString key) {
        byte[] bytes = key.toByteArray();
        return bytes.length == AppKey.BYTES
                ? AppKey.of(appId, bytes).toString()
                : HexFormat.of().formatHex(bytes);
    }

    private static String line(AppSettings settings) {
        return TextFormat.printer().emittingSingleLine(true).printToString(settings);
    }

    static void name(String field, String value, int least) {
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
