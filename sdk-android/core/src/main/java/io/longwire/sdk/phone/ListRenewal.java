package io.longwire.sdk.phone;

import io.longwire.device.dispatcher.PublishedShareList;
import io.longwire.sdk.dispatcher.DispatcherFailure;
import io.longwire.sdk.share.CurrentList;
import io.longwire.sdk.share.InvalidShareListException;
import java.io.IOException;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Asks the dispatcher now and then for a newer list of those who share the connection: once a week, once a day when the
 * list ends within a week or has ended, and only while the radio is awake anyway; it has no timer. A list that cannot
 * be taken is told, and the one before stays. Belongs to the loop.
 */
final class ListRenewal {
    static final long DAY_MILLIS = 86_400_000;
    static final long WEEK_MILLIS = 7 * DAY_MILLIS;
    /** Whether it is due is looked at once in so long; who was not reached is asked again then, at the earliest. */
    static final long AGAIN_MILLIS = 3_600_000;
    private static final int DOUBLINGS_MAX = 5;

    private final Parts parts;
    private final Random random;
    private @Nullable CurrentList list;
    private double jitter = 1;
    private long lookAt; // elapsed
    private int failures;

    ListRenewal(Parts parts, Random random) {
        this.parts = parts;
        this.random = random;
    }

    /** Renews this one from now on. Phones that have just got it ask for the first time within a week. */
    void begin(CurrentList fresh) {
        list = fresh;
        jitter = 0.9 + 0.2 * random.nextDouble();
        lookAt = parts.now();
        try {
            fresh.keep();
            if (fresh.askedMillis() == 0 && fresh.isValidIn(WEEK_MILLIS)) {
                fresh.asked(parts.time.nowMillis() - (long) (random.nextDouble() * WEEK_MILLIS));
            }
        } catch (IOException full) {
            parts.storeProblem(full);
        }
    }

    void end() {
        list = null;
    }

    /** Something came from the network just now, or goes there. */
    void awake() {
        CurrentList known = list;
        if (known != null && parts.now() >= lookAt) {
            lookAt = parts.now() + AGAIN_MILLIS;
            if (isDue(known)) {
                ask(known);
            }
        }
    }

    // A clock that was set back makes it due, too.
    private boolean isDue(CurrentList known) {
        long since = parts.time.nowMillis() - known.askedMillis();
        long periodMillis = known.isValidIn(WEEK_MILLIS) ? WEEK_MILLIS : DAY_MILLIS;
        return since < 0 || since >= periodMillis * jitter;
    }

    private void ask(CurrentList known) {
        parts.calls.shareList(known.group(), known.serial(), new DispatcherCalls.Answer<PublishedShareList>() {
            @Override
            public void onAnswer(PublishedShareList answer) {
                if (list == known) {
                    answered(known, answer);
                }
            }

            @Override
            public void onFailure(DispatcherFailure failure) {
                if (list == known) {
                    failed(known, failure);
                }
            }
        });
    }

    private void answered(CurrentList known, PublishedShareList answer) {
        parts.time.told(answer.getServerTimeMs());
        failures = 0;
        asked(known);
        if (answer.getSigned().isEmpty()) {
            return; // there is no newer one
        }
        try {
            known.take(answer.getSigned().toByteArray());
        } catch (InvalidShareListException bad) {
            parts.events.onProblem("dispatcher: " + bad.getMessage());
        } catch (IOException full) {
            parts.storeProblem(full);
        }
    }

    private void failed(CurrentList known, DispatcherFailure failure) {
        parts.events.onProblem("share list: " + failure.getMessage());
        if (failure.kind() == DispatcherFailure.Kind.REFUSED || failure.kind() == DispatcherFailure.Kind.GONE) {
            asked(known); // it has none: that was an answer
            return;
        }
        long own = AGAIN_MILLIS << Math.min(failures++, DOUBLINGS_MAX);
        lookAt = parts.now() + Math.min(DAY_MILLIS, Math.max(own, failure.retryAfterMillis()));
    }

    private void asked(CurrentList known) {
        try {
            known.asked(parts.time.nowMillis());
        } catch (IOException full) {
            parts.storeProblem(full);
        }
    }
}
