package io.longwire.sdk;

import com.google.protobuf.ByteString;
import io.longwire.device.Limits;
import io.longwire.device.id.InvalidIdException;
import io.longwire.device.id.MessageId;
import io.longwire.sdk.phone.App;
import io.longwire.sdk.phone.AppProfile;
import io.longwire.sdk.phone.AppRequests;
import io.longwire.sdk.phone.AppUplinks;
import io.longwire.sdk.policy.Dedupe;
import io.longwire.sdk.store.v1.Wish;
import io.longwire.sdk.store.v1.WishKind;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One app on the phone's connection. Any thread. */
public final class LongwireApp {
    private final LongwireClient client;
    private final int appId;
    private final Unsettled unsettled = new Unsettled();

    private final Object lock = new Object();
    private volatile @Nullable App app; // the loop's, set once
    private String endpoint = ""; // lock
    private boolean bound; // lock

    LongwireApp(LongwireClient client, int appId) {
        this.client = client;
        this.appId = appId;
    }

    /** The number of the app, as its key says. */
    public int appId() {
        return appId;
    }

    /** What the product sends messages to, {@code ep_...}; null until the app is registered. */
    public @Nullable String endpoint() {
        synchronized (lock) {
            return endpoint.isEmpty() ? null : endpoint;
        }
    }

    /** Whether messages come for this app now. */
    public boolean isOnline() {
        synchronized (lock) {
            return bound;
        }
    }

    /**
     * Waits until messages come for this app.
     *
     * @return false when they do not within so many milliseconds
     */
    public boolean awaitOnline(long timeoutMillis) throws InterruptedException {
        long until = client.elapsedMillis() + timeoutMillis;
        synchronized (lock) {
            for (long left = timeoutMillis; !bound && left > 0; left = until - client.elapsedMillis()) {
                lock.wait(left);
            }
            return bound;
        }
    }

    /** The app does not take messages for now: they stay on the server, and are called "app not running" there. */
    public void pause() {
        client.onLoop(phone -> {
            App known = app;
            if (known != null) {
                phone.pause(known);
            }
        });
    }

    /** The app takes messages again; those that waited come now. */
    public void resume() {
        client.onLoop(phone -> {
            App known = app;
            if (known != null) {
                phone.resume(known);
            }
        });
    }

    /**
     * Tells the platform that the user saw the message. Kept until it knows, over restarts; at most 1,024 wait, then
     * the oldest goes. Nothing happens for a message that this app was not given, or that was reported so before.
     *
     * @param messageId as {@link Message#id} said
     * @throws LongwireException no such id can exist
     */
    public void reportShown(String messageId) {
        report(messageId, Dedupe.SHOWN);
    }

    /** Tells that the user opened the message, as {@link #reportShown}. A revocation comes too late then. */
    public void reportClicked(String messageId) {
        report(messageId, Dedupe.CLICKED);
    }

    private void report(String messageId, int flag) {
        long id = id(messageId);
        client.onLoop(phone -> {
            App known = app;
            if (known != null) {
                phone.report(known, id, flag);
            }
        });
    }

    /**
     * Binds the endpoint to aliases: names by which the product knows its user, at most 8, 1 to 128 characters each.
     * One alias may stand for several endpoints. Kept in the app's files until the platform has it; of several
     * wishes for one alias the last counts.
     *
     * <p>They belong to the endpoint: when the platform has deleted it and {@link ConnectionListener#onEndpoint} tells
     * another one, that one begins without.
     *
     * @throws LongwireException an alias that breaks these rules
     */
    public ProfileChange bindAlias(String... aliases) {
        return change(Wanted.names(WishKind.WISH_ALIAS, false, Arrays.asList(aliases)));
    }

    /** Takes aliases away, as {@link #bindAlias}. */
    public ProfileChange unbindAlias(String... aliases) {
        return change(Wanted.names(WishKind.WISH_ALIAS, true, Arrays.asList(aliases)));
    }

    /** Adds tags, at most 100 of 1 to 64 characters, as {@link #bindAlias}. */
    public ProfileChange addTags(String... tags) {
        return change(Wanted.names(WishKind.WISH_TAG, false, Arrays.asList(tags)));
    }

    /** Takes tags away, as {@link #bindAlias}. */
    public ProfileChange removeTags(String... tags) {
        return change(Wanted.names(WishKind.WISH_TAG, true, Arrays.asList(tags)));
    }

    /**
     * Subscribes the endpoint to a topic, of 1 to 58 characters: broadcasts that the product sends to the topic come
     * from now on, as others do. A topic is the tag {@code topic:NAME} and counts as one; kept as {@link #bindAlias}
     * says.
     *
     * @throws LongwireException a topic that breaks these rules
     */
    public ProfileChange subscribe(String topic) {
        return change(Wanted.topic(false, topic));
    }

    /** Ends a subscription, as {@link #subscribe}. */
    public ProfileChange unsubscribe(String topic) {
        return change(Wanted.topic(true, topic));
    }

    /** Sets attributes, at most 100; names of 1 to 64 characters, values of at most 256; as {@link #bindAlias}. */
    public ProfileChange setAttributes(Map<String, String> attributes) {
        return change(Wanted.attributes(attributes));
    }

    /** Takes attributes away, as {@link #bindAlias}. */
    public ProfileChange removeAttributes(String... names) {
        return change(Wanted.names(WishKind.WISH_ATTRIBUTE, true, Arrays.asList(names)));
    }

    private ProfileChange change(List<Wish> wishes) {
        ProfileChange change = new ProfileChange(client);
        boolean taken = client.onLoop(phone -> {
            App known = app;
            if (known != null) {
                phone.wish(known, wishes, change::settle);
            }
        });
        if (!taken) {
            change.settle(AppProfile.Outcome.REFUSED, "client: stopped (expected: before stop)");
        }
        return change;
    }

    /**
     * Sends something to the product: kept in the app's files until the platform has it, over restarts and without
     * anybody waiting, at most 3 days; {@link #send(String, byte[], long)} names another time. Uplinks go in the order
     * of the calls; one that had to be sent again may come after later ones.
     *
     * @param type what the product reads it by: 1 to 64 letters, digits, dots, underscores or hyphens
     * @param body at most 16 KiB
     * @return what becomes of it; {@code FULL} at once when 1,000 wait, or 1 MiB
     * @throws LongwireException a type or body that breaks these rules
     */
    public Uplink send(String type, byte[] body) {
        return send(type, body, Uplink.KEEP_MILLIS);
    }

    /** As {@link #send(String, byte[])}, kept for at most so long: 1 s to 30 days. */
    public Uplink send(String type, byte[] body, long keepMillis) {
        Wanted.uplink(type, body.length, keepMillis);
        Uplink uplink = new Uplink(client, type);
        int size = body.length;
        if (!unsettled.take(size)) {
            uplink.settle(AppUplinks.Outcome.FULL, AppUplinks.full());
            return uplink;
        }
        AppUplinks.Done done = (outcome, reason) -> {
            unsettled.give(size);
            uplink.settle(outcome, reason);
        };
        ByteString copy = ByteString.copyFrom(body);
        boolean taken = client.onLoop(phone -> {
            App known = app;
            if (known != null) {
                phone.send(known, type, copy, keepMillis, done);
            }
        });
        if (!taken) {
            done.onDone(AppUplinks.Outcome.REFUSED, "client: stopped (expected: before stop)");
        }
        return uplink;
    }

    /**
     * Asks the product something and waits for its answer, of at most 4 KiB. The request goes as {@link #send} does, in
     * the order of the calls, but for no longer than the app waits; at most 100 wait for answers.
     *
     * @param type what the product reads it by: 1 to 64 letters, digits, dots, underscores or hyphens
     * @param body at most 16 KiB; a larger one is {@code TOO_LARGE} at once
     * @param timeoutMillis 1 s to 5 min
     * @return what becomes of it
     * @throws LongwireException a type or time that breaks these rules
     */
    public Uplink request(String type, byte[] body, long timeoutMillis) {
        Wanted.request(type, timeoutMillis);
        Uplink request = new Uplink(client, type);
        int size = body.length;
        if (size > Limits.UPLINK_BYTES) {
            request.settle(AppRequests.Outcome.TOO_LARGE, ByteString.EMPTY,
                    "body: " + size + " bytes (expected: at most " + Limits.UPLINK_BYTES + ")");
            return request;
        }
        if (!unsettled.take(size)) {
            request.settle(AppRequests.Outcome.FULL, ByteString.EMPTY, AppUplinks.full());
            return request;
        }
        AppRequests.Done done = (outcome, reply, reason) -> {
            unsettled.give(size);
            request.settle(outcome, reply, reason);
        };
        ByteString copy = ByteString.copyFrom(body);
        boolean taken = client.onLoop(phone -> {
            App known = app;
            if (known != null) {
                phone.request(known, type, copy, timeoutMillis, done);
            }
        });
        if (!taken) {
            done.onDone(AppRequests.Outcome.STOPPED, ByteString.EMPTY, "client: stopped (expected: before stop)");
        }
        return request;
    }

    /** Bytes of the messages and answers that came for the app since the client was made, before TLS. */
    public long receivedBytes() {
        App known = app;
        return known == null ? 0 : known.bytesIn();
    }

    /** Bytes of the uplinks, requests and profile changes that went since the client was made, as above. */
    public long sentBytes() {
        App known = app;
        return known == null ? 0 : known.bytesOut();
    }

    /** Takes the app off the connection. Its endpoint lives on: adding the app again brings it back. */
    public void leave() {
        client.remove(this);
    }

    private static long id(String messageId) {
        try {
            return MessageId.parse(messageId);
        } catch (InvalidIdException bad) {
            throw new LongwireException(String.valueOf(bad.getMessage()), bad);
        }
    }

    @Nullable
    App attached() {
        return app;
    }

    void attach(App known) {
        app = known;
    }

    void endpoint(String text) {
        synchronized (lock) {
            endpoint = text;
        }
    }

    void bound(boolean now) {
        synchronized (lock) {
            bound = now;
            lock.notifyAll();
        }
    }

    @Override
    public String toString() {
        String text = endpoint();
        return "app " + (appId & 0xFFFFFFFFL) + (text == null ? "" : " " + text);
    }
}
