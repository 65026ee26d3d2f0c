package io.longwire.room.presence;

import io.longwire.rpc.coordinator.PresenceItem.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/** The rule table of decision 19, all of it for two owners. */
class PresenceRulesTest {
    @ParameterizedTest(name = "{0} stored, {1} displaced, {2} incumbent: {3}")
    @CsvSource({"0, 0, 0, ONLINE", "1, 0, 0, ONLINE", "2, 0, 0, ONLINE", "1, 1, 0, ONLINE", "1, 0, 1, ONLINE",
            "0, 1, 0, MOVED", "0, 2, 0, MOVED", "0, 1, 1, MOVED", "0, 0, 1, NOTHING", "0, 0, 2, NOTHING"})
    void aPutIsToldByWhatItFound(int stored, int displaced, int incumbents, String told) {
        Kind kind = PresenceRules.ofPut(stored, displaced, incumbents);

        assertThat(kind == null ? "NOTHING" : kind.name()).isEqualTo(told);
    }

    @ParameterizedTest(name = "{0} superseded: {1}")
    @CsvSource({"0, true", "1, false", "2, false"})
    void aRemovalIsOfflineUnlessSomethingNewerStandsThere(int superseded, boolean offline) {
        assertThat(PresenceRules.isOffline(superseded)).isEqualTo(offline);
    }

    @Test
    void onlyWhatSaysThatASessionIsThereIsLookedUpAgain() {
        for (Kind kind : Kind.values()) {
            boolean present = kind != Kind.UNRECOGNIZED
                    && new PresenceEvent(kind, 1, 1, 1, 1, "").present();
            assertThat(present).as("%s", kind)
                    .isEqualTo(kind == Kind.ONLINE || kind == Kind.MOVED || kind == Kind.NETWORK);
        }
    }
}
