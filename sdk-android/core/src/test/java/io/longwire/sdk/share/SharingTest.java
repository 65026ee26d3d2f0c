package io.longwire.sdk.share;

import io.longwire.device.Code;
import io.longwire.device.FrameType;
import io.longwire.device.FrameWriter;
import io.longwire.device.v1.Ack;
import io.longwire.device.v1.AckStatus;
import io.longwire.device.v1.AppTraffic;
import io.longwire.device.v1.Kick;
import io.longwire.device.v1.Push;
import io.longwire.device.v1.Uplink;
import io.longwire.device.v1.UplinkReply;
import io.longwire.sdk.phone.AppUplinks;
import io.longwire.sdk.phone.PhoneStatus;
import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** Two apps, each with the real phone code and its own files, on one connection to a room in virtual time. */
class SharingTest {
    private static final int HOST = 7;
    private static final int GUEST = 8;
    private static final long HOUR_MILLIS = 3_600_000;

    @TempDir
    File directory;
    private final SharedRoom room = new SharedRoom();
    private SharingPhone host;
    private SharingPhone guest;

    @BeforeEach
    void open() throws IOException {
        host = new SharingPhone(room, new File(directory, "host"), HOST);
        guest = new SharingPhone(room, new File(directory, "guest"), GUEST);
        host.start();
        room.loop.advance(5_000);
        guest.lodgeAt(host);
        guest.start();
        room.loop.advance(5_000);
    }

    @AfterEach
    void close() {
        guest.stop();
        host.stop();
    }

    @Test
    void theGuestIsBoundByDelegationOnTheHostsConnection() {
        assertThat(room.open()).isEqualTo(1);
        assertThat(room.line().bound).containsOnlyKeys(room.endpoint(HOST), room.endpoint(GUEST));
        assertThat(guest.isBound()).isTrue();
    }

    @Test
    void onlyWhoHoldsTheConnectionHasARoomAndAHeartbeat() {
        PhoneStatus hosts = host.statuses.get(host.statuses.size() - 1);
        PhoneStatus lodges = guest.statuses.get(guest.statuses.size() - 1);

        assertThat(hosts.stage()).isEqualTo(PhoneStatus.Stage.ONLINE);
        assertThat(hosts.room()).isNotEmpty();
        assertThat(host.heartbeats).isNotEmpty();
        assertThat(lodges.stage()).isEqualTo(PhoneStatus.Stage.ONLINE);
        assertThat(lodges.room()).isEmpty();
        assertThat(guest.heartbeats).isEmpty();
    }

    @Test
    void noCredentialOfTheGuestEverGoesThroughTheHost() {
        assertThat(guest.sentToHost).isNotEmpty();
        assertThat(guest.sentToHost).noneMatch(bytes -> contains(bytes, room.credential(GUEST)));
    }

    @Test
    void itsMessageIsStoredByItselfShownOnceAndAckedOnTheWire() {
        long seq = room.line().push(GUEST, 11, "for the guest");
        room.line().push(HOST, 12, "for the host");
        room.loop.advance(2_000);

        assertThat(guest.shown()).containsExactly("for the guest");
        assertThat(host.shown()).containsExactly("for the host");
        Ack last = room.line().lastAck();
        assertThat(last.getUptoSeq()).isEqualTo(seq + 1);
    }

    @Test
    void anAppThatDoesNotAnswerBlocksOnlyItself() {
        guest.freeze();
        long stuck = room.line().push(GUEST, 11, "waits");
        room.line().push(HOST, 12, "goes on");
        room.loop.advance(2_000);

        assertThat(host.shown()).containsExactly("goes on");
        assertThat(room.line().lastAck().getUptoSeq()).isEqualTo(stuck - 1);
        assertThat(room.line().lastAck().getExtraSeqList()).containsExactly(stuck + 1);
    }

    @Test
    void whatComesForAnAppThatIsGoneIsDeferredAndComesWhenItIsBack() throws IOException {
        guest.die();
        room.line().push(GUEST, 11, "later");
        room.loop.advance(2_000);
        assertThat(room.line().statusOf(room.endpoint(GUEST), 11)).isEqualTo(AckStatus.ACK_DEFERRED);
        assertThat(host.isBound()).isTrue();

        guest = new SharingPhone(room, new File(directory, "guest"), GUEST);
        guest.lodgeAt(host);
        guest.start();
        room.loop.advance(5_000);
        room.line().push(GUEST, 11, "later");
        room.loop.advance(2_000);

        assertThat(guest.shown()).containsExactly("later");
        assertThat(room.open()).isEqualTo(1);
    }

    @Test
    void aMessageInTheGuestsHandsWhenItDiesComesAgainAndIsShownOnce() throws IOException {
        guest.freeze();
        room.line().push(GUEST, 11, "once");
        room.loop.advance(2_000);
        guest.die();
        room.loop.advance(2_000);
        assertThat(room.line().statusOf(room.endpoint(GUEST), 11)).isEqualTo(AckStatus.ACK_DEFERRED);

        guest = new SharingPhone(room, new File(directory, "guest"), GUEST);
        guest.lodgeAt(host);
        guest.start();
        room.loop.advance(5_000);
        room.line().push(GUEST, 11, "once");
        room.line().push(GUEST, 11, "once");
        room.loop.advance(2_000);
        assertThat(guest.shown()).containsExactly("once");
    }

    @Test
    void whenTheHostDiesTheGuestConnectsByItself() {
        host.die();
        room.loop.advance(120_000);

        assertThat(guest.isBound()).isTrue();
        assertThat(room.line().bound).containsOnlyKeys(room.endpoint(GUEST));
        room.line().push(GUEST, 11, "by itself");
        room.loop.advance(2_000);
        assertThat(guest.shown()).containsExactly("by itself");
    }

    @Test
    void whenTheHostsConnectionIsCutBothComeBack() {
        room.line().cut();
        room.loop.advance(120_000);

        assertThat(host.isBound()).isTrue();
        assertThat(guest.isBound()).isTrue();
        room.pushAnywhere(GUEST, 11, "after the cut");
        room.loop.advance(2_000);
        assertThat(guest.shown()).containsExactly("after the cut");
    }

    @Test
    void aHostThatRefusesIsNoHost() throws IOException {
        guest.stop();
        host.refuseGuests();
        SharingPhone other = new SharingPhone(room, new File(directory, "other"), 9);
        other.lodgeAt(host);
        other.start();
        room.loop.advance(300_000);

        assertThat(other.isBound()).isTrue();
        assertThat(room.open()).isEqualTo(2);
        other.stop();
    }

    @Test
    void whatComesForAGuestThatWasSentAwayIsNeverSaidToBeMissing() {
        SharedRoom.Line line = room.line();
        host.refuseGuests();
        host.dismissAll();
        room.loop.advance(1);
        line.push(GUEST, 11, "was on its way");
        line.push(HOST, 12, "for the host");
        room.loop.advance(2_000);

        assertThat(line.statusOf(room.endpoint(GUEST), 11)).isEqualTo(AckStatus.ACK_DEFERRED);
        assertThat(line.bound).containsOnlyKeys(room.endpoint(HOST));
        assertThat(host.shown()).containsExactly("for the host");
    }

    @Test
    void aHostThatYieldsTellsItsGuestsWhoHostsNow() {
        host.dismissAll();
        room.loop.advance(1);
        assertThat(guest.moved).containsExactly("com.shop.next");

        room.loop.advance(5_000);
        room.line().cut();
        room.loop.advance(1_000);
        assertThat(guest.moved).as("of another end nothing is said").hasSize(1);
    }

    @Test
    void aBindThatIsAnsweredAfterTheGuestsEndIsTakenBack() throws IOException {
        SharedRoom.Line line = room.line();
        SharingPhone other = new SharingPhone(room, new File(directory, "other"), 9);
        other.lodgeAt(host);
        line.holdBinds();
        other.start();
        room.loop.advance(5_000);
        other.die();
        line.answerBinds();
        line.push(9, 13, "for nobody now");
        room.loop.advance(2_000);

        assertThat(line.statusOf(room.endpoint(9), 13)).isEqualTo(AckStatus.ACK_DEFERRED);
        assertThat(line.bound).containsOnlyKeys(room.endpoint(HOST), room.endpoint(GUEST));
    }

    @Test
    void aDeferralOnItsWayDoesNotMuteTheGuestThatIsBack() throws IOException {
        guest.die();
        room.line().push(GUEST, 11, "later");
        room.loop.advance(2_000);

        guest = new SharingPhone(room, new File(directory, "guest"), GUEST);
        guest.lodgeAt(host);
        guest.start();
        room.loop.advance(5_000);
        assertThat(room.line().readies).containsExactly(room.endpoint(GUEST));
    }

    @Test
    void aGuestThatWasFullIsReadyWhenItHasTakenHalf() {
        guest.freeze();
        for (int i = 0; i <= GuestLine.WAITING_MAX; i++) {
            room.line().push(GUEST, 100 + i, "message " + i);
        }
        room.loop.advance(2_000);
        assertThat(room.line().statusOf(room.endpoint(GUEST), 100 + GuestLine.WAITING_MAX))
                .isEqualTo(AckStatus.ACK_DEFERRED);
        assertThat(room.line().readies).isEmpty();

        guest.thaw();
        room.loop.advance(5_000);
        assertThat(guest.shown()).hasSize(GuestLine.WAITING_MAX);
        assertThat(room.line().readies).containsExactly(room.endpoint(GUEST));
    }

    @Test
    void anAppThatWasRemovedIsUnboundThoughItsProcessHadGone() {
        guest.die();
        room.loop.advance(1_000);
        assertThat(room.line().bound).containsKey(room.endpoint(GUEST));

        host.expel(GUEST);
        room.loop.advance(1_000);
        assertThat(room.line().bound).containsOnlyKeys(room.endpoint(HOST));
    }

    @Test
    void aHostThatIsGivenUpIsToldAndThePhoneNoLongerGoesThroughIt() {
        assertThat(guest.through).containsExactly(true);
        host.die();
        room.loop.advance(120_000);

        assertThat(guest.isBound()).isTrue();
        assertThat(guest.through).containsExactly(true, false);
        assertThat(guest.givenUpTimes).isEqualTo(1);
    }

    @Test
    void anUplinkOfTheGuestIsAnsweredToTheGuest() {
        List<AppUplinks.Outcome> outcomes = new ArrayList<>();
        guest.send("order", "2 pizzas", outcomes);
        room.loop.advance(1_000);

        assertThat(room.line().uplinks).hasSize(1);
        assertThat(room.line().uplinks.get(0).getEndpointId()).isEqualTo(room.endpoint(GUEST));
        room.line().send(FrameType.UPLINK_REPLY,
                UplinkReply.newBuilder().setReqId(room.line().uplinks.get(0).getReqId()).build());
        room.loop.advance(1_000);
        assertThat(outcomes).hasSize(1);
        assertThat(outcomes.get(0).name()).isEqualTo("DURABLE");
    }

    @Test
    void theRoomIsToldWhatEachAppHadOfTheConnectionWhenAPingWasAnswered() {
        Push first = room.message(HOST, 12, "for the host");
        Push second = room.message(HOST, 13, "and one more");
        Push third = room.message(GUEST, 11, "for the guest");
        room.line().push(first);
        room.line().push(second);
        room.line().push(third);
        guest.send("order", "2 pizzas", new ArrayList<>());
        room.loop.advance(1_000);
        Uplink order = room.line().uplinks.get(0);
        room.line().send(FrameType.UPLINK_REPLY, UplinkReply.newBuilder().setReqId(order.getReqId()).build());
        room.loop.advance(HOUR_MILLIS - 60_000);
        assertThat(room.line().telemetries).isEmpty();

        room.loop.advance(HOUR_MILLIS / 2);
        SharedRoom.Line line = room.line();
        assertThat(line.telemetries).hasSize(1);
        assertThat(line.toldAfterMillis).as("the radio is awake").isZero();
        assertThat(line.telemetries.get(0).getSerializedSize()).isLessThan(1_024);
        AppTraffic hosts = told(line, HOST);
        assertThat(hosts.getFramesIn()).isEqualTo(2);
        assertThat(hosts.getBytesIn()).isEqualTo(size(first.toBuilder().setSeq(1)) + size(second.toBuilder().setSeq(2)))
                .isEqualTo(host.received());
        assertThat(hosts.getFramesOut()).isZero();
        AppTraffic guests = told(line, GUEST);
        assertThat(guests.getFramesIn()).isEqualTo(1);
        assertThat(guests.getBytesIn()).isEqualTo(size(third.toBuilder().setSeq(3)));
        assertThat(guests.getFramesOut()).isEqualTo(1);
        assertThat(guests.getBytesOut()).isPositive();
        assertThat(guest.received()).as("the guest counts for itself").isPositive();
        assertThat(guest.sent()).isPositive();

        room.loop.advance(4 * HOUR_MILLIS);
        assertThat(line.telemetries).as("nothing has come since").hasSize(1);
    }

    @Test
    void whatAGuestHadIsKeptOverItsLinesEndAndToldOnce() throws IOException {
        room.line().push(GUEST, 11, "before");
        room.loop.advance(2_000);
        guest.die();
        room.loop.advance(2_000);
        guest = new SharingPhone(room, new File(directory, "guest"), GUEST);
        guest.lodgeAt(host);
        guest.start();
        room.loop.advance(5_000);
        room.line().push(GUEST, 14, "after");
        room.loop.advance(2 * HOUR_MILLIS);

        assertThat(guest.shown()).containsExactly("after");
        assertThat(room.line().telemetries).hasSize(1);
        assertThat(told(room.line(), GUEST).getFramesIn()).isEqualTo(2);
        assertThat(guest.received()).as("of the new process").isLessThan(told(room.line(), GUEST).getBytesIn());
    }

    @Test
    void aReportThatTheConnectionMayHaveLostIsToldAgain() {
        guest.stop();
        room.line().push(HOST, 12, "counts");
        SharedRoom.Line first = room.line();
        while (first.telemetries.isEmpty() && room.loop.elapsedMillis() < 3 * HOUR_MILLIS) {
            room.loop.advance(1_000);
        }
        assertThat(told(first, HOST).getFramesIn()).isEqualTo(1);
        first.cut();
        room.loop.advance(2 * HOUR_MILLIS);

        assertThat(room.line()).isNotSameAs(first);
        assertThat(told(room.line(), HOST)).isEqualTo(told(first, HOST));
    }

    @Test
    void theHostAnswersForWhatAGuestReportedOnceAPingBehindItWasAnswered() {
        shown();
        host.saw(12);
        room.loop.advance(600);
        guest.saw(11);
        room.loop.advance(600); // the host has it, and waits for more
        room.line().answerPings();
        room.loop.advance(1);
        assertThat(room.line().statusOf(room.endpoint(GUEST), 11)).as("not sent yet").isNull();
        assertThat(host.reportsWaiting()).isZero();
        assertThat(guest.reportsWaiting()).isEqualTo(1);

        room.loop.advance(600);
        assertThat(room.line().statusOf(room.endpoint(GUEST), 11)).isEqualTo(AckStatus.ACK_SHOWN);
        assertThat(guest.reportsWaiting()).isEqualTo(1);
        room.line().answerPings();
        room.loop.advance(1);
        assertThat(guest.reportsWaiting()).isZero();
    }

    @Test
    void whatTheHostReportedBehindAGuestsPingIsNotTakenForTold() {
        shown();
        guest.saw(11);
        room.loop.advance(1_200); // the guest's pause, and the host's
        host.saw(12);
        room.line().answerPings();
        room.loop.advance(1);
        assertThat(guest.reportsWaiting()).isZero();
        assertThat(host.reportsWaiting()).isEqualTo(1);

        room.loop.advance(600);
        room.line().answerPings();
        room.loop.advance(1);
        assertThat(host.reportsWaiting()).isZero();
    }

    private void shown() {
        room.line().push(GUEST, 11, "for the guest");
        room.line().push(HOST, 12, "for the host");
        room.loop.advance(2_000);
        room.line().holdPongs();
    }

    private AppTraffic told(SharedRoom.Line line, int app) {
        return line.telemetries.get(0).getAppsList().stream()
                .filter(one -> one.getEndpointId() == room.endpoint(app)).findFirst().orElseThrow();
    }

    private static long size(Push.Builder push) {
        return FrameWriter.frameSize(push.build());
    }

    @Test
    void aKickOfTheGuestLeavesTheHostAlone() {
        room.line().send(FrameType.KICK, Kick.newBuilder().setCode(Code.KICKED).setRetryAfterMs(600_000)
                .addEndpointIds(room.endpoint(GUEST)).build());
        room.loop.advance(60_000);

        assertThat(host.isBound()).isTrue();
        assertThat(guest.isBound()).isFalse();
        room.line().push(HOST, 12, "still here");
        room.loop.advance(2_000);
        assertThat(host.shown()).containsExactly("still here");
    }

    @Test
    void whatAGuestSaysOfOthersEndsItsLineAlone() {
        List<byte[]> back = new ArrayList<>();
        Pipe line = host.takeIn(9, back);
        line.send(new byte[]{1, 0x55, 0x55, 0x55, 0x55, 0x7F, 0x7F});
        room.loop.advance(1_000);

        assertThat(back).isNotEmpty();
        assertThat(host.isBound()).isTrue();
        assertThat(guest.isBound()).isTrue();
    }

    private static boolean contains(byte[] bytes, byte[] part) {
        for (int i = 0; i + part.length <= bytes.length; i++) {
            int same = 0;
            while (same < part.length && bytes[i + same] == part[same]) {
                same++;
            }
            if (same == part.length) {
                return true;
            }
        }
        return false;
    }
}
