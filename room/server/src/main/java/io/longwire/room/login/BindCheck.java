package io.longwire.room.login;

import io.longwire.device.credential.Checked;
import io.longwire.device.credential.CredentialVerifier;
import io.longwire.device.v1.EndpointBinding;
import io.longwire.keeper.clock.Clock;
import java.time.Duration;

/** What a binding proves, and the conn_seq it may claim. Thread-safe. */
final class BindCheck {
    private static final long FARTHEST_AHEAD_MILLIS = Duration.ofMinutes(10).toMillis();

    private final CredentialVerifier verifier;
    private final Clock clock;

    BindCheck(CredentialVerifier verifier, Clock clock) {
        this.verifier = verifier;
        this.clock = clock;
    }

    /** @param host the endpoint whose full credential came first, or 0 */
    Checked proof(EndpointBinding binding, long host) {
        return verifier.check(binding.getCredential().toByteArray(), host, clock.wallMillis() / 1000);
    }

    /** A phone's clock may be wrong: more than 10 minutes ahead becomes now. */
    long connSeq(EndpointBinding binding) {
        long now = clock.wallMillis();
        return binding.getConnSeq() > now + FARTHEST_AHEAD_MILLIS ? now : binding.getConnSeq();
    }
}
