package io.longwire.device.credential;

import io.longwire.device.Code;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class CredentialTest {
    private static final byte[] KEY = "golden credential key, no secret".getBytes(StandardCharsets.US_ASCII);
    private static final long NOW = 1_800_000_000L;
    private static final long HOST = 0x1111_2222_3333_4444L;
    private static final Claims CLAIMS = new Claims(3, 7, 0x0123_4567_89AB_CDEFL, 100_001, NOW - 10, NOW + 30 * 86_400);

    private final CredentialKeys keys = CredentialKeys.single(3, KEY);
    private final CredentialVerifier verifier = new CredentialVerifier(keys);
    private final byte[] credential = Credentials.issue(keys, CLAIMS);
    private final byte[] delegation = Credentials.delegate(credential, HOST, NOW);
    private final byte[] sealed = Credentials.delegateSealed(credential, HOST, NOW);

    @Example
    void provesItsClaims() {
        Checked checked = verifier.check(credential, CredentialVerifier.NO_HOST, NOW);

        assertThat(checked.isOk()).isTrue();
        Claims claims = checked.claims();
        assertThat(claims.keyId()).isEqualTo(3);
        assertThat(claims.appId()).isEqualTo(7);
        assertThat(claims.endpointId()).isEqualTo(0x0123_4567_89AB_CDEFL);
        assertThat(claims.ord()).isEqualTo(100_001);
        assertThat(claims.issuedAt()).isEqualTo(NOW - 10);
        assertThat(checked.validUntil()).isEqualTo(claims.expiresAt()).isEqualTo(NOW + 30 * 86_400);
    }

    @Example
    void provesADelegationToItsHostAlone() {
        Checked atHost = verifier.check(delegation, HOST, NOW + 60);

        assertThat(atHost.isOk()).isTrue();
        assertThat(atHost.claims().endpointId()).isEqualTo(CLAIMS.endpointId());
        assertThat(atHost.validUntil()).isEqualTo(NOW + 86_400);
        assertThat(verifier.check(delegation, HOST + 1, NOW).verdict()).isEqualTo(Verdict.NOT_HOST);
        assertThat(verifier.check(delegation, CredentialVerifier.NO_HOST, NOW).verdict()).isEqualTo(Verdict.NOT_HOST);
    }

    @Example
    void aHostThatMustNotReadCannotMakeItAnotherDelegation() {
        Checked checked = verifier.check(sealed, HOST, NOW);
        assertThat(checked.isOk()).isTrue();
        assertThat(checked.isSealedOnly()).isTrue();
        assertThat(verifier.check(delegation, HOST, NOW).isSealedOnly()).isFalse();
        assertThat(verifier.check(credential, HOST, NOW).isSealedOnly()).isFalse();

        byte[] opened = sealed.clone();
        opened[0] = Layout.DELEGATION;
        assertThat(verifier.check(opened, HOST, NOW).verdict()).isEqualTo(Verdict.BAD_TAG);
        assertThat(verifier.check(sealed, HOST + 1, NOW).verdict()).isEqualTo(Verdict.NOT_HOST);
        assertThat(verifier.check(sealed, HOST, NOW + 86_400).verdict()).isEqualTo(Verdict.EXPIRED);
    }

    @Example
    void takesAFullCredentialBehindAHostToo() {
        assertThat(verifier.check(credential, HOST, NOW).isOk()).isTrue();
    }

    @Example
    void refusesEveryBitThatWasTurned() {
        for (byte[] proof : new byte[][]{credential, delegation, sealed}) {
            for (int bit = 0; bit < 8 * proof.length; bit++) {
                byte[] turned = proof.clone();
                turned[bit / 8] ^= (byte) (1 << bit % 8);
                Checked checked = verifier.check(turned, HOST, NOW);
                assertThat(checked.verdict()).as("bit " + bit).isIn(Verdict.MALFORMED, Verdict.UNKNOWN_KEY,
                        Verdict.BAD_TAG);
            }
        }
    }

    @Example
    void refusesEveryOtherLength() {
        for (int length = 0; length < delegation.length + 10; length++) {
            byte[] other = Arrays.copyOf(delegation, length);
            Verdict verdict = verifier.check(other, HOST, NOW).verdict();
            assertThat(verdict).as("length " + length)
                    .isEqualTo(length == delegation.length ? Verdict.OK : Verdict.MALFORMED);
        }
    }

    @Property(tries = 2000)
    void answersGarbageWithAVerdictAlone(@ForAll @Size(max = 100) byte[] garbage) {
        assertThat(verifier.check(garbage, HOST, NOW).isOk()).isFalse();
    }

    @Example
    void doesNotTurnADelegationIntoACredential() {
        byte[] forged = new byte[credential.length];
        System.arraycopy(delegation, 0, forged, 0, 30);
        System.arraycopy(delegation, Layout.DELEGATION_TAG_AT, forged, 30, 32);
        forged[0] = Layout.CREDENTIAL;

        assertThat(verifier.check(forged, CredentialVerifier.NO_HOST, NOW).verdict()).isEqualTo(Verdict.BAD_TAG);
    }

    @Example
    void endsAtTheExpiry() {
        assertThat(verifier.check(credential, 0, CLAIMS.expiresAt() - 1).isOk()).isTrue();
        assertThat(verifier.check(credential, 0, CLAIMS.expiresAt()).verdict()).isEqualTo(Verdict.EXPIRED);
        assertThat(verifier.check(delegation, HOST, NOW + 86_399).isOk()).isTrue();
        assertThat(verifier.check(delegation, HOST, NOW + 86_400).verdict()).isEqualTo(Verdict.EXPIRED);
    }

    @Example
    void delegatesNoLongerThanTheCredentialAndNoLongerThanADay() {
        byte[] late = Credentials.delegate(credential, HOST, CLAIMS.expiresAt() - 60);
        assertThat(verifier.check(late, HOST, CLAIMS.expiresAt() - 30).validUntil()).isEqualTo(CLAIMS.expiresAt());

        byte[] fromTheFuture = Credentials.delegate(credential, HOST, NOW + 3600);
        assertThat(verifier.check(fromTheFuture, HOST, NOW).verdict()).isEqualTo(Verdict.EXPIRED);
        byte[] slightlyAhead = Credentials.delegate(credential, HOST, NOW + 600);
        assertThat(verifier.check(slightlyAhead, HOST, NOW).isOk()).isTrue();
    }

    @Example
    void rotatesKeys() {
        byte[] next = new byte[32];
        CredentialKeys both = CredentialKeys.of(4, Map.of(3, KEY, 4, next));
        byte[] renewed = Credentials.issue(both, new Claims(both.current(), 7, 5, 1, NOW, NOW + 60));

        assertThat(verifier.check(renewed, 0, NOW).verdict()).isEqualTo(Verdict.UNKNOWN_KEY);
        verifier.use(both);
        assertThat(verifier.check(renewed, 0, NOW).isOk()).isTrue();
        assertThat(verifier.check(credential, 0, NOW).isOk()).isTrue();
        verifier.use(CredentialKeys.single(4, next));
        assertThat(verifier.check(credential, 0, NOW).verdict()).isEqualTo(Verdict.UNKNOWN_KEY);
    }

    @Example
    void givesNoClaimsWithoutProof() {
        Checked refused = verifier.check(credential, 0, CLAIMS.expiresAt());

        assertThatThrownBy(refused::claims).isInstanceOf(IllegalStateException.class)
                .hasMessage("verdict: EXPIRED (expected: OK, before the claims are used)");
        assertThat(refused.verdict().code()).isEqualTo(Code.AUTH_EXPIRED);
    }

    @Example
    void letsThePhoneReadItsClaims() {
        Claims peeked = Claims.peek(credential);

        assertThat(peeked).isNotNull();
        assertThat(peeked.endpointId()).isEqualTo(CLAIMS.endpointId());
        assertThat(Claims.peek(new byte[62])).isNull();
    }

    @Example
    void carriesUnsignedNumbers() {
        Claims large = new Claims(-1, -2, -3, -4, NOW, 0xFFFFFFFFL);
        CredentialKeys wide = CredentialKeys.single(-1, KEY);

        Claims read = new CredentialVerifier(wide).check(Credentials.issue(wide, large), 0, 4_000_000_000L).claims();

        assertThat(read.appId()).isEqualTo(-2);
        assertThat(read.endpointId()).isEqualTo(-3);
        assertThat(read.ord()).isEqualTo(-4);
        assertThat(read.expiresAt()).isEqualTo(0xFFFFFFFFL);
    }

    @Example
    void servesManyThreadsAtOnce() throws Exception {
        Callable<Integer> work = () -> {
            int ok = 0;
            for (int i = 0; i < 300; i++) {
                ok += verifier.check(credential, 0, NOW).isOk() && verifier.check(delegation, HOST, NOW).isOk() ? 1 : 0;
            }
            return ok;
        };
        try (ExecutorService threads = Executors.newFixedThreadPool(24)) {
            for (var result : threads.invokeAll(java.util.Collections.nCopies(24, work))) {
                assertThat(result.get()).isEqualTo(300);
            }
        }
    }

    @Example
    void holdsTheVectorsOfVersion1() {
        assertThat(HexFormat.of().formatHex(credential))
                .isEqualTo("010100000003000000070123456789abcdef000186a16b49d1f66b715f00a511"
                        + "a6c963974b4c6fbd98d95c6ed232a07241a91d547c0e34b0316c1f0650d3");
        assertThat(HexFormat.of().formatHex(delegation))
                .isEqualTo("020100000003000000070123456789abcdef000186a16b49d1f66b715f001111"
                        + "2222333344446b4b238011ab60953a634d2b163c24a3a76d030ee8fb89e1cbae"
                        + "f02d458dc015fa0be1ae");
        assertThat(HexFormat.of().formatHex(sealed))
                .isEqualTo("030100000003000000070123456789abcdef000186a16b49d1f66b715f001111"
                        + "2222333344446b4b238097c5a7077129d5e7a3e38ff7af7a695a9686a5569fe4"
                        + "7ac98435e3ef71245447");
    }
}
