package io.longwire.room.client.audience;

import io.longwire.rpc.audience.Attribute;
import io.longwire.rpc.audience.Audience;
import io.longwire.rpc.audience.Compare;
import io.longwire.rpc.audience.Percent;
import io.longwire.rpc.saver.Profile;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class CompiledAudienceTest {
    private static final PhoneTraits PHONE = new PhoneTraits("android", 34, 1_002_003, "CA", "fr-ca", "wifi");
    private static final int APP_VERSION = 300;

    private static boolean matches(Audience audience) {
        return CompiledAudience.compile(audience).matches(PHONE, APP_VERSION, 7, 0);
    }

    private static Audience.Builder of() {
        return Audience.newBuilder();
    }

    private static Audience tag(String name) {
        return of().setTag(name).build();
    }

    @Test
    void nothingIsEverybody() {
        assertThat(CompiledAudience.compile(Audience.getDefaultInstance())).isSameAs(CompiledAudience.EVERYBODY);
        assertThat(matches(Audience.getDefaultInstance())).isTrue();
    }

    @Test
    void comparesNumbers() {
        assertThat(matches(of().setAppVersion(Compare.newBuilder().setGe(300)).build())).isTrue();
        assertThat(matches(of().setAppVersion(Compare.newBuilder().setGt(300)).build())).isFalse();
        assertThat(matches(of().setAppVersion(Compare.newBuilder().setLt(301).setNe(299)).build())).isTrue();
        assertThat(matches(of().setAppVersion(Compare.newBuilder().setNe(300)).build())).isFalse();
        assertThat(matches(of().setOsVersion(Compare.newBuilder().setEq(34)).build())).isTrue();
        assertThat(matches(of().setSdkVersion(Compare.newBuilder().setLe(1_002_002)).build())).isFalse();
    }

    @Test
    void comparesNamesWithoutCase() {
        assertThat(matches(of().addOs("iOS").addOs("Android").build())).isTrue();
        assertThat(matches(of().addRegions("ca").build())).isTrue();
        assertThat(matches(of().addLanguages("FR").build())).isTrue();
        assertThat(matches(of().addLanguages("fr-CA").build())).isTrue();
        assertThat(matches(of().addLanguages("f").build())).isFalse();
        assertThat(matches(of().addNetworks("wifi").build())).isTrue();
        assertThat(matches(of().addNetworks("4g").build())).isFalse();
    }

    @Test
    void numbersEachConditionOnProfilesOnce() {
        var audience = CompiledAudience.compile(of().addAny(tag("a")).addAny(of().addAll(tag("b")).addAll(tag("a")))
                .build());

        assertThat(audience.profileConditions()).containsExactly(tag("a"), tag("b"));
        assertThat(audience.matches(PHONE, APP_VERSION, 7, 0b01)).isTrue();
        assertThat(audience.matches(PHONE, APP_VERSION, 7, 0b10)).isFalse();
    }

    @Test
    void asksNoProfileWhenThePhoneDecides() {
        var audience = CompiledAudience.compile(of().addAll(of().addOs("ios")).addAll(tag("a")).build());
        var negated = CompiledAudience
                .compile(of().setNot(of().addAny(of().addOs("android")).addAny(tag("a"))).build());

        assertThat(audience.mayMatch(PHONE, APP_VERSION, 7)).isFalse();
        assertThat(negated.mayMatch(PHONE, APP_VERSION, 7)).isFalse();
        assertThat(CompiledAudience.compile(of().setNot(tag("a")).build()).mayMatch(PHONE, APP_VERSION, 7)).isTrue();
    }

    @Test
    void countsAnOfflineEndpointUnlessItsProfileSpeaksAgainst() {
        var audience = CompiledAudience.compile(of().addAll(of().setNot(of().addOs("ios"))).addAll(tag("a")).build());

        assertThat(audience.mayMatchOffline(7, 1)).isTrue();
        assertThat(audience.mayMatchOffline(7, 0)).isFalse();
    }

    @Test
    void readsConditionsFromProfiles() {
        var profile = Profile.newBuilder().addTags("vip").addTags("topic:news").addAliases("u1")
                .putAttributes("city", "Paris").build();
        List<Audience> conditions = List.of(tag("vip"), of().setTopic("news").build(), of().addAliases("u2").addAliases(
                "u1").build(), of().setAttribute(Attribute.newBuilder().setName("city").addValues("Rome")).build(),
                of().setAttribute(Attribute.newBuilder().setName("city")).build(),
                of().setAwayDays(Compare.newBuilder().setGe(7)).build());

        assertThat(ProfileCondition.bits(conditions, profile, 8)).isEqualTo(0b110111);
        assertThat(ProfileCondition.bits(conditions, profile, 6)).isEqualTo(0b010111);
    }

    @Test
    void sharesAreStableNestedAndEven() {
        var tenth = CompiledAudience.compile(of().setPercent(Percent.newBuilder().setBelow(10)).build());
        var half = CompiledAudience.compile(of().setPercent(Percent.newBuilder().setBelow(50)).build());
        long[] inTenth = LongStream.range(0, 100_000).filter(ep -> tenth.matches(PHONE, 0, ep, 0)).toArray();

        assertThat(inTenth.length).isBetween(9_500, 10_500);
        assertThat(LongStream.of(inTenth).allMatch(ep -> half.matches(PHONE, 0, ep, 0))).isTrue();
    }

    @Test
    void refusesWhatBreaksARule() {
        var deep = of().setTag("a").build();
        for (int i = 0; i < AudienceRules.DEPTH; i++) {
            deep = of().setNot(deep).build();
        }
        var tooDeep = deep;
        var wide = of();
        IntStream.rangeClosed(0, AudienceRules.CONDITIONS).forEach(i -> wide.addAny(of().addOs("os" + i)));
        var profiles = of();
        IntStream.rangeClosed(0, AudienceRules.PROFILE_CONDITIONS).forEach(i -> profiles.addAny(tag("t" + i)));

        refused(tooDeep, "audience.not.not.not.not.not.not.not.not: depth 9 (expected: at most 8 deep)");
        refused(wide.build(), "audience.any[64].os: condition 65 (expected: at most 64 in all)");
        refused(profiles.build(), "audience.any[32].tag: condition 33 (expected: at most 32 on tags");
        refused(of().setTag("a").addOs("android").build(), "audience: [tag, os] (expected: one of them");
        refused(of().addAll(Audience.getDefaultInstance()).build(), "audience.all[0]: {} (expected: one condition");
        refused(of().addNetworks("6g").build(), "audience.networks: 6g (expected: one of [unknown, wifi");
        refused(of().setPercent(Percent.newBuilder().setBelow(101)).build(), "audience.percent.below: 101.0");
        refused(of().setAppVersion(Compare.newBuilder()).build(), "audience.app_version: {} (expected: at least one");
        refused(of().setAppVersion(Compare.newBuilder().setGt(5).setLt(5)).build(), "audience.app_version: no number");
        refused(of().setAppVersion(Compare.newBuilder().setGe(-1)).build(),
                "audience.app_version.ge: 18446744073709551615 (expected: below 2^63 - 1)");
        refused(of().setTag("x".repeat(65)).build(), "audience.tag: 65 characters (expected: 0 to 64 characters)");
    }

    private static void refused(Audience audience, String text) {
        assertThatThrownBy(() -> CompiledAudience.compile(audience)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(text);
    }
}
