package io.longwire.room.profile;

import io.longwire.device.Code;
import io.longwire.device.FrameType;
import io.longwire.device.Limits;
import io.longwire.device.v1.Profile;
import io.longwire.device.v1.ProfileAck;
import io.longwire.room.metric.RoomMetric;
import io.longwire.room.rig.Phone;
import io.longwire.room.rig.RoomRig;
import io.longwire.room.session.EndpointRate;
import io.longwire.rpc.saver.ProfileUpdate;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ProfileTest {
    private final RoomRig rig = new RoomRig();
    private final Phone phone = rig.loggedIn(5);

    @Test
    void aChangeReachesTheSaverUnderTheAppOfTheSessionAndIsAnsweredWhenKept() {
        rig.saver.hold = true;
        phone.frame(FrameType.PROFILE, Profile.newBuilder().setReqId(3).setEndpointId(5).addBindAliases("ann")
                .addBindAgeMs(70_000).addUnbindAliases("bob").addAddTags("news").addRemoveTags("old")
                .putSetAttributes("city", "Lyon")
                .addRemoveAttributes("plan").build());
        assertThat(answers()).isEmpty();

        rig.saver.release();
        rig.settle();

        assertThat(rig.saver.profiles).containsExactly(ProfileUpdate.newBuilder().setAppId(RoomRig.APP)
                .setEndpointId(5).addBindAliases("ann").addBindAgeMs(70_000).addUnbindAliases("bob").addAddTags("news")
                .addRemoveTags("old").putSetAttributes("city", "Lyon").addRemoveAttributes("plan").build());
        assertThat(answers()).containsExactly(ProfileAck.newBuilder().setReqId(3).setCode(Code.OK).build());
        assertThat(rig.metrics.count(RoomMetric.PROFILES, "OK")).isEqualTo(1);
    }

    @Test
    void anEndpointOfAnotherConnectionIsRefused() {
        rig.phone(1).connect(rig.binding(6, RoomRig.APP, rig.now()).build());

        ask(1, 6);

        assertThat(last().getCode()).isEqualTo(Code.NOT_BOUND);
        assertThat(rig.saver.profiles).isEmpty();
        assertThat(phone.closedByRoom).isFalse();
    }

    @Test
    void whatTheSaverRefusesIsTold() {
        rig.saver.profileAnswer = io.longwire.rpc.saver.Profile.newBuilder()
                .setCode(io.longwire.rpc.saver.Profile.Code.LIMIT).setReason("tags: 101 (expected: at most 100)")
                .build();
        ask(1, 5);
        assertThat(last().getCode()).isEqualTo(Code.LIMIT);
        assertThat(last().getText()).isEqualTo("tags: 101 (expected: at most 100)");

        rig.saver.profileAnswer = io.longwire.rpc.saver.Profile.newBuilder()
                .setCode(io.longwire.rpc.saver.Profile.Code.NO_ENDPOINT).build();
        ask(2, 5);
        assertThat(last().getCode()).isEqualTo(Code.GONE);

        rig.saver.profileAnswer = null;
        ask(3, 5);
        assertThat(last().getCode()).isEqualTo(Code.NOT_SERVING);
        assertThat(last().getRetryAfterMs()).isBetween(3_000L, 6_000L);
    }

    @Test
    void aBadOneIsRefusedByItsAnswerAndTheConnectionStays() {
        phone.frame(FrameType.PROFILE,
                Profile.newBuilder().setReqId(7).setEndpointId(5).addAddTags("x".repeat(65)).build());

        assertThat(last().getReqId()).isEqualTo(7);
        assertThat(last().getCode()).isEqualTo(Code.TOO_LARGE);
        assertThat(last().getText()).isEqualTo("add_tags: 65 characters (expected: 1 to 64)");
        assertThat(phone.closedByRoom).isFalse();
        assertThat(rig.saver.profiles).isEmpty();

        phone.frame(FrameType.PROFILE, Profile.newBuilder().setEndpointId(5).build());
        assertThat(phone.error().getCode()).isEqualTo(Code.PROTOCOL);
        assertThat(phone.closedByRoom).isTrue();
    }

    @Test
    void tooManyTagsInOneFrameAreRefused() {
        phone.frame(FrameType.PROFILE, Profile.newBuilder().setReqId(1).setEndpointId(5)
                .addAllAddTags(IntStream.rangeClosed(0, Limits.TAGS).mapToObj(i -> "t" + i).toList()).build());

        assertThat(last().getCode()).isEqualTo(Code.TOO_LARGE);
    }

    @Test
    void anEndpointMayDoTwentyAtOnceAndThenTenAMinute() {
        for (int i = 1; i <= 21; i++) {
            ask(i, 5);
        }
        assertThat(rig.saver.profiles).hasSize(20);
        assertThat(last().getCode()).isEqualTo(Code.RATE);
        assertThat(last().getRetryAfterMs()).isBetween(5_900L, 6_000L);

        rig.advance(Duration.ofMillis(last().getRetryAfterMs()));
        ask(22, 5);
        ask(23, 5);

        assertThat(rig.saver.profiles).hasSize(21);
        assertThat(rig.metrics.count(RoomMetric.PROFILES, "RATE")).isEqualTo(2);
        rig.advance(Duration.ofMinutes(3));
        for (int i = 30; i < 50; i++) {
            ask(i, 5);
        }
        assertThat(rig.saver.profiles).hasSize(41);
    }

    @Test
    void atMostFourOfAConnectionAreUnderWayAndARepeatIsAnsweredOnce() {
        rig.saver.hold = true;
        for (int i = 1; i <= 5; i++) {
            ask(i, 5);
        }
        ask(2, 5); // the SDK repeats until it has an answer

        assertThat(rig.saver.profiles).hasSize(4);
        assertThat(answers()).extracting(ProfileAck::getReqId, ProfileAck::getCode)
                .containsExactly(org.assertj.core.groups.Tuple.tuple(5, Code.BUSY));
        assertThat(last().getRetryAfterMs()).isPositive();

        rig.saver.release();
        rig.settle();
        ask(6, 5);
        rig.saver.release();
        rig.settle();

        assertThat(answers()).extracting(ProfileAck::getReqId).containsExactly(5, 1, 2, 3, 4, 6);
    }

    @Test
    void anAnswerThatFindsThePhoneGoneHurtsNobody() {
        rig.saver.hold = true;
        ask(1, 5);
        phone.drop();
        Phone other = rig.phone(0).connect(rig.binding(6, RoomRig.APP, rig.now()).build());
        rig.advance(Duration.ofMinutes(4)); // the place of the connection is free

        rig.saver.release();
        rig.settle();

        assertThat(answers()).isEmpty();
        assertThat(other.count(FrameType.PROFILE_ACK)).isZero();
        assertThat(rig.metrics.count(RoomMetric.LOOP_BUGS)).isZero();
        other.frame(FrameType.PROFILE, Profile.newBuilder().setReqId(1).setEndpointId(6).build());
        rig.saver.release();
        rig.settle();
        assertThat(other.count(FrameType.PROFILE_ACK)).isEqualTo(1);
    }

    @Test
    void whatIsRememberedOfEndpointsIsBounded() {
        var rate = new EndpointRate(Profiles.BURST, Profiles.STEP, Profiles.REMEMBERED);
        for (long endpoint = 1; endpoint <= 20_000; endpoint++) {
            int wait = rate.take(endpoint, 0);
            assertThat(wait == 0).isEqualTo(endpoint <= 16 * 1024);
        }
        assertThat(rate.remembered()).isEqualTo(16 * 1024);

        assertThat(rate.take(99_999, 7 * 20)).isZero(); // six seconds later all of them are whole again
        assertThat(rate.remembered()).isEqualTo(1);
    }

    private void ask(int reqId, long endpointId) {
        phone.frame(FrameType.PROFILE,
                Profile.newBuilder().setReqId(reqId).setEndpointId(endpointId).addAddTags("news").build());
    }

    private List<ProfileAck> answers() {
        return phone.all(FrameType.PROFILE_ACK, ProfileAck.parser());
    }

    private ProfileAck last() {
        return answers().getLast();
    }
}
