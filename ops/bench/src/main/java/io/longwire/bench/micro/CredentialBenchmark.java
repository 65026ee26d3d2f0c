package io.longwire.bench.micro;

import io.longwire.device.credential.Checked;
import io.longwire.device.credential.Claims;
import io.longwire.device.credential.CredentialKeys;
import io.longwire.device.credential.CredentialVerifier;
import io.longwire.device.credential.Credentials;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** What a login costs in HMACs: one for an app's own credential, two for a guest's delegation. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class CredentialBenchmark {
    private static final long NOW = 1_800_000_000L;

    private final CredentialKeys keys = CredentialKeys.single(1, new byte[32]);
    private final CredentialVerifier verifier = new CredentialVerifier(keys);
    private final Claims claims = new Claims(1, 7, 77, 3, NOW - 60, NOW + 3600);
    private final byte[] credential = Credentials.issue(keys, claims);
    private final byte[] delegation = Credentials.delegate(credential, 5, NOW);

    @Benchmark
    public Checked checkCredential() {
        return verifier.check(credential, CredentialVerifier.NO_HOST, NOW);
    }

    @Benchmark
    public Checked checkDelegation() {
        return verifier.check(delegation, 5, NOW);
    }

    @Benchmark
    public byte[] issue() {
        return Credentials.issue(keys, claims);
    }
}
