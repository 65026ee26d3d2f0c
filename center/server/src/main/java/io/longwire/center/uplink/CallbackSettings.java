package io.longwire.center.uplink;

import io.longwire.center.access.Apps;
import io.longwire.center.refuse.Refused;
import io.longwire.keeper.config.Units;
import io.longwire.rpc.center.CallbackInfo;
import io.longwire.rpc.center.ListCallbacksReply;
import io.longwire.rpc.center.PutCallbackRequest;
import io.longwire.rpc.coordinator.Callback;
import io.longwire.rpc.coordinator.CallbackName;
import io.longwire.rpc.coordinator.CallbackState;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** Where the events of an app are sent. Its rules are the coordinators'. Thread-safe, never blocks. */
public record CallbackSettings(Outlets outlets, Apps apps) {
    private static final int MAX_DURATION_TEXT = 12;

    CompletableFuture<CallbackInfo> put(int app, PutCallbackRequest request) {
        Callback wanted = Callback.newBuilder().setAppId(app).setType(request.getType()).setUrl(request.getUrl())
                .addAllSecrets(request.getSecretsList()).setBatch(request.getBatch())
                .setTimeoutMs(timeout(request.getTimeout())).setMaxAttempts(request.getMaxAttempts())
                .setConcurrency(request.getConcurrency()).build();
        return apps.app(app).thenCompose(known -> outlets.putCallback(wanted)
                .exceptionallyCompose(Refusals::failed)).thenApply(CallbackSettings::info);
    }

    CompletableFuture<ListCallbacksReply> list(int app, String type) {
        return outlets.callbacks(name(app, type)).exceptionallyCompose(Refusals::failed).thenApply(found -> {
            var answer = ListCallbacksReply.newBuilder();
            found.getCallbacksList().forEach(state -> answer.addCallbacks(info(state)));
            return answer.build();
        });
    }

    CompletableFuture<CallbackInfo> delete(int app, String type) {
        return outlets.deleteCallback(name(app, type)).exceptionallyCompose(Refusals::failed)
                .thenApply(CallbackSettings::info);
    }

    private static CallbackName name(int app, String type) {
        return CallbackName.newBuilder().setAppId(app).setType(type).build();
    }

    private static int timeout(String text) {
        if (text.isEmpty()) {
            return 0;
        }
        Duration found = text.length() > MAX_DURATION_TEXT ? null : Units.duration(text);
        if (found == null || found.toMillis() < 100 || found.toMillis() > 60_000) {
            throw Refused.invalid("timeout", text, "100ms to 60s");
        }
        return (int) found.toMillis();
    }

    private static CallbackInfo info(CallbackState state) {
        Callback one = state.getCallback();
        var channel = state.getChannel();
        return CallbackInfo.newBuilder().setAppId(one.getAppId()).setType(one.getType()).setUrl(one.getUrl())
                .addAllSecretIds(one.getSecretIdsList()).setBatch(one.getBatch())
                .setTimeout(one.getTimeoutMs() % 1_000 == 0
                        ? one.getTimeoutMs() / 1_000 + "s"
                        : one.getTimeoutMs() + "ms")
                .setMaxAttempts(one.getMaxAttempts()).setConcurrency(one.getConcurrency())
                .setChangedMs(one.getChangedMs()).setWaiting(channel.getDepth()).setInFlight(channel.getInFlight())
                .setDelayed(channel.getDelayed()).setDead(channel.getDead()).setOldestMs(channel.getOldestMs())
                .setPaused(channel.getPaused()).build();
    }
}
