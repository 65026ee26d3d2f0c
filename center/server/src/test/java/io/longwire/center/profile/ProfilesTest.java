package io.longwire.center.profile;

import io.longwire.center.access.EndpointNames;
import io.longwire.center.api.Problems;
import io.longwire.center.fakes.FakeArchive;
import io.longwire.center.refuse.Refused;
import io.longwire.center.refuse.Why;
import io.longwire.device.id.EndpointId;
import io.longwire.rpc.center.GetAliasRequest;
import io.longwire.rpc.center.GetEndpointRequest;
import io.longwire.rpc.center.UpdateProfileRequest;
import io.longwire.testkit.time.VirtualClock;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

class ProfilesTest {
    private static final EndpointNames NAMES = new EndpointNames(new EndpointId(new byte[32]));
    private static final String ENDPOINT = NAMES.text(3, 4711);

    private final VirtualClock clock = new VirtualClock();
    private final FakeArchive archive = new FakeArchive(clock);
    private final Aliases aliases = new Aliases(archive, Duration.ofSeconds(60), clock);
    private final Profiles profiles = new Profiles(NAMES, archive, aliases);

    @BeforeEach
    void register() {
        archive.endpoint(3, 4711);
        archive.endpoint(3, 4712);
    }

    @Test
    void addsAndRemoves() {
        profiles.update(3, update().addAddTags("a").addAddTags("b").putSetAttributes("city", "Oslo").build()).join();
        profiles.update(3, update().addRemoveTags("a").putSetAttributes("lang", "no").addRemoveAttributes("city")
                .build()).join();

        var found = profiles.get(3, GetEndpointRequest.newBuilder().setEndpoint(ENDPOINT).build()).join();

        assertThat(found.getTagsList()).containsExactly("b");
        assertThat(found.getAttributesMap()).containsOnlyKeys("lang");
        assertThat(found.getEndpoint()).isEqualTo(ENDPOINT);
    }

    @Test
    void findsAllEndpointsOfAnAliasWithinFiveSecondsWhateverItsTimeToLive() {
        assertThat(aliases.endpoints(3, "anna").join()).isEmpty();
        archive.updateProfile(io.longwire.rpc.saver.ProfileUpdate.newBuilder().setAppId(3).setEndpointId(4712)
                .addBindAliases("anna").build());
        assertThat(aliases.endpoints(3, "anna").join()).isEmpty();

        clock.advance(Duration.ofSeconds(5));

        assertThat(aliases.endpoints(3, "anna").join()).containsExactly(4712L);
        assertThat(aliases.endpoints(4, "anna").join()).isEmpty();
        assertThat(archive.aliasLooks).isEqualTo(3);
        aliases.endpoints(3, "anna").join();
        assertThat(archive.aliasLooks).isEqualTo(3);
    }

    @Test
    void seesItsOwnChangesOfAnAliasAtOnce() {
        assertThat(aliases.endpoints(3, "anna").join()).isEmpty();

        profiles.update(3, update().addBindAliases("anna").build()).join();

        assertThat(profiles.alias(3, GetAliasRequest.newBuilder().setAlias("anna").build()).join().getEndpointsList())
                .containsExactly(ENDPOINT);
        profiles.update(3, update().addUnbindAliases("anna").build()).join();
        assertThat(aliases.endpoints(3, "anna").join()).isEmpty();
    }

    @Test
    void tellsWhichRuleIsBroken() {
        refused("add_tags: an empty one (expected: 1 to 64 characters, no control characters)",
                update().addAddTags(""));
        refused("bind_aliases: a?b (expected: 1 to 128 characters, no control characters)",
                update().addBindAliases("a\nb"));
        var nine = update();
        for (int i = 0; i < 9; i++) {
            nine.addBindAliases("a" + i);
        }
        refused("bind_aliases: 9 entries (expected: at most 8)", nine);
        refused("set_attributes.city: " + "x".repeat(64)
                + "... (expected: at most 256 characters, no control characters)",
                update().putSetAttributes("city", "x".repeat(257)));
        refused("body: no change (expected: add_tags, set_attributes, bind_aliases, ...)", update());
        assertThatThrownBy(() -> aliases.endpoints(3, "")).hasMessage(
                "alias: missing (expected: 1 to 128 characters, no control characters)");
    }

    @Test
    void tellsOfTooManyAndOfNoEndpoint() {
        for (int batch = 0; batch < 2; batch++) {
            var tags = update();
            for (int i = 0; i < 50; i++) {
                tags.addAddTags("t" + batch + "." + i);
            }
            profiles.update(3, tags.build()).join();
        }

        var tooMany = catchThrowable(() -> profiles.update(3, update().addAddTags("one more").build()).join());
        assertThat(Problems.refused(tooMany).why()).isEqualTo(Why.LIMIT_REACHED);
        assertThat(Problems.refused(tooMany).detail()).isEqualTo("tags: 101 (expected: at most 100)");
        var none = catchThrowable(() -> profiles
                .update(3, update().setEndpoint(NAMES.text(3, 1)).addAddTags("x").build()).join());
        assertThat(Problems.refused(none).why()).isEqualTo(Why.UNKNOWN_ENDPOINT);
        assertThatThrownBy(() -> profiles.update(4, update().addAddTags("x").build())).isInstanceOf(Refused.class)
                .hasMessage("endpoint: " + ENDPOINT + " (expected: an endpoint of this app)");
    }

    private void refused(String text, UpdateProfileRequest.Builder update) {
        assertThatThrownBy(() -> profiles.update(3, update.build())).isInstanceOf(Refused.class).hasMessage(text);
    }

    private static UpdateProfileRequest.Builder update() {
        return UpdateProfileRequest.newBuilder().setEndpoint(ENDPOINT);
    }
}
