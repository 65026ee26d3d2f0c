package io.longwire.sdk.android.system;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ModeTest {
    @Test
    void aServiceInTheForegroundOrAnExemptionKeepsTheConnection() {
        assertThat(Mode.of(new Rights(true, false, true, false))).isEqualTo(Mode.LIVE_EXACT);
        assertThat(Mode.of(new Rights(false, true, true, false))).isEqualTo(Mode.LIVE_EXACT);
    }

    @Test
    void withoutExactAlarmsPingsMayBeLate() {
        assertThat(Mode.of(new Rights(true, false, false, false))).isEqualTo(Mode.LIVE_INEXACT);
    }

    @Test
    void withoutARightToLiveItLooksNowAndThen() {
        Mode mode = Mode.of(new Rights(false, false, true, false));
        assertThat(mode).isEqualTo(Mode.FOREGROUND_ONLY);
        assertThat(mode.safetyCheckMillis()).isEqualTo(900_000);
    }

    @Test
    void whoeverLivesIsLookedAfterEverySixHours() {
        assertThat(Mode.LIVE_EXACT.safetyCheckMillis()).isEqualTo(6 * 3_600_000);
        assertThat(Mode.LIVE_INEXACT.safetyCheckMillis()).isEqualTo(6 * 3_600_000);
    }

    @Test
    void whoMayNotRunInTheBackgroundNeedsAnotherChannel() {
        assertThat(Mode.of(new Rights(false, true, true, true))).isEqualTo(Mode.OTHER_CHANNEL);
        assertThat(Mode.of(new Rights(true, false, true, true))).isEqualTo(Mode.LIVE_EXACT);
    }

    @Test
    void eachModeHasTheNumberThatConnectSays() {
        assertThat(Mode.LIVE_EXACT.capability()).isEqualTo(1);
        assertThat(Mode.LIVE_INEXACT.capability()).isEqualTo(2);
        assertThat(Mode.FOREGROUND_ONLY.capability()).isEqualTo(3);
        assertThat(Mode.OTHER_CHANNEL.capability()).isEqualTo(4);
    }
}
