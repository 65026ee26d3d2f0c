package io.longwire.room.uplink;

import com.google.protobuf.ByteString;
import io.longwire.device.Code;
import io.longwire.device.Feature;
import io.longwire.device.FrameType;
import io.longwire.device.Limits;
import io.longwire.device.v1.Connect;
import io.longwire.device.v1.PayloadCodec;
import io.longwire.device.v1.Uplink;
import io.longwire.device.v1.UplinkReply;
import io.longwire.room.metric.RoomMetric;
import io.longwire.room.phone.LoopLimits;
import io.longwire.room.rig.Phone;
import io.longwire.room.rig.RoomRig;
import io.longwire.rpc.coordinator.UplinkItem;
import io.longwire.rpc.coordinator.UplinkResult;
import io.longwire.rpc.room.PushResult;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class UplinkTest {
    private final RoomRig rig = new RoomRig();
    private final Phone phone = rig.loggedIn(5);

    @Test
    void reachesACoordinatorWithWhatTheRoomKnowsAndIsConfirmedOnlyWhenKept() {
        rig.coordinator.hold = true;
        phone.frame(FrameType.UPLINK, Uplink.newBuilder().setReqId(3).setEndpointId(5).setSeq(41).setTopic("order")
                .setCodec(PayloadCodec.CODEC_DEFLATE).setBody(ByteString.copyFromUtf8("tea")).build());

        assertThat(replies()).isEmpty();
        assertThat(rig.coordinator.items).containsExactly(UplinkItem.newBuilder().setEndpointId(5)
                .setAppId(RoomRig.APP).setSeq(41).setType("order").setBody(ByteString.copyFromUtf8("tea")).setCodec(1)
                .setReceivedMs(rig.now()).setConnSeq(rig.session(5).connSeq()).build());
        assertThat(rig.loops.uplinksWaiting()).isEqualTo(1);

        rig.coordinator.release();
        rig.settle();

        assertThat(replies()).containsExactly(UplinkReply.newBuilder().setReqId(3).setCode(Code.OK).build());
        assertThat(rig.loops.uplinksWaiting()).isZero();
        assertThat(rig.metrics.count(RoomMetric.UPLINKS, "OK")).isEqualTo(1);
    }

    @Test
    void aRequestGoesOnAsOneIfThePhoneTakesReplies() {
        var old = rig.phone(0).connect(rig.binding(6, RoomRig.APP, rig.now()).build());
        var young = rig.phone(0).connect(Connect.newBuilder().setFeatures(Feature.REPLIES | 1 << 30)
                .addBindings(rig.binding(7, RoomRig.APP, rig.now())).build());

        old.frame(FrameType.UPLINK, uplinkOf(1, 6, 3).setTimeoutMs(10_000).build());
        young.frame(FrameType.UPLINK, uplinkOf(1, 7, 3).setTimeoutMs(10_000).build());

        assertThat(old.welcome().getFeatures()).isZero();
        assertThat(young.welcome().getFeatures()).isEqualTo(Feature.REPLIES);
        assertThat(rig.coordinator.items).extracting(UplinkItem::getTimeoutMs).containsExactly(0, 10_000);
    }

    @Test
    void tellsThePhoneWhatTheCoordinatorSays() {
        answers(UplinkResult.Code.FULL, 7_000, "app: full");
        assertReply(Code.BUSY, 7_000, "app: full");
        answers(UplinkResult.Code.UNAVAILABLE, 0, "");
        assertThat(last().getCode()).isEqualTo(Code.BUSY);
        assertThat(last().getRetryAfterMs()).isBetween(3_000L, 6_000L);
        answers(UplinkResult.Code.TOO_OFTEN, 900, "rate");
        assertReply(Code.RATE, 900, "rate");
        answers(UplinkResult.Code.REFUSED, 0, "type: x (expected: y)");
        assertReply(Code.REFUSED, 0, "type: x (expected: y)");
        assertThat(Code.isRetryable(Code.REFUSED)).isFalse();
    }

    @Test
    void saysBusyWhenNoCoordinatorAnswers() {
        rig.coordinator.answer = null;

        uplink(1, 5, 3);

        assertThat(last().getCode()).isEqualTo(Code.BUSY);
        assertThat(last().getRetryAfterMs()).isBetween(3_000L, 6_000L);
        assertThat(phone.closedByRoom).isFalse();
    }

    @Test
    void anEndpointOfAnotherConnectionIsRefused() {
        rig.phone(1).connect(rig.binding(6, RoomRig.APP, rig.now()).build());

        uplink(1, 6, 3);

        assertThat(last().getCode()).isEqualTo(Code.NOT_BOUND);
        assertThat(rig.coordinator.items).isEmpty();
    }

    @Test
    void aBadOneIsRefusedByItsReplyAndTheConnectionStays() {
        uplink(1, 5, Limits.UPLINK_BYTES);
        assertThat(last().getCode()).isEqualTo(Code.OK);

        uplink(2, 5, Limits.UPLINK_BYTES + 1);
        assertReply(Code.TOO_LARGE, 0, "body: 16385 (expected: at most 16384)");
        phone.frame(FrameType.UPLINK, uplinkOf(3, 5, 1).setTopic("$presence").build());
        assertThat(last().getCode()).isEqualTo(Code.PROTOCOL);
        phone.frame(FrameType.UPLINK, uplinkOf(4, 5, 1).setSeq(0).build());
        assertThat(last().getCode()).isEqualTo(Code.PROTOCOL);
        assertThat(phone.closedByRoom).isFalse();
        assertThat(rig.coordinator.items).hasSize(1);

        phone.frame(FrameType.UPLINK, uplinkOf(0, 5, 1).build());
        assertThat(phone.error().getCode()).isEqualTo(Code.PROTOCOL);
        assertThat(phone.closedByRoom).isTrue();
    }

    @Test
    void atMostEightOfAConnectionAreUnderWayAndARepeatIsAnsweredOnce() {
        rig.coordinator.hold = true;
        for (int i = 1; i <= 9; i++) {
            uplink(i, 5, 10);
        }
        uplink(2, 5, 10);

        assertThat(rig.coordinator.items).hasSize(8);
        assertThat(replies()).extracting(UplinkReply::getReqId).containsExactly(9L);
        assertThat(last().getCode()).isEqualTo(Code.BUSY);

        rig.coordinator.release();
        rig.settle();
        uplink(10, 5, 10);
        rig.coordinator.release();
        rig.settle();

        assertThat(replies()).extracting(UplinkReply::getReqId).containsExactly(9L, 1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L,
                10L);
        assertThat(last().getCode()).isEqualTo(Code.OK);
    }

    @Test
    void atMostSixtyFourKilobytesOfAConnectionAreUnderWay() {
        rig.coordinator.hold = true;
        for (int i = 1; i <= 5; i++) {
            uplink(i, 5, Limits.UPLINK_BYTES);
        }

        assertThat(rig.coordinator.items).hasSize(4);
        assertThat(last().getReqId()).isEqualTo(5);
        assertThat(last().getCode()).isEqualTo(Code.BUSY);
    }

    @Test
    void theBytesOfALoopAreBoundedAndComeBack() {
        var small = new RoomRig(new LoopLimits(100, 1_000, 1_000, 1_000, new UplinkLimits(2_000, 20)));
        small.coordinator.hold = true;
        List<Phone> phones = List.of(small.loggedIn(5), small.loggedIn(6), small.loggedIn(7));
        for (int i = 0; i < 3; i++) {
            phones.get(i).frame(FrameType.UPLINK, uplinkOf(1, 5 + i, 488).build()); // 1,000 with its overhead
        }

        assertThat(small.coordinator.items).hasSize(2);
        assertThat(small.metrics.count(RoomMetric.UPLINKS_SHED)).isEqualTo(1);
        assertThat(replies(phones.get(2)).getLast().getCode()).isEqualTo(Code.BUSY);

        small.coordinator.release();
        small.settle();
        phones.get(2).frame(FrameType.UPLINK, uplinkOf(2, 7, 488).build());
        assertThat(small.coordinator.items).hasSize(3);
    }

    @Test
    void anEndpointMaySendAHundredAtOnceAndThenTwentyASecond() {
        for (int i = 1; i <= 101; i++) {
            uplink(i, 5, 1);
        }
        assertThat(rig.coordinator.items).hasSize(100);
        assertThat(last().getCode()).isEqualTo(Code.RATE);
        assertThat(last().getRetryAfterMs()).isEqualTo(50);

        rig.advance(Duration.ofSeconds(1));
        for (int i = 201; i <= 221; i++) {
            uplink(i, 5, 1);
        }

        assertThat(rig.coordinator.items).hasSize(120);
        assertThat(rig.metrics.count(RoomMetric.UPLINKS, "RATE")).isEqualTo(2);
    }

    @Test
    void areShedWhileTheLoopIsLateAndPushesAreNot() {
        rig.clock.advance(Duration.ofMillis(300)); // and no tick came
        uplink(1, 5, 1);
        assertThat(last().getCode()).isEqualTo(Code.BUSY);
        assertThat(rig.send(5)).isEqualTo(PushResult.Code.WRITTEN);

        rig.advance(Duration.ofMillis(500)); // in time again, but not for long yet
        uplink(2, 5, 1);
        assertThat(last().getCode()).isEqualTo(Code.BUSY);
        assertThat(rig.metrics.count(RoomMetric.UPLINKS_SHED)).isEqualTo(2);

        rig.advance(Duration.ofSeconds(1));
        uplink(3, 5, 1);
        assertThat(last().getCode()).isEqualTo(Code.OK);
    }

    @Test
    void aReplyThatFindsThePhoneGoneIsDroppedAndItsNextConnectionIsServed() {
        rig.coordinator.hold = true;
        for (int i = 1; i <= 8; i++) {
            uplink(i, 5, 1);
        }
        phone.drop();
        rig.advance(Duration.ofMillis(50));
        Phone again = rig.loggedIn(5);
        again.frame(FrameType.UPLINK, uplinkOf(1, 5, 1).build()); // the same seq, on another socket

        rig.coordinator.release();
        rig.settle();

        assertThat(replies()).isEmpty();
        assertThat(replies(again)).containsExactly(UplinkReply.newBuilder().setReqId(1).setCode(Code.OK).build());
        assertThat(rig.metrics.count(RoomMetric.UPLINK_REPLIES_UNHEARD)).isEqualTo(8);
        assertThat(rig.loops.uplinksWaiting()).isZero();
        assertThat(rig.metrics.count(RoomMetric.LOOP_BUGS)).isZero();
    }

    private void answers(UplinkResult.Code code, int retryAfterMillis, String text) {
        rig.coordinator.answer = UplinkResult.newBuilder().setCode(code).setRetryAfterMs(retryAfterMillis)
                .setText(text).build();
        uplink(1, 5, 3);
    }

    private void uplink(int reqId, long endpointId, int size) {
        phone.frame(FrameType.UPLINK, uplinkOf(reqId, endpointId, size).build());
    }

    private static Uplink.Builder uplinkOf(int reqId, long endpointId, int size) {
        return Uplink.newBuilder().setReqId(reqId).setEndpointId(endpointId).setSeq(1_000 + reqId).setTopic("order")
                .setBody(ByteString.copyFrom(new byte[size]));
    }

    private void assertReply(int code, long retryAfterMillis, String text) {
        assertThat(last().getCode()).isEqualTo(code);
        assertThat(last().getRetryAfterMs()).isEqualTo(retryAfterMillis);
        assertThat(last().getText()).isEqualTo(text);
    }

    private List<UplinkReply> replies() {
        return replies(phone);
    }

    private static List<UplinkReply> replies(Phone of) {
        return of.all(FrameType.UPLINK_REPLY, UplinkReply.parser());
    }

    private UplinkReply last() {
        return replies().getLast();
    }
}
