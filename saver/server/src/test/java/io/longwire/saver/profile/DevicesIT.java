package io.longwire.saver.profile;

import io.longwire.rpc.saver.AliasRequest;
import io.longwire.rpc.saver.Profile;
import io.longwire.rpc.saver.ProfileUpdate;
import io.longwire.saver.Bench;
import io.longwire.saver.ledger.Shards;
import io.longwire.saver.ledger.StoreFailure;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Who has an alias when its app bounds the devices of a user, and who is told that it has it no more. */
final class DevicesIT {
    private Bench bench;
    private Profiles profiles;
    private volatile Devices devices = Devices.ALL;
    private final AtomicInteger goodLooks = new AtomicInteger(1_000); // at bans, before they fail
    private volatile Runnable beforeTelling = () -> {
    };

    @BeforeEach
    void start() throws Exception {
        bench = new Bench(2);
        profiles = new Profiles(bench.shards,
                new AliasRules(this::isBanned, app -> devices, this::lost), bench.clock);
    }

    private boolean isBanned(int app, String alias) throws SQLException {
        if (goodLooks.getAndDecrement() <= 0) {
            throw new SQLException("as the test says");
        }
        return false;
    }

    private void lost(long endpoint, String alias, AliasRules.Lost lost) {
        beforeTelling.run();
        bench.reach.lost(endpoint, alias, lost);
    }

    @AfterEach
    void stop() {
        bench.close();
    }

    @Test
    void theNewestTakesItFromAllOthers() throws Exception {
        long first = bound("");
        long second = bound("");
        assertThat(holders()).containsExactlyInAnyOrder(first, second);
        devices = Devices.NEWEST;

        long third = bound("");

        assertThat(holders()).containsExactly(third);
        assertThat(bench.reach.signedOut()).containsExactlyInAnyOrder(first + " anna", second + " anna");
        assertThat(aliases(first)).isEmpty();
        assertThat(aliases(third)).containsExactly("anna");
        assertThat(bind(first, "").getCode()).isEqualTo(Profile.Code.OK);
        assertThat(holders()).containsExactly(first);
    }

    @Test
    void whoBindsAgainWhatItHasTakesNothingFromItself() throws Exception {
        devices = Devices.NEWEST;
        long only = bound("");

        assertThat(bind(only, "").getCode()).isEqualTo(Profile.Code.OK);

        assertThat(holders()).containsExactly(only);
        assertThat(bench.reach.signedOut()).isEmpty();
    }

    @Test
    void theNewestOfEachPlatformHasIt() throws Exception {
        devices = Devices.ONE_PER_PLATFORM;
        long phone = bound("android");
        long tablet = bound("ios");
        long unnamed = bound("");

        long newPhone = bound("android");

        assertThat(holders()).containsExactlyInAnyOrder(tablet, unnamed, newPhone);
        assertThat(bench.reach.signedOut()).containsExactly(phone + " anna");
        assertThat(holders()).contains(tablet).doesNotContain(phone);
    }

    @Test
    void theOldestKeepsItUntilItIsUnbound() throws Exception {
        devices = Devices.OLDEST;
        long first = bound("");
        long second = bench.newEndpoint();

        Profile refused = bind(second, "");

        assertThat(refused.getCode()).isEqualTo(Profile.Code.ALIAS_REFUSED);
        assertThat(refused.getReason())
                .isEqualTo("alias anna: another endpoint has it (expected: none; unbind it first)");
        assertThat(aliases(second)).isEmpty();
        assertThat(bind(first, "").getCode()).isEqualTo(Profile.Code.OK);
        assertThat(holders()).containsExactly(first);
        assertThat(bench.reach.signedOut()).isEmpty();
        profiles.update(
                ProfileUpdate.newBuilder().setAppId(bench.app).setEndpointId(first).addUnbindAliases("anna").build());
        assertThat(bind(second, "").getCode()).isEqualTo(Profile.Code.OK);
    }

    @Test
    void ofManyThatBindAtOnceOneHasItAndEveryOtherIsTold() throws Exception {
        devices = Devices.NEWEST;
        List<Long> endpoints = new ArrayList<>();
        var work = new ArrayList<Callable<Profile>>();
        for (int i = 0; i < 12; i++) {
            long endpoint = bench.newEndpoint();
            endpoints.add(endpoint);
            work.add(() -> bindUntilDone(endpoint));
        }
        try (var threads = Executors.newFixedThreadPool(6)) {
            for (Future<Profile> done : threads.invokeAll(work)) {
                assertThat(done.get().getCode()).isEqualTo(Profile.Code.OK);
            }
        }

        List<Long> left = holders();
        assertThat(left).hasSize(1);
        assertThat(bench.reach.signedOut()).hasSize(11).doesNotContain(left.getFirst() + " anna")
                .doesNotHaveDuplicates();
        for (long endpoint : endpoints) {
            assertThat(aliases(endpoint)).as("of %s", endpoint).hasSize(left.contains(endpoint) ? 1 : 0);
        }
    }

    @Test
    void anOlderSignInThatComesLateTakesItFromNobody() throws Exception {
        devices = Devices.NEWEST;
        long first = bound("");
        bench.clock.advance(Duration.ofMinutes(1));
        long second = bound("");
        bench.clock.advance(Duration.ofMinutes(1));

        Profile late = bind(first, "", Duration.ofMinutes(2));

        assertThat(late.getCode()).isEqualTo(Profile.Code.ALIAS_REFUSED);
        assertThat(late.getReason())
                .isEqualTo("alias anna: another endpoint bound it since (expected: a newer sign-in)");
        assertThat(holders()).containsExactly(second);
        assertThat(aliases(first)).isEmpty();
        assertThat(bench.reach.signedOut()).containsExactly(first + " anna");
        assertThat(bind(first, "", Duration.ofSeconds(50)).getCode()).as("wished after the other's")
                .isEqualTo(Profile.Code.OK);
        assertThat(holders()).containsExactly(first);
    }

    @Test
    void whoRepeatsAnOldSignInKeepsWhatItHasAndItsPlace() throws Exception {
        devices = Devices.NEWEST;
        long first = bound("");
        bench.clock.advance(Duration.ofMinutes(2));
        bind(first, "");
        assertThat(bind(first, "", Duration.ofMinutes(2)).getCode()).isEqualTo(Profile.Code.OK);

        assertThat(bind(bench.newEndpoint(), "", Duration.ofMinutes(1)).getCode())
                .isEqualTo(Profile.Code.ALIAS_REFUSED);
        assertThat(holders()).containsExactly(first);
    }

    @Test
    void tellsTheLoserThoughTheBindingFailsAfterItWasCommitted() throws Exception {
        devices = Devices.NEWEST;
        long first = bound("");
        long second = bench.newEndpoint();
        goodLooks.set(1);

        assertThatThrownBy(() -> bind(second, "")).isInstanceOf(SQLException.class);

        assertThat(holders()).containsExactly(second);
        assertThat(bench.reach.signedOut()).containsExactly(first + " anna");
        assertThat(aliases(first)).isEmpty();
    }

    @Test
    void tellsNobodyWhoTookTheAliasBackMeanwhile() throws Exception {
        devices = Devices.NEWEST;
        long first = bound("");
        var once = new AtomicBoolean();
        beforeTelling = () -> {
            if (once.compareAndSet(false, true)) {
                bindUnchecked(first);
            }
        };

        long second = bound("");

        assertThat(holders()).containsExactly(first);
        assertThat(bench.reach.signedOut()).containsExactly(second + " anna");
        assertThat(aliases(first)).containsExactly("anna");
    }

    private void bindUnchecked(long endpoint) {
        try {
            assertThat(bind(endpoint, "").getCode()).isEqualTo(Profile.Code.OK);
        } catch (Exception failed) {
            throw new IllegalStateException(failed);
        }
    }

    @Test
    void whoMeetsAnotherBindingOfTheAliasIsTurnedAwayAtOnce() throws Exception {
        devices = Devices.NEWEST;
        long endpoint = bench.newEndpoint();
        byte[] hash = Aliases.hash(bench.app, "anna");
        try (Connection other = bench.shards.of(Shards.slotOfHash(hash)).connect();
                Statement statement = other.createStatement()) {
            statement.executeQuery("SELECT GET_LOCK(" + Aliases.lock(hash) + ", 0)");

            assertThatThrownBy(() -> bind(endpoint, "")).isInstanceOf(StoreFailure.class)
                    .hasMessage("alias anna: being bound (expected: one binding at a time; ask again)");
            assertThat(aliases(endpoint)).isEmpty();
            statement.executeQuery("SELECT RELEASE_LOCK(" + Aliases.lock(hash) + ")");
        }

        assertThat(bind(endpoint, "").getCode()).isEqualTo(Profile.Code.OK);
        assertThat(holders()).containsExactly(endpoint);
    }

    private Profile bindUntilDone(long endpoint) throws Exception {
        while (true) {
            try {
                return bind(endpoint, "");
            } catch (StoreFailure busy) {
                Thread.onSpinWait();
            }
        }
    }

    private long bound(String platform) throws Exception {
        long endpoint = bench.newEndpoint();
        assertThat(bind(endpoint, platform).getCode()).isEqualTo(Profile.Code.OK);
        return endpoint;
    }

    private Profile bind(long endpoint, String platform) throws Exception {
        return bind(endpoint, platform, Duration.ZERO);
    }

    private Profile bind(long endpoint, String platform, Duration age) throws Exception {
        var update = ProfileUpdate.newBuilder().setAppId(bench.app).setEndpointId(endpoint).addBindAliases("anna")
                .addBindAgeMs(age.toMillis());
        if (!platform.isEmpty()) {
            update.putSetAttributes("platform", platform);
        }
        return profiles.update(update.build());
    }

    private List<Long> holders() throws Exception {
        return profiles.find(AliasRequest.newBuilder().setAppId(bench.app).setAlias("anna").build())
                .getEndpointIdsList();
    }

    private List<String> aliases(long endpoint) throws Exception {
        return profiles.get(endpoint, bench.app).getAliasesList();
    }
}
