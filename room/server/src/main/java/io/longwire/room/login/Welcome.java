package io.longwire.room.login;

import io.longwire.device.Code;
import io.longwire.device.Feature;
import io.longwire.device.Limits;
import io.longwire.device.v1.BindResult;
import io.longwire.device.v1.ConnectAck;
import io.longwire.keeper.clock.Clock;
import io.longwire.room.resume.ResumeTokens;
import io.longwire.room.session.Connection;
import java.time.Duration;
import java.util.List;

/** Writes CONNECT_ACK. Thread-safe. */
public final class Welcome {
    private static final int ALTERNATES = 4;
    private static final int ALTERNATES_TTL_SECONDS = 24 * 3600;
    private static final Duration SHORTEST_WINDOW = Duration.ofSeconds(2);
    private static final Duration LONGEST_WINDOW = Duration.ofMinutes(2);
    private static final Duration SHORTEST_TTL = Duration.ofSeconds(30);
    private static final Duration LONGEST_TTL = Duration.ofMinutes(3);

    private final HeartbeatConfig heartbeat;
    private final Alternates alternates;
    private final ResumeTokens tokens;
    private final Clock clock;
    private volatile Pace pace = Pace.of(SHORTEST_WINDOW);

    /** What CONNECT_ACK says of the load, worked out once a second and not at each login. */
    private record Pace(int windowMillis, Duration resumeTtl, int resumeTtlSeconds) {
        static Pace of(Duration window) {
            Duration ttl = clamp(window.multipliedBy(3).dividedBy(2), SHORTEST_TTL, LONGEST_TTL);
            return new Pace((int) window.toMillis(), ttl, (int) ttl.toSeconds());
        }
    }

    public Welcome(HeartbeatConfig heartbeat, Alternates alternates, ResumeTokens tokens, Clock clock) {
        this.heartbeat = heartbeat;
        this.alternates = alternates;
        this.tokens = tokens;
        this.clock = clock;
    }

    /**
     * Sets the crash window: W = 1.2 times what it takes to let all sessions in again.
     *
     * @param acceptsPerSecond of the room
     */
    public void load(int connections, int acceptsPerSecond) {
        Duration needed = Duration.ofMillis(1_200L * connections / Math.max(1, acceptsPerSecond));
        pace = Pace.of(clamp(needed, SHORTEST_WINDOW, LONGEST_WINDOW));
    }

    /** How long a dropped connection is kept: 1.5 W, 30 s to 180 s. */
    public Duration resumeTtl() {
        return pace.resumeTtl;
    }

    public int idleSeconds(int proposedSeconds) {
        return heartbeat.idleSeconds(proposedSeconds);
    }

    ConnectAck accepted(Connection connection, List<BindResult> results, boolean resumed) {
        Pace now = pace;
        return ConnectAck.newBuilder().setCode(Code.OK).setResumed(resumed).addAllResults(results)
                .setResumeToken(tokens.token(connection.home(), connection.secret()))
                .setHbMinS((int) heartbeat.min().toSeconds()).setHbMaxS((int) heartbeat.max().toSeconds())
                .setHbHintS((int) heartbeat.hint().toSeconds()).setServerIdleS(connection.idleSeconds())
                .setFeatures(connection.marked(Connection.REPLIES) ? Feature.REPLIES : 0)
                .setServerTimeMs(clock.wallMillis()).setCrashWindowMs(now.windowMillis)
                .setResumeTtlS(now.resumeTtlSeconds).setMaxFrame(Limits.BODY_BYTES)
                .setMaxUnacked(Limits.UNACKED_CONNECTION).setMaxUnackedEndpoint(Limits.UNACKED_ENDPOINT)
                .addAllAlternates(alternates.pick(ALTERNATES)).setAlternatesTtlS(ALTERNATES_TTL_SECONDS).build();
    }

    /** @param retryAfterMillis 0 = the phone's own backoff */
    ConnectAck refused(int code, List<BindResult> results, int retryAfterMillis) {
        return ConnectAck.newBuilder().setCode(code).addAllResults(results).setServerTimeMs(clock.wallMillis())
                .setRetryAfterMs(retryAfterMillis).addAllAlternates(alternates.pick(ALTERNATES))
                .setAlternatesTtlS(ALTERNATES_TTL_SECONDS).build();
    }

    private static Duration clamp(Duration value, Duration min, Duration max) {
        return value.compareTo(min) < 0 ? min : value.compareTo(max) > 0 ? max : value;
    }
}
