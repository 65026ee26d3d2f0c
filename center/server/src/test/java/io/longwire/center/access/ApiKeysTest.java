package io.longwire.center.access;

import com.google.protobuf.ByteString;
import io.longwire.center.api.Problems;
import io.longwire.center.fakes.FakeMetrics;
import io.longwire.center.fakes.FakeNeighbours;
import io.longwire.center.refuse.Refused;
import io.longwire.center.refuse.Why;
import io.longwire.keeper.rpc.RpcFailure;
import io.longwire.rpc.saver.AppRecord;
import io.longwire.rpc.saver.KeyRecord;
import io.longwire.testkit.time.VirtualClock;
import java.net.InetAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class ApiKeysTest {
    private static final InetAddress HERE = InetAddress.getLoopbackAddress();
    private static final String KEY = KeyText.random(new SecureRandom());

    private final VirtualClock clock = new VirtualClock();
    private final FakeNeighbours saver = new FakeNeighbours();
    private final ApiKeys keys = new ApiKeys(saver, () -> KeyText.hash("the admin's key").toByteArray(),
            Duration.ofSeconds(5), clock, new FakeMetrics());

    @Test
    void findsTheCallerOfAKeyAndAsksOnceInFiveSeconds() {
        saver.key(KEY, KeyRecord.newBuilder().setAppId(3).build());

        assertThat(keys.caller("Bearer " + KEY, HERE).join().app(Scope.SEND)).isEqualTo(3);
        assertThat(keys.caller("bearer " + KEY, HERE).join().app(Scope.KICK)).isEqualTo(3);
        assertThat(saver.events).containsExactly("key");

        clock.advance(Duration.ofSeconds(5));
        keys.caller("Bearer " + KEY, HERE);
        assertThat(saver.events).containsExactly("key", "key");
    }

    @Test
    void knowsTheAdmin() {
        assertThat(keys.caller("Bearer the admin's key", HERE).join().admin()).isTrue();
        assertThat(saver.events).isEmpty();
    }

    @Test
    void refusesWhatCannotBeAKeyWithoutALookup() {
        assertThat(why(null)).isEqualTo(Why.UNAUTHENTICATED);
        assertThat(why("Basic abc")).isEqualTo(Why.UNAUTHENTICATED);
        assertThat(why("Bearer ")).isEqualTo(Why.UNAUTHENTICATED);
        assertThat(why("Bearer lw_short")).isEqualTo(Why.UNAUTHENTICATED);
        assertThat(why("Bearer " + KEY.replace('l', 'x'))).isEqualTo(Why.UNAUTHENTICATED);
        assertThat(why("Bearer " + "x".repeat(10_000))).isEqualTo(Why.UNAUTHENTICATED);
        assertThat(saver.events).isEmpty();
    }

    @Test
    void refusesUnknownRevokedAndExpiredKeys() {
        assertThat(why("Bearer " + KEY)).isEqualTo(Why.UNAUTHENTICATED);
        clock.advance(Duration.ofSeconds(5));
        saver.key(KEY, KeyRecord.newBuilder().setAppId(3).setRevoked(true).build());
        assertThat(why("Bearer " + KEY)).isEqualTo(Why.UNAUTHENTICATED);
        clock.advance(Duration.ofSeconds(5));
        saver.key(KEY, KeyRecord.newBuilder().setAppId(3).setExpiresMs(clock.wallMillis() + 1000).build());
        assertThat(keys.caller("Bearer " + KEY, HERE)).isCompleted();
        clock.advance(Duration.ofSeconds(1));
        assertThat(why("Bearer " + KEY)).isEqualTo(Why.UNAUTHENTICATED);
    }

    @Test
    void doesNotRememberAFailedLookup() {
        saver.key(KEY, KeyRecord.newBuilder().setAppId(3).build());
        saver.saverAway = true;
        assertThat(keys.caller("Bearer " + KEY, HERE)).isCompletedExceptionally();

        saver.saverAway = false;
        assertThat(keys.caller("Bearer " + KEY, HERE)).isCompleted();
    }

    @Test
    void asksForNoMoreThan256KeysAtOnce() {
        var slow = new ApiKeys(new Directory() {
            @Override
            public CompletableFuture<KeyRecord> key(ByteString keyHash) {
                return new CompletableFuture<>();
            }

            @Override
            public CompletableFuture<KeyRecord> used(ByteString keyHash, long atMillis) {
                return new CompletableFuture<>();
            }

            @Override
            public CompletableFuture<AppRecord> app(int appId) {
                return FakeNeighbours.failed(RpcFailure.Kind.CLOSED);
            }
        }, () -> new byte[0], Duration.ofSeconds(5), clock, new FakeMetrics());
        var random = new SecureRandom();
        for (int i = 0; i < 256; i++) {
            assertThat(slow.caller("Bearer " + KeyText.random(random), HERE)).isNotDone();
        }

        var refused = slow.caller("Bearer " + KeyText.random(random), HERE);

        assertThat(refused).isCompletedExceptionally();
        assertThat(Problems.refused(refused.exceptionNow()).why()).isEqualTo(Why.BUSY);
    }

    @Test
    void takesAKeyWithNetworksFromThereAlone() throws Exception {
        saver.key(KEY, KeyRecord.newBuilder().setAppId(3).addNetworks("192.0.2.0/24").build());

        assertThat(keys.caller("Bearer " + KEY, InetAddress.getByName("192.0.2.200"))).isCompleted();
        var elsewhere = keys.caller("Bearer " + KEY, InetAddress.getByName("192.0.3.1"));
        assertThat(Problems.refused(elsewhere.exceptionNow()).why()).isEqualTo(Why.FORBIDDEN);
        assertThat(Problems.refused(elsewhere.exceptionNow()).detail())
                .isEqualTo("address: 192.0.3.1 (expected: one of the key's networks)");
    }

    @Test
    void letsNobodyInWhenItCannotReadAKeysNetworks() {
        saver.key(KEY, KeyRecord.newBuilder().setAppId(3).addNetworks("of a later version").build());

        assertThat(why("Bearer " + KEY)).isEqualTo(Why.FORBIDDEN);
    }

    @Test
    void writesTheLastUseDownOnceAMinuteAndNotAtEachCall() {
        saver.key(KEY, KeyRecord.newBuilder().setAppId(3).build());
        for (int i = 0; i < 100; i++) {
            keys.caller("Bearer " + KEY, HERE).join();
        }
        assertThat(saver.uses).isEqualTo(1);

        for (int second = 0; second < 600; second++) {
            keys.caller("Bearer " + KEY, HERE).join();
            clock.advance(Duration.ofSeconds(1));
        }
        assertThat(saver.uses).isBetween(10, 11);
    }

    @Test
    void doesNotWriteDownTheUseOfAKeyThatWasRefused() {
        saver.key(KEY, KeyRecord.newBuilder().setAppId(3).addNetworks("192.0.2.0/24").build());

        assertThat(why("Bearer " + KEY)).isEqualTo(Why.FORBIDDEN);
        assertThat(saver.uses).isZero();
    }

    @Test
    void forgetsAKeyThatWasChangedHere() {
        saver.key(KEY, KeyRecord.newBuilder().setAppId(3).build());
        keys.caller("Bearer " + KEY, HERE).join();
        saver.key(KEY, KeyRecord.newBuilder().setAppId(3).setRevoked(true).build());
        assertThat(keys.caller("Bearer " + KEY, HERE)).isCompleted();

        keys.changed(KeyText.hash(KEY));

        assertThat(why("Bearer " + KEY)).isEqualTo(Why.UNAUTHENTICATED);
    }

    @Test
    void holdsAKeyToItsScopes() {
        saver.key(KEY, KeyRecord.newBuilder().setAppId(3).addScopes("read").build());
        Caller caller = keys.caller("Bearer " + KEY, HERE).join();

        assertThat(caller.app(Scope.READ)).isEqualTo(3);
        assertThatThrownBy(() -> caller.app(Scope.SEND)).isInstanceOf(Refused.class)
                .hasMessage("key: without scope send (expected: a key with it)");
        assertThatThrownBy(caller::mustBeAdmin).isInstanceOf(Refused.class);
    }

    private Why why(@Nullable String authorization) {
        var caller = keys.caller(authorization, HERE);
        assertThat(caller).isCompletedExceptionally();
        return Problems.refused(caller.exceptionNow()).why();
    }
}
