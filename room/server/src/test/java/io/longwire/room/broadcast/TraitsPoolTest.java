package io.longwire.room.broadcast;

import io.longwire.device.v1.Connect;
import io.longwire.device.v1.NetType;
import io.longwire.room.client.audience.PhoneTraits;
import io.longwire.room.metric.RoomMetric;
import io.longwire.room.rig.FakeMetrics;
import io.longwire.room.session.Connection;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class TraitsPoolTest {
    private final FakeMetrics metrics = new FakeMetrics();
    private final TraitsPool pool = new TraitsPool(metrics);

    @Test
    void keepsEachAnswerOnceForTheWholeRoom() {
        PhoneTraits first = pool.of(phone(34).build());

        assertThat(pool.of(phone(34).setModel("another").setAttempt(3).build())).isSameAs(first);
        assertThat(pool.of(phone(35).build())).isNotEqualTo(first);
        assertThat(first).isEqualTo(new PhoneTraits("android", 34, 1_002_000, "DE", "de", "wifi"));
    }

    @Test
    void isTheSameForAllWhoAskAtOnce() {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<CompletableFuture<PhoneTraits>> asked = IntStream.range(0, 64)
                    .mapToObj(i -> CompletableFuture.supplyAsync(() -> pool.of(phone(i % 4).build()), threads))
                    .toList();
            for (int i = 0; i < asked.size(); i++) {
                assertThat(asked.get(i).join()).isSameAs(asked.get(i % 4).join());
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"Android, android, de, de", "iOS, ios, fr_CA, fr-ca", "HarmonyOS, harmonyos, zh-Hant_TW, zh-hant-tw"})
    void readsWhatIsSpelledInManyWaysAsOne(String os, String lower, String language, String hyphened) {
        PhoneTraits traits = pool.of(phone(1).setOs(os).setLanguage(language).setRegion("tw").build());

        assertThat(traits.os()).isEqualTo(lower);
        assertThat(traits.language()).isEqualTo(hyphened);
        assertThat(traits.region()).isEqualTo("TW");
    }

    @ParameterizedTest
    @CsvSource({"NET_UNKNOWN, unknown", "NET_WIFI, wifi", "NET_CELL_2G, 2g", "NET_CELL_3G, 3g", "NET_CELL_4G, 4g",
            "NET_CELL_5G, 5g", "NET_ETHERNET, ethernet", "NET_VPN, vpn"})
    void namesTheNetworkAsAudiencesDo(NetType net, String name) {
        assertThat(pool.of(phone(1).setNet(net).build()).network()).isEqualTo(name);
    }

    @Test
    void coversAllThatAudiencesMayAskForAndTakesALaterOneForUnknown() {
        var names = new HashSet<String>();
        Arrays.stream(NetType.values()).filter(net -> net != NetType.UNRECOGNIZED)
                .forEach(net -> names.add(pool.of(phone(1).setNet(net).build()).network()));

        assertThat(names).containsExactlyInAnyOrderElementsOf(PhoneTraits.NETWORKS);
        assertThat(pool.of(phone(1).setNetValue(99).build()).network()).isEqualTo("unknown");
    }

    @Test
    void isBoundedAndCountsWhoIsNotKnownForIt() {
        var small = new TraitsPool(metrics, 2);
        PhoneTraits first = small.of(phone(1).build());
        small.of(phone(2).build());
        assertThat(metrics.count(RoomMetric.TRAITS_BEYOND)).isZero();

        assertThat(small.of(phone(3).build())).isSameAs(Connection.NO_TRAITS);
        assertThat(small.of(phone(3).build())).isSameAs(Connection.NO_TRAITS);

        assertThat(metrics.count(RoomMetric.TRAITS_BEYOND)).isEqualTo(2);
        assertThat(small.of(phone(1).build())).as("known before").isSameAs(first);
    }

    private static Connect.Builder phone(int osVersion) {
        return Connect.newBuilder().setOs("Android").setOsVersion(osVersion).setSdkVersion(1_002_000).setRegion("de")
                .setLanguage("de").setNet(NetType.NET_WIFI);
    }
}
