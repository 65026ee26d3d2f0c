package io.longwire.room.ban;

import io.longwire.device.Code;
import io.longwire.register.client.Session;
import io.longwire.room.metric.RoomMetric;
import io.longwire.room.rig.Phone;
import io.longwire.room.rig.RoomRig;
import io.longwire.rpc.room.ControlResult;
import io.longwire.rpc.saver.Ban;
import io.longwire.rpc.saver.BanChangesReply;
import io.longwire.saver.client.BanFeed;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class BannedEndpointsTest {
    private static final ControlResult BUSY = ControlResult.newBuilder().setCode(ControlResult.Code.BUSY).build();

    private final RoomRig rig = new RoomRig();
    private final BannedEndpoints banned = new BannedEndpoints(this::handle, rig.clock, rig.metrics);
    private BanChangesReply changes = BanChangesReply.getDefaultInstance();
    private final BanFeed feed = new BanFeed(asked -> CompletableFuture.completedFuture(changes), rig.clock, banned);

    @Test
    void endsTheSessionOfAnEndpointThatIsBannedAndNoOther() {
        Phone phone = rig.loggedIn(5);
        Phone other = rig.loggedIn(6);
        start();

        ban(5, 0);

        assertThat(phone.kick().getCode()).isEqualTo(Code.BLOCKED);
        assertThat(phone.kick().getText()).isEqualTo("spam");
        assertThat(phone.kick().getRetryAfterMs()).as("phones believe no more than an hour").isEqualTo(3_600_000);
        assertThat(phone.closedByRoom).isTrue();
        assertThat(other.closedByRoom).isFalse();
        assertThat(rig.metrics.count(RoomMetric.BANNED_SESSIONS)).isEqualTo(1);
    }

    @Test
    void endsASessionThatCameWhileTheListWasRead() {
        start();
        ban(5, 0);
        Phone phone = rig.loggedIn(5); // the rig's logins do not ask this list

        rig.advance(Duration.ofSeconds(1));

        assertThat(phone.kick().getCode()).isEqualTo(Code.BLOCKED);
    }

    @Test
    void asksABusyLoopUntilTheSessionIsEnded() {
        Phone phone = rig.loggedIn(5);
        var asked = new AtomicInteger();
        banned.start(feed, item -> asked.incrementAndGet() <= 4
                ? CompletableFuture.completedFuture(BUSY)
                : rig.loops.control(item));
        feed.start();
        ban(5, 0); // and told once more a second later

        rig.advance(Duration.ofSeconds(4));

        assertThat(phone.kick().getCode()).isEqualTo(Code.BLOCKED);
        assertThat(rig.metrics.count(RoomMetric.BANNED_SESSIONS)).isEqualTo(1);
        int until = asked.get();
        rig.advance(Duration.ofSeconds(5));
        assertThat(asked).as("and not after it").hasValue(until);
    }

    @Test
    void asksABusyLoopNoLongerThanTheBanLasts() {
        rig.loggedIn(5);
        var asked = new AtomicInteger();
        banned.start(feed, item -> {
            asked.incrementAndGet();
            return CompletableFuture.completedFuture(BUSY);
        });
        feed.start();
        ban(5, rig.clock.wallMillis() + 4_500);
        rig.advance(Duration.ofSeconds(5));
        int until = asked.get();

        rig.advance(Duration.ofSeconds(5));

        assertThat(until).isBetween(3, 6);
        assertThat(asked).hasValue(until);
    }

    @Test
    void tellsLoginsWhatIsLeft() {
        start();
        ban(5, rig.clock.wallMillis() + 10_000);

        assertThat(banned.of(5)).isNotNull().extracting(ban -> ban.retryAfterMillis()).isEqualTo(9_000);
        assertThat(banned.of(6)).isNull();
    }

    private void start() {
        banned.start(feed, rig.loops::control);
        feed.start();
    }

    private void ban(long endpoint, long until) {
        changes = BanChangesReply.newBuilder().addBans(Ban.newBuilder().setBanId(1).setVersion(1)
                .setKind(Ban.Kind.ENDPOINT).setEndpointId(endpoint).setUntilMs(until).setReason("spam")).build();
        rig.advance(Duration.ofSeconds(1));
        changes = BanChangesReply.getDefaultInstance();
    }

    private long handle(long endpoint) {
        Session session = rig.register.of(endpoint);
        return session == null ? -1 : session.handle();
    }
}
