package io.longwire.sdk.phone;

import io.longwire.device.Code;
import io.longwire.device.Limits;
import io.longwire.device.v1.BindAck;
import io.longwire.device.v1.BindResult;
import io.longwire.device.v1.Kick;
import io.longwire.sdk.loop.VirtualLoop;
import io.longwire.sdk.store.PhoneStore;
import java.io.File;
import java.io.IOException;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Apps that a room keeps out: each waits by itself, and no longer and no shorter than it was told. */
class RefusedAppsTest {
    private static final long HOUR = 3_600_000;

    @TempDir
    File directory;
    private final VirtualPlatform platform = new VirtualPlatform();
    private final VirtualLoop loop = platform.loop;
    private final VirtualPlatform.FakeNet net = platform.net;
    private final VirtualPlatform.Heard heard = platform.heard;
    private final VirtualPlatform.FakeAsked dispatcher = platform.dispatcher;
    @AutoClose
    private @Nullable PhoneStore store;

    @BeforeEach
    void open() throws IOException {
        store = PhoneStore.open(directory, false);
    }

    @Test
    void anAppThatIsKickedKeepsNoOtherAppAway() throws IOException {
        net.refused.put(8L, BindResult.newBuilder().setCode(Code.NOT_SERVING).setRetryAfterMs(3_000).build());
        Phone phone = phone(7, 8);
        phone.start();
        loop.advance(1_000);
        assertThat(heard.bound).containsExactly(99L);
        net.refused.clear();

        net.kick(Kick.newBuilder().setCode(Code.KICKED).setRetryAfterMs(HOUR).addEndpointIds(99).build());
        loop.advance(60_000);

        assertThat(heard.bound).containsExactly(8L);
        loop.advance(HOUR - 61_000);
        assertThat(heard.bound).containsExactly(8L);
        loop.advance(HOUR / 10 + 1_000);
        assertThat(heard.bound).containsExactlyInAnyOrder(8L, 99L);
    }

    @Test
    void anAppThatIsBannedKeepsNoOtherAppAway() throws IOException {
        net.refused.put(99L, BindResult.newBuilder().setCode(Code.BLOCKED).setRetryAfterMs(HOUR).build());
        Phone phone = phone(7);
        phone.start();
        loop.advance(1_000);
        assertThat(net.dials).isEqualTo(1);

        add(phone, 8);
        loop.advance(20_000);

        assertThat(heard.bound).containsExactly(8L);
        assertThat(net.dials).isEqualTo(2);
        loop.advance(HOUR - 30_000);
        assertThat(net.asked.get(99L)).as("the banned one does not ask before its time").isEqualTo(1);
    }

    @Test
    void theAnswerToABindDoesNotShortenAKick() throws IOException {
        Phone phone = phone(7);
        phone.start();
        loop.advance(1_000);
        net.holdBinds = true;
        add(phone, 8);
        loop.advance(1_000);
        int request = net.binds.get(0).getReqId();

        net.kick(Kick.newBuilder().setCode(Code.KICKED).setRetryAfterMs(HOUR).addEndpointIds(8).build());
        net.bindAck(BindAck.newBuilder().setReqId(request)
                .addResults(BindResult.newBuilder().setEndpointId(8).setCode(Code.REPLACED)).build());
        net.holdBinds = false;
        loop.advance(HOUR - 10_000);

        assertThat(net.binds).hasSize(1);
        loop.advance(HOUR / 10 + 11_000);
        assertThat(heard.bound).containsExactlyInAnyOrder(8L, 99L);
    }

    @Test
    void anAppWhoseStoreIsFullKeepsNoOtherAppAway() throws IOException {
        int last = 7 + Limits.BINDINGS + 4;
        Phone phone = phone(IntStream.rangeClosed(7, last).toArray());
        phone.start();
        loop.advance(1_000);
        assertThat(heard.bound).hasSize(last - 7 + 1);

        long broken = 6L + Limits.BINDINGS + 4;
        assertThat(new File(directory, "app-" + broken + "/endpoint.new").mkdir()).isTrue();
        net.cut();
        loop.advance(60_000);

        assertThat(heard.bound).hasSize(last - 7).doesNotContain(broken);
        assertThat(heard.problems).anyMatch(one -> one.contains("endpoint.new"));
    }

    @Test
    void nothingWaitsForABindThatIsAnswered() throws IOException {
        Phone phone = phone(7);
        phone.start();
        loop.advance(1_000);
        net.holdBinds = true;
        add(phone, 8);
        loop.advance(1_000);
        int open = loop.waiting();

        net.bindAck(BindAck.newBuilder().setReqId(net.binds.get(0).getReqId())
                .addResults(BindResult.newBuilder().setEndpointId(8).setConnSeq(1)).build());

        assertThat(heard.bound).containsExactlyInAnyOrder(8L, 99L);
        assertThat(loop.waiting()).isEqualTo(open - 1);
        loop.advance(20_000);
        assertThat(net.dials).as("answered in time").isEqualTo(1);
    }

    @Test
    void aBindThatIsNotAnsweredEndsItsConnection() throws IOException {
        Phone phone = phone(7);
        phone.start();
        loop.advance(1_000);
        net.holdBinds = true;
        add(phone, 8);
        loop.advance(19_500);
        assertThat(heard.bound).as("it answers pings").containsExactly(99L);
        net.dead = true; // so that it does not come back at once
        loop.advance(2_000);
        assertThat(heard.bound).as("twice 10 s").isEmpty();

        net.dead = false;
        loop.advance(60_000);
        assertThat(heard.bound).containsExactlyInAnyOrder(8L, 99L);
    }

    @Test
    void aNewCredentialDoesNotEndAKick() throws IOException {
        platform.dispatcher.lifeSeconds = 1_200;
        phone(7, 8).start();
        loop.advance(1_000);
        int before = platform.dispatcher.registrations;

        net.kick(Kick.newBuilder().setCode(Code.KICKED).setRetryAfterMs(HOUR).addEndpointIds(8).build());
        loop.advance(HOUR - 10_000);

        assertThat(platform.dispatcher.registrations).isGreaterThan(before);
        assertThat(heard.bound).containsExactly(99L);
    }

    @Test
    void aNewCredentialEndsARefusalOfTheOldOne() throws IOException {
        phone(7, 8).start();
        loop.advance(1_000);

        net.kick(Kick.newBuilder().setCode(Code.AUTH_EXPIRED).setRetryAfterMs(HOUR).addEndpointIds(8).build());
        loop.advance(1_000);

        assertThat(heard.bound).containsExactlyInAnyOrder(8L, 99L);
        assertThat(net.asked.get(8L)).isEqualTo(2);
    }

    @Test
    void aCredentialThatIsRefusedAgainIsRenewedTenMinutesLater() throws IOException {
        net.refused.put(99L, BindResult.newBuilder().setCode(Code.AUTH).build());
        phone(7).start();
        loop.advance(60_000);
        assertThat(dispatcher.registrations).as("the first, and one anew").isEqualTo(2);

        loop.advance(HOUR);
        assertThat(dispatcher.registrations).as("and one each ten minutes").isEqualTo(8);
        net.refused.clear();
        loop.advance(600_000);
        assertThat(heard.bound).containsExactly(99L);
    }

    @Test
    void aRenewalThatFailsIsTriedAgainWhateverTheTimeOfTheOldCredential() throws IOException {
        phone(7).start();
        loop.advance(1_000);
        dispatcher.dead = true;
        net.kick(Kick.newBuilder().setCode(Code.AUTH_EXPIRED).addEndpointIds(99).build());
        loop.advance(HOUR / 10);
        assertThat(heard.bound).isEmpty();

        dispatcher.dead = false;
        loop.advance(120_000);
        assertThat(heard.bound).containsExactly(99L);
    }

    @Test
    void theCredentialOfAnotherEndpointIsRenewed() throws IOException {
        dispatcher.twisted = honest -> honest.toBuilder().setEndpointId(98).build();
        phone(7).start();
        loop.advance(HOUR / 10);
        assertThat(heard.bound).isEmpty();
        assertThat(dispatcher.registrations).isEqualTo(2);
        assertThat(heard.problems).contains("app 7: bound as endpoint 63 (expected: 62, as the dispatcher has told)");

        dispatcher.twisted = null;
        loop.advance(HOUR / 10);
        assertThat(heard.bound).containsExactly(99L);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, -1, Long.MIN_VALUE})
    void credentialsThatAreOverWhenTheyComeAreNotAskedForEachSecond(long end) throws IOException {
        dispatcher.twisted = honest -> honest.toBuilder().setExpiresMs(end).build();
        phone(7).start();
        loop.advance(HOUR);
        assertThat(dispatcher.registrations).isBetween(50, 200);

        dispatcher.twisted = null;
        loop.advance(120_000);
        assertThat(heard.bound).containsExactly(99L);
    }

    private Phone phone(int... appIds) throws IOException {
        Phone phone = platform.phone(net, Objects.requireNonNull(store));
        for (int appId : appIds) {
            add(phone, appId);
        }
        return phone;
    }

    private void add(Phone phone, int appId) throws IOException {
        phone.add("ak_" + appId + "_000102030405060708090a0b0c0d0e0f", "", Objects.requireNonNull(store).app(appId),
                Runnable::run,
                (message, again) -> true);
    }
}
