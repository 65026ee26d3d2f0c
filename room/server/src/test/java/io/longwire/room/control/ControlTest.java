package io.longwire.room.control;

import com.google.protobuf.ByteString;
import io.longwire.device.Code;
import io.longwire.device.Feature;
import io.longwire.device.FrameType;
import io.longwire.device.v1.AckStatus;
import io.longwire.device.v1.Connect;
import io.longwire.device.v1.GoAway;
import io.longwire.device.v1.Reply;
import io.longwire.register.client.Session;
import io.longwire.room.rig.Phone;
import io.longwire.room.rig.RoomRig;
import io.longwire.rpc.room.ControlItem;
import io.longwire.rpc.room.ControlResult;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ControlTest {
    private final RoomRig rig = new RoomRig();
    private final Phone phone = rig.loggedIn(5);
    private final Session session = rig.session(5);

    @Test
    void fetchBringsWhatIsInTheInbox() {
        long id = rig.store(5);

        assertThat(rig.control(ControlItem.Kind.FETCH, session)).isCompletedWithValue(ControlResult.Code.DONE);

        assertThat(phone.pushedIds()).containsExactly(id);
    }

    @Test
    void fetchForAnAppThatDoesNotRunIsFinal() {
        rig.send(5);
        phone.ackIds(5, AckStatus.ACK_DEFERRED, phone.pushedIds().getFirst());

        assertThat(rig.control(ControlItem.Kind.FETCH, session)).isCompletedWithValue(ControlResult.Code.NOT_READY);
    }

    @Test
    void kickTellsThePhoneAndEndsTheSession() {
        assertThat(rig.control(ControlItem.Kind.KICK, session,
                item -> item.setCode(Code.BLOCKED).setRetryAfterMs(3_600_000)))
                .isCompletedWithValue(ControlResult.Code.DONE);

        assertThat(phone.kick().getCode()).isEqualTo(Code.BLOCKED);
        assertThat(phone.kick().getEndpointIdsList()).containsExactly(5L);
        assertThat(phone.kick().getRetryAfterMs()).isEqualTo(3_600_000);
        assertThat(phone.closedByRoom).isTrue();
        assertThat(rig.register.of(5)).isNull();
    }

    @Test
    void kickTellsTheReason() {
        rig.control(ControlItem.Kind.KICK, session, item -> item.setCode(Code.KICKED).setText("account closed"));

        assertThat(phone.kick().getText()).isEqualTo("account closed");
        assertThat(phone.kick().getEndpointIdsList()).containsExactly(5L);
    }

    @Test
    void aKickOfTheConnectionEndsAllItsSessions() {
        assertThat(rig.control(ControlItem.Kind.KICK_CONNECTION, session,
                item -> item.setCode(Code.KICKED).setRetryAfterMs(9_000).setText("drill")))
                .isCompletedWithValue(ControlResult.Code.DONE);

        assertThat(phone.kick().getEndpointIdsList()).isEmpty();
        assertThat(phone.kick().getRetryAfterMs()).isEqualTo(9_000);
        assertThat(phone.closedByRoom).isTrue();
        assertThat(rig.register.of(5)).isNull();
    }

    @Test
    void aKickOfAParkedConnectionEndsItForGood() {
        phone.drop();
        assertThat(rig.register.of(5)).isNotNull();

        assertThat(rig.control(ControlItem.Kind.KICK_CONNECTION, session))
                .isCompletedWithValue(ControlResult.Code.DONE);

        assertThat(rig.register.of(5)).isNull();
        assertThat(rig.control(ControlItem.Kind.KICK_CONNECTION, session))
                .isCompletedWithValue(ControlResult.Code.NOT_HERE);
    }

    @Test
    void aReplyIsWrittenToAPhoneThatTakesThem() {
        Phone young = rig.phone(0).connect(Connect.newBuilder().setFeatures(Feature.REPLIES)
                .addBindings(rig.binding(6, RoomRig.APP, rig.now())).build());
        Session asks = rig.session(6);

        assertThat(reply(asks)).isCompletedWithValue(ControlResult.Code.DONE);
        assertThat(young.all(FrameType.REPLY, Reply.parser())).containsExactly(Reply.newBuilder().setEndpointId(6)
                .setSeq(41).setBody(ByteString.copyFromUtf8("yes")).build());
        assertThat(reply(session)).as("a phone of an older version").isCompletedWithValue(ControlResult.Code.NOT_READY);
        assertThat(phone.count(FrameType.REPLY)).isZero();
    }

    @Test
    void noReplyGoesThroughAHostThatMustNotRead() {
        Phone host = rig.phone(0).connect(Connect.newBuilder().setFeatures(Feature.REPLIES)
                .addBindings(rig.binding(6, 70, rig.now()))
                .addBindings(rig.sealedGuest(7, RoomRig.APP, 6, rig.now())).build());

        assertThat(reply(rig.session(7))).isCompletedWithValue(ControlResult.Code.NOT_READY);
        assertThat(reply(rig.session(6))).isCompletedWithValue(ControlResult.Code.DONE);
        assertThat(host.all(FrameType.REPLY, Reply.parser())).extracting(Reply::getEndpointId).containsExactly(6L);
    }

    @Test
    void noReplyIsKeptForAPhoneThatCannotHaveItNow() {
        Phone young = rig.phone(0).connect(Connect.newBuilder().setFeatures(Feature.REPLIES)
                .addBindings(rig.binding(6, RoomRig.APP, rig.now())).build());
        Session asks = rig.session(6);
        young.writable = false;
        assertThat(reply(asks)).isCompletedWithValue(ControlResult.Code.BUSY);
        young.drained();
        young.drop();

        assertThat(reply(asks)).isCompletedWithValue(ControlResult.Code.PARKED);
        assertThat(young.count(FrameType.REPLY)).isZero();
    }

    @Test
    void aPhoneThatIsAnsweredTooOftenGetsNoMoreForAWhile() {
        Phone young = rig.phone(0).connect(Connect.newBuilder().setFeatures(Feature.REPLIES)
                .addBindings(rig.binding(6, RoomRig.APP, rig.now())).build());
        Session asks = rig.session(6);
        for (int i = 0; i < 50; i++) {
            assertThat(reply(asks)).isCompletedWithValue(ControlResult.Code.DONE);
        }

        assertThat(reply(asks)).isCompletedWithValue(ControlResult.Code.BUSY);
        assertThat(young.count(FrameType.REPLY)).isEqualTo(50);
    }

    private CompletableFuture<ControlResult.Code> reply(Session to) {
        return rig.control(ControlItem.Kind.REPLY, to,
                item -> item.setSeq(41).setBody(ByteString.copyFromUtf8("yes")));
    }

    @Test
    void dropSparesASessionThatIsNewer() {
        assertThat(rig.control(ControlItem.Kind.DROP, session, item -> item.setBelowConnSeq(session.connSeq())))
                .isCompletedWithValue(ControlResult.Code.NOT_HERE);
        assertThat(phone.closedByRoom).isFalse();

        rig.control(ControlItem.Kind.DROP, session, item -> item.setBelowConnSeq(session.connSeq() + 1));
        assertThat(phone.kick().getCode()).isEqualTo(Code.REPLACED);
    }

    @Test
    void probeWaitsForAnyByte() {
        var answer = rig.control(ControlItem.Kind.PROBE, session);
        assertThat(phone.count(FrameType.PING)).isEqualTo(1);
        assertThat(answer).isNotDone();

        phone.bytes((byte) FrameType.PONG, (byte) 0);

        assertThat(answer).isCompletedWithValue(ControlResult.Code.ALIVE);
    }

    @Test
    void probeGivesUpAfterThreeSeconds() {
        var answer = rig.control(ControlItem.Kind.PROBE, session);
        rig.advance(Duration.ofMillis(2_900));
        assertThat(answer).isNotDone();

        rig.advance(Duration.ofMillis(200));

        assertThat(answer).isCompletedWithValue(ControlResult.Code.SILENT);
    }

    @Test
    void probeOfAPhoneThatGoesIsSilentAtOnce() {
        var answer = rig.control(ControlItem.Kind.PROBE, session);
        phone.drop();
        rig.advance(Duration.ofMillis(50));

        assertThat(answer).isCompletedWithValue(ControlResult.Code.SILENT);
    }

    @Test
    void anotherSessionOfTheEndpointIsNotMeant() {
        Session older = new Session(5, session.connSeq() - 1, session.roomIncarnation(), session.handle());
        Session nobody = new Session(5, session.connSeq(), session.roomIncarnation(), -1);

        assertThat(rig.control(ControlItem.Kind.KICK, older)).isCompletedWithValue(ControlResult.Code.NOT_HERE);
        assertThat(rig.control(ControlItem.Kind.KICK, nobody)).isCompletedWithValue(ControlResult.Code.NOT_HERE);
        assertThat(phone.closedByRoom).isFalse();
    }

    @Test
    void askTellsWhenAMessageWasWrittenAndThePhoneLastHeard() {
        long bound = rig.now();
        rig.advance(Duration.ofSeconds(10));
        phone.ping();
        long heard = rig.now();
        rig.advance(Duration.ofSeconds(5));
        rig.send(5);
        long written = rig.now();
        long id = phone.pushedIds().getFirst();
        rig.advance(Duration.ofSeconds(2));

        ControlResult told = rig.ask(ControlItem.Kind.ASK, session, item -> item.setMessageId(id)).join();
        ControlResult ofAnother = rig.ask(ControlItem.Kind.ASK, session, item -> item.setMessageId(id + 1)).join();

        assertThat(told.getCode()).isEqualTo(ControlResult.Code.DONE);
        assertThat(told.getWrittenMs()).isEqualTo(written);
        assertThat(told.getHeardMs()).isBetween(heard - 50, heard + 50);
        assertThat(told.getBoundMs()).isBetween(bound - 50, bound + 50);
        assertThat(told.getWindow()).isEqualTo(1);
        assertThat(ofAnother.getWrittenMs()).isZero();
        assertThat(ofAnother.getWindow()).isEqualTo(1);
    }

    @Test
    void askTellsOfAParkedPhoneAndOfAnAppThatDoesNotRun() {
        long heard = rig.now();
        rig.send(5);
        phone.ackIds(5, AckStatus.ACK_DEFERRED, phone.pushedIds().getFirst());
        assertThat(rig.control(ControlItem.Kind.ASK, session)).isCompletedWithValue(ControlResult.Code.NOT_READY);

        phone.drop();
        rig.advance(Duration.ofSeconds(3));
        ControlResult parked = rig.ask(ControlItem.Kind.ASK, session, item -> item).join();

        assertThat(parked.getCode()).isEqualTo(ControlResult.Code.PARKED);
        assertThat(parked.getHeardMs()).isBetween(heard - 50, heard + 50);
        rig.advance(Duration.ofMinutes(4));
        assertThat(rig.control(ControlItem.Kind.ASK, session)).isCompletedWithValue(ControlResult.Code.NOT_HERE);
    }

    @Test
    void farewellAsksEveryPhoneOnceAndSpreadsIt() {
        for (int i = 0; i < 99; i++) {
            rig.phone(i % 2).connect(rig.binding(100 + i, RoomRig.APP, rig.now()).build());
        }
        rig.loops.sayFarewell(Code.SHUTDOWN, Duration.ofSeconds(10));
        rig.settle();
        assertThat(phone.count(FrameType.GOAWAY)).isZero();

        rig.advance(Duration.ofSeconds(10));

        GoAway goAway = phone.all(FrameType.GOAWAY, GoAway.parser()).getFirst();
        assertThat(phone.count(FrameType.GOAWAY)).isEqualTo(1);
        assertThat(goAway.getCode()).isEqualTo(Code.SHUTDOWN);
        assertThat(goAway.getAskDispatcher()).isTrue();
        assertThat(goAway.getDrainMs()).isEqualTo(10_000);
        assertThat(rig.send(5)).isEqualTo(io.longwire.rpc.room.PushResult.Code.WRITTEN); // it still delivers
    }
}
