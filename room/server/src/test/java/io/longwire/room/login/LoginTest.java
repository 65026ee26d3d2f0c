package io.longwire.room.login;

import com.google.protobuf.ByteString;
import io.longwire.device.Code;
import io.longwire.device.FrameType;
import io.longwire.device.Limits;
import io.longwire.device.v1.BindResult;
import io.longwire.device.v1.Connect;
import io.longwire.device.v1.EndpointBinding;
import io.longwire.device.v1.Ping;
import io.longwire.register.client.PutResult;
import io.longwire.register.client.Session;
import io.longwire.room.metric.RoomMetric;
import io.longwire.room.rig.FakeRegister;
import io.longwire.room.rig.Phone;
import io.longwire.room.rig.RoomRig;
import io.longwire.room.session.Connection;
import io.longwire.room.session.Reach;
import io.longwire.rpc.room.ControlResult;
import io.longwire.rpc.room.PushResult;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class LoginTest {
    private static final int OTHER_ROOM = 9;
    private final RoomRig rig = new RoomRig();

    @Test
    void registersThenFetchesThenDeliversWhatWaited() {
        long waiting = rig.store(5);

        Phone phone = rig.loggedIn(5);

        assertThat(phone.welcome().getCode()).isEqualTo(Code.OK);
        BindResult result = phone.welcome().getResults(0);
        assertThat(result.getEndpointId()).isEqualTo(5);
        assertThat(result.getCode()).isEqualTo(Code.OK);
        assertThat(result.getConnSeq()).isEqualTo(rig.session(5).connSeq());
        assertThat(phone.welcome().getResumeToken().size()).isEqualTo(Limits.RESUME_TOKEN_BYTES);
        assertThat(phone.pushedIds()).containsExactly(waiting);
        assertThat(phone.frames.getFirst().type()).isEqualTo(FrameType.CONNECT_ACK);
    }

    @Test
    void refusesABannedEndpointWithWhatIsLeftOfItsBan() {
        rig.bans.put(5L, new Bans.Ban(42_000, "spam"));

        Phone phone = rig.loggedIn(5);

        assertThat(phone.welcome().getCode()).isEqualTo(Code.BLOCKED);
        assertThat(phone.welcome().getRetryAfterMs()).isEqualTo(42_000);
        assertThat(phone.welcome().getResults(0).getText()).isEqualTo("spam");
        assertThat(phone.closedByRoom).isTrue();
        assertThat(rig.register.of(5)).isNull();
        rig.bans.clear();
        assertThat(rig.loggedIn(5).welcome().getCode()).isEqualTo(Code.OK);
    }

    @Test
    void servesTheGuestsOfABannedHost() {
        rig.bans.put(5L, new Bans.Ban(42_000, ""));

        Phone phone = rig.phone().connect(rig.binding(5, RoomRig.APP, rig.now()).build(),
                rig.guest(6, 13, 5, rig.now()).build());

        assertThat(phone.welcome().getCode()).isEqualTo(Code.OK);
        assertThat(phone.welcome().getResultsList()).extracting(BindResult::getCode).containsExactly(Code.BLOCKED,
                Code.OK);
        assertThat(rig.register.of(6)).isNotNull();
    }

    @Test
    void tellsThePhoneTheLimitsItMustKeep() {
        Phone phone = rig.phone().connect(Connect.newBuilder().setHbProposedS(300)
                .addBindings(rig.binding(5, RoomRig.APP, rig.now())).build());

        assertThat(phone.welcome().getServerIdleS()).isEqualTo(480);
        assertThat(phone.welcome().getMaxUnacked()).isEqualTo(32);
        assertThat(phone.welcome().getMaxUnackedEndpoint()).isEqualTo(8);
        assertThat(phone.welcome().getResumeTtlS()).isBetween(30, 180);
    }

    @ParameterizedTest
    @CsvSource({"1000000, 40000, 30000, 45", "1000000, 20000, 60000, 90", "1000000, 9000, 120000, 180",
            "100, 40000, 2000, 30"})
    void tellsOneAndAFifthOfTheTimeThatItsPhonesNeedToComeBack(int phones, int acceptsPerSecond, int windowMillis,
            int resumeSeconds) {
        rig.welcome.load(phones, acceptsPerSecond);
        Phone phone = rig.loggedIn(5);

        assertThat(phone.welcome().getCrashWindowMs()).isEqualTo(windowMillis);
        assertThat(phone.welcome().getResumeTtlS()).isEqualTo(resumeSeconds);
    }

    @Test
    void keepsHowWellThePhoneCanBeWokenAsItSaysLast() {
        Phone phone = rig.phone().connect(Connect.newBuilder().setCapability(2)
                .addBindings(rig.binding(5, RoomRig.APP, rig.now())).build());
        assertThat(phone.connection().reach()).isEqualTo(Reach.INEXACT);
        assertThat(rig.metrics.count(RoomMetric.LOGINS_BY_REACH, "inexact")).isEqualTo(1);

        phone.frame(FrameType.PING, Ping.newBuilder().setCapability(4).build());
        assertThat(phone.connection().reach()).isEqualTo(Reach.OTHER_CHANNEL);
        phone.frame(FrameType.PING, Ping.newBuilder().setEcho(1).build());
        assertThat(phone.connection().reach()).as("0 is unchanged").isEqualTo(Reach.OTHER_CHANNEL);
        phone.frame(FrameType.PING, Ping.newBuilder().setCapability(-1).build());
        assertThat(phone.connection().reach()).as("a later version's").isEqualTo(Reach.UNTOLD);
        assertThat(phone.connection().marked(Connection.REPLIES)).isFalse();
    }

    @Test
    void fetchesOnlyAfterTheFirstOwnerHasAcked() {
        rig.register.hold = true;
        Phone phone = rig.loggedIn(5);

        assertThat(rig.saver.fetches).isEmpty();
        assertThat(phone.frames).isEmpty();
        rig.register.lastPut().first(PutResult.STORED);
        rig.settle();

        assertThat(phone.welcome().getCode()).isEqualTo(Code.OK);
        rig.advance(Duration.ofMillis(50));
        assertThat(rig.saver.fetches).hasSize(1);
    }

    @Test
    void oneFetchServesBothOwnersThatAckTogether() {
        rig.loggedIn(5);
        rig.advance(Duration.ofSeconds(1));

        assertThat(rig.saver.fetches).hasSize(1);
    }

    @Test
    void fetchesAgainWhenTheSecondOwnerAcksLater() {
        rig.register.hold = true;
        Phone phone = rig.loggedIn(5);
        rig.register.lastPut().first(PutResult.STORED);
        rig.settle();
        rig.advance(Duration.ofMillis(50));
        long lookedUpInVain = rig.store(5); // its center asked the second owner, which did not know the session yet

        rig.register.lastPut().second(PutResult.STORED);
        rig.settle();

        assertThat(rig.saver.fetches).hasSize(2);
        assertThat(phone.pushedIds()).containsExactly(lookedUpInVain);
    }

    @Test
    void letsThePhoneInWhenNoOwnerAnswersAndFetchesAgainAfterTheLateAck() {
        rig.register.hold = true;
        long waiting = rig.store(5);
        Phone phone = rig.loggedIn(5);

        rig.advance(Duration.ofMillis(1_100));

        assertThat(phone.welcome().getCode()).isEqualTo(Code.OK);
        assertThat(phone.pushedIds()).containsExactly(waiting);
        assertThat(rig.metrics.count(RoomMetric.OWED_LOGINS)).isEqualTo(1);
        int before = rig.saver.fetches.size();
        rig.register.lastPut().first(PutResult.STORED);
        rig.settle();
        rig.advance(Duration.ofMillis(50));
        assertThat(rig.saver.fetches).hasSize(before + 1);
    }

    @Test
    void letsThePhoneInAtOnceWhenTheWriterSaysNobodyAnswered() {
        rig.register.hold = true;
        Phone phone = rig.loggedIn(5);

        rig.register.lastPut().owed();
        rig.settle();

        assertThat(phone.welcome().getCode()).isEqualTo(Code.OK);
    }

    @Test
    void tellsTheRoomOfADisplacedSessionToDropIt() {
        rig.register.table.put(5L, new Session(5, 1, OTHER_ROOM, 77));

        Phone phone = rig.loggedIn(5);

        assertThat(phone.welcome().getCode()).isEqualTo(Code.OK);
        assertThat(rig.peers.dropped).containsExactly("5@1<" + rig.session(5).connSeq());
    }

    @Test
    void aNewConnectionOfTheSameEndpointReplacesTheOldOneOfThisRoom() {
        Phone old = rig.loggedIn(5);
        rig.advance(Duration.ofMillis(50));

        Phone fresh = rig.phone(1).connect(rig.binding(5, RoomRig.APP, rig.now()).build());

        assertThat(fresh.welcome().getCode()).isEqualTo(Code.OK);
        assertThat(old.kick().getCode()).isEqualTo(Code.REPLACED);
        assertThat(old.closedByRoom).isTrue();
        assertThat(rig.send(5)).isEqualTo(PushResult.Code.WRITTEN);
        assertThat(fresh.pushes()).hasSize(1);
    }

    @Test
    void outbidsAnIncumbentWhosePhoneIsSilent() {
        long incumbent = rig.now() + 5_000;
        rig.register.table.put(5L, new Session(5, incumbent, OTHER_ROOM, 77));

        Phone phone = rig.loggedIn(5);

        assertThat(rig.peers.probed).hasSize(1);
        assertThat(phone.welcome().getResults(0).getCode()).isEqualTo(Code.OK);
        assertThat(phone.welcome().getResults(0).getConnSeq()).isEqualTo(incumbent + 1);
        assertThat(rig.session(5).roomIncarnation()).isEqualTo(FakeRegister.ROOM);
        assertThat(rig.send(5)).isEqualTo(PushResult.Code.WRITTEN);
    }

    @Test
    void anIncumbentWhosePhoneAnswersStays() {
        long incumbent = rig.now() + 5_000;
        rig.register.table.put(5L, new Session(5, incumbent, OTHER_ROOM, 77));
        rig.peers.probeAnswer = ControlResult.Code.ALIVE;

        Phone phone = rig.loggedIn(5);

        assertThat(phone.welcome().getCode()).isEqualTo(Code.EPOCH_OLD);
        assertThat(phone.welcome().getResults(0).getIncumbent()).isEqualTo(incumbent);
        assertThat(phone.closedByRoom).isTrue();
        assertThat(rig.session(5).roomIncarnation()).isEqualTo(OTHER_ROOM);
    }

    @Test
    void whenTheIncumbentsRoomCannotBeAskedThePhoneComesAgain() {
        rig.register.table.put(5L, new Session(5, rig.now() + 5_000, OTHER_ROOM, 77));
        rig.peers.probeAnswer = null;

        Phone phone = rig.loggedIn(5);

        assertThat(phone.welcome().getCode()).isEqualTo(Code.NOT_SERVING);
        assertThat(phone.welcome().getRetryAfterMs()).isEqualTo(3_000);
    }

    @Test
    void anIncumbentOfThisRoomIsPingedHere() {
        Phone old = rig.phone(1).connect(rig.binding(5, RoomRig.APP, rig.now() + 60_000).build());

        Phone fresh = rig.loggedIn(5);
        assertThat(old.count(FrameType.PING)).isEqualTo(1);
        assertThat(fresh.frames).isEmpty();
        old.bytes((byte) FrameType.PONG, (byte) 0);
        rig.settle();

        assertThat(fresh.welcome().getCode()).isEqualTo(Code.EPOCH_OLD);
        assertThat(old.closedByRoom).isFalse();
    }

    @Test
    void aSilentIncumbentOfThisRoomGivesWayAfterThreeSeconds() {
        Phone old = rig.phone(1).connect(rig.binding(5, RoomRig.APP, rig.now() + 60_000).build());

        Phone fresh = rig.loggedIn(5);
        rig.advance(Duration.ofMillis(3_200));

        assertThat(fresh.welcome().getCode()).isEqualTo(Code.OK);
        assertThat(old.kick().getCode()).isEqualTo(Code.REPLACED);
    }

    @Test
    void aLowerConnSeqThatIsRefusedLeavesTheNewerSessionOfThisRoomAlone() {
        Phone newer = rig.phone(1).connect(rig.binding(5, RoomRig.APP, rig.now() + 60_000).build());
        rig.register.table.clear(); // the owners have just been restarted
        Phone older = rig.loggedIn(5);
        newer.bytes((byte) FrameType.PONG, (byte) 0);
        rig.settle();

        assertThat(older.welcome().getCode()).isEqualTo(Code.EPOCH_OLD);
        assertThat(rig.register.here).containsKey(5L);
        assertThat(rig.register.here.get(5L)).isNotNull()
                .satisfies(kept -> assertThat(kept.handle()).isEqualTo(newer.connection().home()));
    }

    @Test
    void aNewerSessionReplacesOneOfThisRoomThoughTheOwnersHaveForgottenIt() {
        Phone old = rig.loggedIn(5);
        rig.register.table.clear();
        rig.advance(Duration.ofMillis(50));

        rig.phone(1).connect(rig.binding(5, RoomRig.APP, rig.now()).build());

        assertThat(old.kick().getCode()).isEqualTo(Code.REPLACED);
    }

    @Test
    void aSecondOwnerThatKnowsABetterOneIsHeardAfterTheAnswerToo() {
        rig.register.hold = true;
        Phone phone = rig.loggedIn(5);
        var put = rig.register.lastPut();
        put.first(PutResult.STORED);
        rig.settle();
        long incumbent = put.connSeq() + 500;

        put.second(new PutResult.Incumbent(new Session(5, incumbent, OTHER_ROOM, 77)));
        rig.settle();

        assertThat(phone.bindAck().getReqId()).isZero();
        assertThat(phone.bindAck().getResults(0).getConnSeq()).isEqualTo(incumbent + 1);
        assertThat(rig.register.lastPut().connSeq()).isEqualTo(incumbent + 1);
    }

    @Test
    void aSecondOwnerWithALivingIncumbentEndsTheEndpointHere() {
        rig.register.hold = true;
        rig.peers.probeAnswer = ControlResult.Code.ALIVE;
        Phone phone = rig.loggedIn(5);
        var put = rig.register.lastPut();
        put.first(PutResult.STORED);
        rig.settle();

        put.second(new PutResult.Incumbent(new Session(5, put.connSeq() + 500, OTHER_ROOM, 77)));
        rig.settle();

        assertThat(phone.kick().getCode()).isEqualTo(Code.EPOCH_OLD);
        assertThat(phone.closedByRoom).isTrue();
        assertThat(rig.register.removed).contains("5@" + put.connSeq());
    }

    @Test
    void aClockFarAheadIsClampedToTheRoomsNow() {
        Phone phone = rig.phone().connect(rig.binding(5, RoomRig.APP, rig.now() + 3_600_000).build());

        assertThat(phone.welcome().getResults(0).getConnSeq()).isEqualTo(rig.now());
        assertThat(rig.session(5).connSeq()).isEqualTo(rig.now());
    }

    @Test
    void carriesSeveralAppsAndJudgesEachBindingByItself() {
        EndpointBinding expired = rig.guest(7, 70, 5, rig.now()).build();
        rig.clock.advance(Duration.ofHours(25));
        Phone phone = rig.phone().connect(rig.binding(5, RoomRig.APP, rig.now()).build(),
                rig.guest(6, 60, 5, rig.now()).build(), expired, rig.guest(8, 60, 5, rig.now()).build(),
                rig.guest(9, 90, 4, rig.now()).build());

        assertThat(phone.welcome().getCode()).isEqualTo(Code.OK);
        assertThat(phone.welcome().getResultsList()).extracting(BindResult::getCode).containsExactly(Code.OK, Code.OK,
                Code.AUTH_EXPIRED, Code.LIMIT, Code.AUTH_NOT_HOST);
        assertThat(rig.register.of(6)).isNotNull();
        assertThat(rig.register.of(8)).isNull();
        rig.send(6);
        assertThat(phone.pushes()).hasSize(1);
    }

    @Test
    void aFirstBindingMustBeAFullCredential() {
        Phone phone = rig.phone().connect(rig.guest(6, 60, 6, rig.now()).build());

        assertThat(phone.welcome().getCode()).isEqualTo(Code.AUTH_NOT_HOST);
        assertThat(phone.closedByRoom).isTrue();
    }

    @Test
    void refusesForgedExpiredAndUnknownCredentialsByTheirCode() {
        byte[] forged = rig.credential(5, RoomRig.APP);
        forged[20] ^= 1;
        byte[] unknownKey = rig.credential(5, RoomRig.APP);
        unknownKey[5] ^= 1;
        EndpointBinding expired = rig.binding(5, RoomRig.APP, rig.now()).build();

        assertThat(codeOf(forged)).isEqualTo(Code.AUTH);
        assertThat(codeOf(unknownKey)).isEqualTo(Code.AUTH_UNKNOWN_KEY);
        assertThat(codeOf(new byte[]{1, 2, 3})).isEqualTo(Code.AUTH);
        rig.clock.advance(Duration.ofDays(91));
        assertThat(rig.phone().connect(expired).welcome().getCode()).isEqualTo(Code.AUTH_EXPIRED);
        assertThat(rig.register.puts).isEmpty();
    }

    @Test
    void answersBusyAboveTheLoginsItTakesAtOnceAndGivesPlacesBack() {
        rig.register.hold = true;
        for (int i = 0; i < 100; i++) {
            rig.loggedIn(1000 + i);
        }

        Phone late = rig.loggedIn(5);

        assertThat(late.welcome().getCode()).isEqualTo(Code.BUSY);
        assertThat(late.welcome().getRetryAfterMs()).isPositive();
        rig.advance(Duration.ofMillis(1_100));
        assertThat(rig.admission.underWay()).isZero();
    }

    @Test
    void aShedConnectionReadsBusyAfterItsConnect() {
        Phone phone = rig.shedPhone().connect(rig.binding(5, RoomRig.APP, rig.now()).build());

        assertThat(phone.welcome().getCode()).isEqualTo(Code.BUSY);
        assertThat(phone.closedByRoom).isTrue();
    }

    @Test
    void takesNoLoginWhileFencedAndKeepsThoseItHas() {
        Phone before = rig.loggedIn(5);
        rig.admission.fenced(true);

        Phone refused = rig.loggedIn(6);

        assertThat(refused.welcome().getCode()).isEqualTo(Code.NOT_SERVING);
        assertThat(before.closedByRoom).isFalse();
        assertThat(rig.send(5)).isEqualTo(PushResult.Code.WRITTEN);
        rig.admission.fenced(false);
        assertThat(rig.loggedIn(6).welcome().getCode()).isEqualTo(Code.OK);
    }

    @Test
    void aPhoneThatGoesWhileItLogsInIsParkedWithWhatItGot() {
        rig.register.hold = true;
        Phone phone = rig.loggedIn(5);
        phone.drop();
        rig.register.lastPut().first(PutResult.STORED);
        rig.settle();

        assertThat(rig.loops.parked()).isEqualTo(1);
        assertThat(rig.admission.underWay()).isZero();
        rig.advance(Duration.ofSeconds(31));
        assertThat(rig.register.removed).hasSize(1);
        assertThat(rig.loops.connections()).isZero();
    }

    private int codeOf(byte[] credential) {
        return rig.phone().connect(EndpointBinding.newBuilder().setCredential(ByteString.copyFrom(credential))
                .setConnSeq(rig.now()).build()).welcome().getCode();
    }
}
