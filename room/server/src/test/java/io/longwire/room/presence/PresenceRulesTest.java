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

    @ParameterizedTest(name = "{0} removed, {1} superseded, {2} absent: {3}")
    @CsvSource({"0, 0, 0, true", "1, 0, 0, true", "2, 0, 0, true", "1, 0, 1, true", "0, 0, 1, false", "0, 0, 2, false",
            "1, 1, 0, false", "0, 1, 0, false", "0, 2, 0, false", "0, 1, 1, false"})
    void aRemovalIsOfflineUnlessSomethingElseStandsThereOrNothingWasThere(int removed, int superseded, int absent,
            boolean offline) {
        assertThat(PresenceRules.isOffline(removed, superseded, absent)).isEqualTo(offline);
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
