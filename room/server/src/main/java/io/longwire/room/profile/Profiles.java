package io.longwire.room.profile;

import io.longwire.device.Code;
import io.longwire.device.FrameType;
import io.longwire.device.MessageRules;
import io.longwire.device.ProtocolError;
import io.longwire.device.v1.Profile;
import io.longwire.device.v1.ProfileAck;
import io.longwire.keeper.metrics.Metrics;
import io.longwire.room.metric.CodeCounters;
import io.longwire.room.metric.RoomMetric;
import io.longwire.room.session.Connection;
import io.longwire.room.session.EndpointRate;
import io.longwire.room.session.Loop;
import io.longwire.room.session.Session;
import io.longwire.rpc.saver.ProfileUpdate;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.agrona.collections.Long2ObjectHashMap;
import org.jspecify.annotations.Nullable;

/**
 * PROFILE: checked, limited, handed to a saver, answered when it is durable. An endpoint changes only itself. A bad
 * one is refused by its answer and costs no neighbour on the connection anything. At most 4 under way on a
 * connection and 1,024 on the loop; a req_id that comes again while it is under way is answered once. An answer that
 * finds the connection gone is dropped: the phone asks again on its next one. Owner: the loop.
 */
public final class Profiles {
    static final int PER_CONNECTION = 4;
    static final int BURST = 20;
    static final Duration STEP = Duration.ofSeconds(6);
    static final int REMEMBERED = 16 * 1024;
    private static final int PER_LOOP = 1024;
    private static final int RETRY_MILLIS = 3_000;

    /** The requests of one connection that have no answer yet. */
    private static final class UnderWay {
        final int[] reqIds = new int[PER_CONNECTION];
        int count;

        boolean has(int reqId) {
            for (int i = 0; i < count; i++) {
                if (reqIds[i] == reqId) {
                    return true;
                }
            }
            return false;
        }

        void remove(int reqId) {
            for (int i = 0; i < count; i++) {
                if (reqIds[i] == reqId) {
                    reqIds[i] = reqIds[--count];
                    return;
                }
            }
        }
    }

    private final Loop loop;
    private final ProfileStore store;
    private final EndpointRate rate = new EndpointRate(BURST, STEP, REMEMBERED);
    private final Long2ObjectHashMap<UnderWay> underWay = new Long2ObjectHashMap<>(); // by handle
    private final CodeCounters answered;
    private int inFlight;

    public Profiles(Loop loop, ProfileStore store, Metrics metrics) {
        this.loop = loop;
        this.store = store;
        this.answered = new CodeCounters(metrics, RoomMetric.PROFILES);
    }

    /** A PROFILE frame. Throws if it names no request to answer. */
    public void onProfile(Connection connection, Profile profile) throws ProtocolError {
        try {
            MessageRules.check(profile);
        } catch (ProtocolError broken) {
            if (profile.getReqId() == 0) {
                throw broken;
            }
            refuse(connection, profile, broken.code(), String.valueOf(broken.getMessage()), 0);
            return;
        }
        Session session = connection.find(profile.getEndpointId());
        if (session == null) {
            refuse(connection, profile, Code.NOT_BOUND, "endpoint_id: (expected: one bound to this connection)", 0);
            return;
        }
        UnderWay waiting = underWay.get(connection.handle());
        if (waiting != null && waiting.has(profile.getReqId())) {
            return;
        }
        if (inFlight >= PER_LOOP || (waiting != null && waiting.count == PER_CONNECTION)) {
            refuse(connection, profile, Code.BUSY,
                    "profiles under way: " + (waiting == null ? 0 : waiting.count) + " (expected: below "
                            + PER_CONNECTION + ", and room for them here)",
                    retryMillis());
            return;
        }
        int wait = rate.take(session.endpointId(), loop.now());
        if (wait > 0) {
            refuse(connection, profile, Code.RATE, "profile: too often (expected: at most " + BURST
                    + " at once, then 10 a minute)", wait);
            return;
        }
        update(connection, profile, session.appId());
    }

    private void update(Connection connection, Profile profile, int appId) {
        inFlight++;
        long handle = connection.handle();
        UnderWay waiting = underWay.computeIfAbsent(handle, first -> new UnderWay());
        waiting.reqIds[waiting.count++] = profile.getReqId();
        ProfileUpdate update = ProfileUpdate.newBuilder().setAppId(appId).setEndpointId(profile.getEndpointId())
                .addAllAddTags(profile.getAddTagsList()).addAllRemoveTags(profile.getRemoveTagsList())
                .putAllSetAttributes(profile.getSetAttributesMap())
                .addAllRemoveAttributes(profile.getRemoveAttributesList())
                .addAllBindAliases(profile.getBindAliasesList()).addAllUnbindAliases(profile.getUnbindAliasesList())
                .addAllBindAgeMs(profile.getBindAgeMsList()).build();
        store.update(update).whenComplete((kept, failure) -> loop.mailbox()
                .answer(() -> onKept(connection, handle, profile.getReqId(), failure == null ? kept : null)));
    }

    private void onKept(Connection connection, long handle, int reqId,
            io.longwire.rpc.saver.@Nullable Profile kept) {
        inFlight--;
        UnderWay waiting = underWay.get(handle);
        if (waiting != null) {
            waiting.remove(reqId);
            if (waiting.count == 0) {
                underWay.remove(handle);
            }
        }
        ProfileAck.Builder answer = ProfileAck.newBuilder().setReqId(reqId);
        if (kept == null) {
            answer.setCode(Code.NOT_SERVING).setRetryAfterMs(retryMillis());
        } else {
            answer.setCode(code(kept.getCode())).setText(kept.getReason());
        }
        send(connection, answer);
    }

    private static int code(io.longwire.rpc.saver.Profile.Code kept) {
        return switch (kept) {
            case OK -> Code.OK;
            case NO_ENDPOINT -> Code.GONE;
            case LIMIT -> Code.LIMIT;
            case ALIAS_REFUSED -> Code.TAKEN;
            case UNRECOGNIZED -> Code.INTERNAL;
        };
    }

    private void refuse(Connection connection, Profile profile, int code, String text, int retryAfterMillis) {
        send(connection, ProfileAck.newBuilder().setReqId(profile.getReqId()).setCode(code).setText(text)
                .setRetryAfterMs(retryAfterMillis));
    }

    private void send(Connection connection, ProfileAck.Builder answer) {
        answered.increment(answer.getCode());
        loop.out().frame(connection, FrameType.PROFILE_ACK, answer.build());
    }

    private static int retryMillis() {
        return RETRY_MILLIS + ThreadLocalRandom.current().nextInt(RETRY_MILLIS);
    }
}
