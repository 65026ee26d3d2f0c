package io.longwire.cli.demo;

import io.longwire.keeper.service.StartFailure;
import io.longwire.sdk.LongwireApp;
import io.longwire.sdk.LongwireClient;
import io.longwire.sdk.Message;
import io.longwire.sdk.Receipt;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** One phone of the show: it can go away and come back as the same phone. Used by the main thread. */
final class DemoPhone implements AutoCloseable {
    private static final long PATIENCE_MILLIS = 15_000;

    private final String name;
    private final Path store;
    private final String dispatcher;
    private final List<String> appKeys;
    private final Consumer<String> lines;
    private final List<LongwireApp> apps = new ArrayList<>();
    private LongwireClient client;

    DemoPhone(String name, Path store, String dispatcher, List<String> appKeys, Consumer<String> lines) {
        this.name = name;
        this.store = store;
        this.dispatcher = dispatcher;
        this.appKeys = List.copyOf(appKeys);
        this.lines = lines;
        this.client = connect();
    }

    /** The endpoint of its n-th app. */
    String endpoint(int app) {
        String endpoint = apps.get(app).endpoint();
        if (endpoint == null) {
            throw new StartFailure(name + ": no endpoint (expected: one, as it was online)", null);
        }
        return endpoint;
    }

    void goAway() {
        client.stop();
        lines.accept(name + " is switched off");
    }

    void comeBack() {
        client = connect();
    }

    private LongwireClient connect() {
        apps.clear();
        var phone = LongwireClient.builder(store.toFile()).dispatcher(dispatcher).foreground(true).build();
        for (String key : appKeys) {
            apps.add(phone.addApp(key, message -> {
                lines.accept(name + " shows \"" + text(message) + "\" (" + message.id() + ")");
                return Receipt.DONE;
            }));
        }
        phone.start();
        try {
            for (LongwireApp app : apps) {
                if (!app.awaitOnline(PATIENCE_MILLIS)) {
                    phone.stop();
                    throw new StartFailure(name + ": not online within " + PATIENCE_MILLIS / 1000 + " s", null);
                }
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            phone.stop();
            throw new StartFailure(name + ": interrupted", stopped);
        }
        lines.accept(name + " is online with " + apps.size() + (apps.size() == 1 ? " app" : " apps on one connection"));
        return phone;
    }

    private static String text(Message message) {
        return new String(message.payload(), StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        client.stop();
    }
}
