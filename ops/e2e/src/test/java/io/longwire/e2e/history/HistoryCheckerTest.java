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

    @Test
    void letsAnOlderOneGiveWayToANewerOfItsKeyAlone() {
        keyed("a", "id-1");
        keyed("b", "id-2");
        history.shown("b", "ep_1");
        history.ended("a", "collapsed");
        assertThat(HistoryChecker.check(history)).isEmpty();
        history.ended("a", "acked"); // seen by the phone after b
        assertThat(HistoryChecker.check(history)).isEmpty();

        keyed("c", "id-3");
        history.ended("c", "collapsed"); // by whom?
        assertThat(kinds()).containsExactly(Kind.LOST);
    }

    @Test
    void doesNotTakeCollapsedAsAReasonOfAMessageWithoutAKey() {
        accepted("a");
        keyed("b", "id-z");
        history.shown("b", "ep_1");
        history.ended("a", "collapsed");

        assertThat(kinds()).containsExactly(Kind.LOST);
    }

    @Test
    void findsAnOlderOneShownAfterANewer() {
        keyed("a", "id-1");
        keyed("b", "id-2");
        history.shown("b", "ep_1");
        history.shown("a", "ep_1");

        assertThat(kinds()).containsExactly(Kind.SHOWN_AFTER_NEWER);
    }

    @Test
    void takesARevokeAsAReasonOnlyOfWhatWasRevoked() {
        accepted("a");
        history.revoking("a");
        history.ended("a", "revoked");
        assertThat(HistoryChecker.check(history)).isEmpty();

        accepted("b");
        history.ended("b", "revoked");
        assertThat(kinds()).containsExactly(Kind.LOST);
    }

    @Test
    void findsWhatWasRevokedAndIsStillThere() {
        accepted("a");
        history.shown("a", "ep_1");
        history.revoking("a");
        assertThat(HistoryChecker.check(history)).as("nobody was told that it is").isEmpty();
        history.revoked("a");
        assertThat(kinds()).containsExactly(Kind.NOT_TAKEN_BACK);

        history.takenBack("id-a", "ep_1");
        assertThat(HistoryChecker.check(history)).isEmpty();
    }

    @Test
    void judgesEachTargetOfAMessageToSeveral() {
        history.sending("a", "ep_1");
        history.sending("a", "ep_2");
        history.accepted("a", "id-a");
        history.shown("a", "ep_2");
        assertThat(kinds()).containsExactly(Kind.LOST);

        history.shown("a", "ep_1");
        assertThat(HistoryChecker.check(history)).isEmpty();
    }

    private void keyed(String payload, String id) {
        history.sending(payload, "ep_1", "k");
        history.accepted(payload, id);
    }

    private java.util.List<Kind> kinds() {
        return HistoryChecker.check(history).stream().map(Violation::kind).toList();
    }

    private void accepted(String payload) {
        history.sending(payload, "ep_1");
        history.accepted(payload, "id-" + payload);
    }
}
