package io.longwire.saver;

import io.longwire.rpc.saver.AliasRequest;
import io.longwire.rpc.saver.GetEndpointRequest;
import io.longwire.rpc.saver.Profile;
import io.longwire.rpc.saver.ProfileUpdate;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

import static io.longwire.saver.RunningSaver.again;
import static org.assertj.core.api.Assertions.assertThat;

/** Tags, attributes and aliases. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ProfileIT {
    @TempDir
    private static Path directory = Path.of("");
    @AutoClose
    private RunningSaver saver;

    @BeforeAll
    void start() throws Exception {
        saver = RunningSaver.start(directory);
    }

    @Test
    void changesTagsAndAttributesAndKeepsTheRest() throws Exception {
        long endpoint = saver.newEndpoint();
        update(of(endpoint).addAddTags("red").addAddTags("blue").putSetAttributes("lang", "fr")
                .putSetAttributes("plan", "free"));

        Profile changed = update(of(endpoint).addRemoveTags("red").addAddTags("green").putSetAttributes("plan", "pro")
                .addRemoveAttributes("lang"));

        assertThat(changed.getTagsList()).containsExactly("blue", "green");
        assertThat(changed.getAttributesMap()).containsExactly(Map.entry("plan", "pro"));
        assertThat(changed.getChangedMs()).isPositive();
        assertThat(get(endpoint)).isEqualTo(changed);
        assertThat(update(of(endpoint).addAddTags("green"))).as("nothing new: nothing is written").isEqualTo(changed);
    }

    @Test
    void bindsAnAliasToSeveralEndpointsAndBack() throws Exception {
        long one = saver.newEndpoint();
        long two = saver.newEndpoint();
        update(of(one).addBindAliases("ann").addBindAliases("team-1"));
        update(of(two).addBindAliases("ann"));
        update(of(two).addBindAliases("ann"));

        assertThat(endpoints("ann")).containsExactlyInAnyOrder(one, two);
        assertThat(endpoints("team-1")).containsExactly(one);
        assertThat(update(of(one).addUnbindAliases("ann")).getAliasesList()).containsExactly("team-1");
        assertThat(endpoints("ann")).containsExactly(two);
        assertThat(endpoints("nobody")).isEmpty();
        assertThat(again(() -> saver.client.findAlias(
                AliasRequest.newBuilder().setAppId(saver.app + 1).setAlias("ann").build())).getEndpointIdsList())
                .as("another app's").isEmpty();
    }

    @Test
    void refusesMoreThanThereMayBeAndChangesNothing() throws Exception {
        long endpoint = saver.newEndpoint();
        var tags = of(endpoint);
        for (int i = 0; i < 100; i++) {
            tags.addAddTags("t" + i);
        }
        assertThat(update(tags).getCode()).isEqualTo(Profile.Code.OK);

        Profile refused = update(of(endpoint).addAddTags("one more").putSetAttributes("a", "b"));

        assertThat(refused.getCode()).isEqualTo(Profile.Code.LIMIT);
        assertThat(refused.getReason()).isEqualTo("tags: 101 (expected: at most 100)");
        assertThat(get(endpoint).getAttributesMap()).isEmpty();
        assertThat(update(of(endpoint).addAddTags("x".repeat(65))).getReason())
                .isEqualTo("tag: 65 characters (expected: 1 to 64 characters)");
        var aliases = of(endpoint);
        for (int i = 0; i < 9; i++) {
            aliases.addBindAliases("alias-" + i);
        }
        assertThat(update(aliases).getReason()).isEqualTo("aliases: 9 (expected: at most 8)");
        assertThat(endpoints("alias-0")).isEmpty();
    }

    @Test
    void letsAnAliasHaveSixtyFourEndpoints() throws Exception {
        List<Long> bound = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
            long endpoint = saver.newEndpoint();
            bound.add(endpoint);
            assertThat(update(of(endpoint).addBindAliases("crowd")).getCode()).isEqualTo(Profile.Code.OK);
        }
        long late = saver.newEndpoint();

        Profile refused = update(of(late).addBindAliases("crowd"));

        assertThat(refused.getCode()).isEqualTo(Profile.Code.LIMIT);
        assertThat(refused.getReason()).startsWith("alias crowd: has 64 endpoints");
        assertThat(get(late).getAliasesList()).isEmpty();
        assertThat(endpoints("crowd")).containsExactlyInAnyOrderElementsOf(bound);
        update(of(bound.getFirst()).addUnbindAliases("crowd"));
        assertThat(update(of(late).addBindAliases("crowd")).getCode()).isEqualTo(Profile.Code.OK);
    }

    @Test
    void forgetsProfileAndAliasesOfADeletedEndpoint() throws Exception {
        long endpoint = saver.newEndpoint();
        update(of(endpoint).addBindAliases("bob").addAddTags("red"));

        again(() -> saver.client.deleteEndpoint(named(endpoint)));

        assertThat(endpoints("bob")).isEmpty();
        assertThat(get(endpoint).getCode()).isEqualTo(Profile.Code.NO_ENDPOINT);
        assertThat(update(of(endpoint).addBindAliases("bob")).getCode()).isEqualTo(Profile.Code.NO_ENDPOINT);
        assertThat(update(of(12345).addAddTags("x")).getCode()).isEqualTo(Profile.Code.NO_ENDPOINT);
        assertThat(update(of(saver.newEndpoint()).setAppId(saver.app + 1).addAddTags("x")).getCode())
                .as("another app's").isEqualTo(Profile.Code.NO_ENDPOINT);
    }

    /** What a saver that died between the two rows left: the profile names it, the alias does not lead there. */
    @Test
    void completesABindThatDiedHalfWay() throws Exception {
        long endpoint = saver.newEndpoint();
        update(of(endpoint).addBindAliases("carl"));
        try (var connection = saver.sql(); var statement = connection.createStatement()) {
            statement.execute("DELETE FROM alias WHERE ep = " + endpoint);
        }
        assertThat(endpoints("carl")).isEmpty();

        update(of(endpoint).addBindAliases("carl"));

        assertThat(endpoints("carl")).containsExactly(endpoint);
    }

    private ProfileUpdate.Builder of(long endpoint) {
        return ProfileUpdate.newBuilder().setAppId(saver.app).setEndpointId(endpoint);
    }

    private GetEndpointRequest named(long endpoint) {
        return GetEndpointRequest.newBuilder().setAppId(saver.app).setEndpointId(endpoint).build();
    }

    private Profile update(ProfileUpdate.Builder update) throws Exception {
        return again(() -> saver.client.updateProfile(update.build()));
    }

    private Profile get(long endpoint) throws Exception {
        return again(() -> saver.client.profile(named(endpoint)));
    }

    private List<Long> endpoints(String alias) throws Exception {
        return again(() -> saver.client
                .findAlias(AliasRequest.newBuilder().setAppId(saver.app).setAlias(alias).build()))
                .getEndpointIdsList();
    }
}
