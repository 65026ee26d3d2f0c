package io.longwire.e2e.history;

import io.longwire.e2e.history.HistoryChecker.Violation;
import io.longwire.e2e.history.HistoryChecker.Violation.Kind;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class HistoryCheckerTest {
    private final History history = new History();

    @Test
    void passesWhatWasShownOnceOrEndedWithAReason() {
        accepted("a");
        history.shown("a", "ep_1");
        accepted("b");
        history.ended("b", "expired");
        history.sending("c", "ep_1"); // no answer: kept ...
        history.shown("c", "ep_1");
        history.sending("d", "ep_1"); // ... or not

        assertThat(HistoryChecker.check(history)).isEmpty();
    }

    @Test
    void findsAnAcceptedMessageThatNobodySaw() {
        accepted("a");

        assertThat(kinds()).containsExactly(Kind.LOST);
    }

    @Test
    void doesNotTakeAnAckForAShow() {
        accepted("a");
        history.ended("a", "acked");

        assertThat(kinds()).containsExactly(Kind.LOST);
    }

    @Test
    void findsASecondShow() {
        accepted("a");
        history.shown("a", "ep_1");
        history.shown("a", "ep_1");

        assertThat(kinds()).containsExactly(Kind.SHOWN_TWICE);
    }

    @Test
    void findsAShowToAnotherEndpointAfterARefusalOrOutOfNowhere() {
        accepted("a");
        history.shown("a", "ep_2");
        history.sending("b", "ep_1");
        history.refused("b");
        history.shown("b", "ep_1");
        history.shown("c", "ep_1");

        assertThat(kinds()).containsExactly(Kind.SHOWN_TO_ANOTHER, Kind.SHOWN_AFTER_REFUSAL, Kind.INVENTED);
    }

    private java.util.List<Kind> kinds() {
        return HistoryChecker.check(history).stream().map(Violation::kind).toList();
    }

    private void accepted(String payload) {
        history.sending(payload, "ep_1");
        history.accepted(payload, "id-" + payload);
    }
}
