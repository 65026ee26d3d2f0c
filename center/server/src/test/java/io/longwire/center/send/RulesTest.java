package io.longwire.center.send;

import com.google.protobuf.ByteString;
import io.longwire.center.access.EndpointNames;
import io.longwire.center.refuse.Refused;
import io.longwire.center.refuse.Why;
import io.longwire.device.id.EndpointId;
import io.longwire.device.v1.Priority;
import io.longwire.rpc.center.Encryption;
import io.longwire.rpc.center.MessageClass;
import io.longwire.rpc.center.SendRequest;
import io.longwire.rpc.center.Target;
import io.longwire.rpc.saver.AppRecord;
import io.longwire.rpc.saver.Idempotency;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static io.longwire.rpc.center.Priority.LOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class RulesTest {
    private static final EndpointId ENDPOINTS = new EndpointId(new byte[32]);
    private static final AppRecord APP = AppRecord.newBuilder().setAppId(3).build();
    private static final AppRecord LONG_LIVED = AppRecord.newBuilder().setAppId(3).setMaxTtlSeconds(99 * 86_400)
            .build();
    private static final String ENDPOINT = ENDPOINTS.text(3, 4711);

    private final Rules rules = new Rules(new EndpointNames(ENDPOINTS));

    @Test
    void keepsWhatTheCallerAsked() {
        var draft = check(good().setPriority(io.longwire.rpc.center.Priority.HIGH).setCollapseKey("score")
                .setTtl("90s").build(), APP);

        assertThat(draft.appId()).isEqualTo(3);
        assertThat(draft.priority()).isEqualTo(Priority.PRIORITY_HIGH);
        assertThat(draft.options().collapseKey().toStringUtf8()).isEqualTo("score");
        assertThat(draft.ttlMillis()).isEqualTo(90_000);
        assertThat(draft.idempotency()).isNull();
    }

    @ParameterizedTest
    @CsvSource({"'',86400000", "0s,0", "0,0", "1ms,1", "90s,90000", "15m,900000", "24h,86400000", "7d,604800000"})
    void readsTimesToLive(String ttl, long millis) {
        assertThat(check(good().setTtl(ttl).build(), APP).ttlMillis()).isEqualTo(millis);
    }

    @ParameterizedTest
    @CsvSource({"8d", "604801s", "-1s", "5", "soon", "1us", "999999999999d", "99999999999999999999d", "7 d", "1e3s"})
    void refusesTimesToLiveOutOfRange(String ttl) {
        assertThatThrownBy(() -> check(good().setTtl(ttl).build(), APP)).isInstanceOf(Refused.class)
                .hasMessageStartingWith("ttl: ").hasMessageContaining("(expected: 0s, or 1ms to 604800s");
    }

    @Test
    void neverGoesAboveThirtyDays() {
        assertThat(check(good().setTtl("30d").build(), LONG_LIVED).ttlMillis())
                .isEqualTo(Duration.ofDays(30).toMillis());
        assertThatThrownBy(() -> check(good().setTtl("31d").build(), LONG_LIVED)).isInstanceOf(Refused.class);
    }

    @Test
    void capsTheDefaultByTheAppsOwnCap() {
        var brief = AppRecord.newBuilder().setAppId(3).setMaxTtlSeconds(60).build();

        assertThat(check(good().build(), brief).ttlMillis()).isEqualTo(60_000);
    }

    @Test
    void refusesAMissingTarget() {
        refused(SendRequest.newBuilder(), Why.INVALID_ARGUMENT, "to: missing (expected: {\"endpoint\": \"ep_...\"})");
        refused(SendRequest.newBuilder().setTo(Target.getDefaultInstance()), Why.INVALID_ARGUMENT,
                "to: missing (expected: one of {\"endpoint\": \"ep_...\"}, {\"alias\": ...}, "
                        + "{\"endpoints\": [...], \"aliases\": [...]})");
    }

    @Test
    void refusesEndpointsThatAreNoneOrForeign() {
        refused(to("ep_1"), Why.INVALID_ARGUMENT,
                "to.endpoint: ep_1 (expected: ep_ and 20 characters of Crockford base 32)");
        refused(to("EP_" + ENDPOINT.substring(3)), Why.INVALID_ARGUMENT, null);
        refused(to(ENDPOINT.substring(0, 22) + "!"), Why.INVALID_ARGUMENT, null);
        String foreign = ENDPOINTS.text(4, 4711);
        refused(to(foreign), Why.UNKNOWN_ENDPOINT,
                "to.endpoint: " + foreign + " (expected: an endpoint of this app)");
    }

    @Test
    void refusesWhatIsTooLarge() {
        check(good().setPayload(ByteString.copyFrom(new byte[4096])).build(), APP);
        refused(good().setPayload(ByteString.copyFrom(new byte[4097])), Why.TOO_LARGE,
                "payload: 4097 bytes (expected: at most 4096)");
        refused(good().setIdempotencyKey("k".repeat(129)), Why.INVALID_ARGUMENT,
                "idempotency_key: 129 characters (expected: at most 128)");
        refused(good().setCollapseKey("ü".repeat(33)), Why.INVALID_ARGUMENT,
                "collapse_key: 66 bytes (expected: at most 64)");
    }

    @Test
    void refusesEnumsOfNoVersion() {
        refused(good().setPriorityValue(9), Why.INVALID_ARGUMENT, "priority: 9 (expected: NORMAL, HIGH or LOW)");
        refused(good().setClass_Value(9), Why.INVALID_ARGUMENT, "class: 9 (expected: DURABLE, FAST or TRANSIENT)");
        refused(good().setEncryptionValue(9), Why.INVALID_ARGUMENT, "encryption: 9 (expected: PLAIN or HPKE)");
    }

    @Test
    void aPayloadIsSealedForOneEndpointAlone() {
        var sealed = good().setEncryption(Encryption.HPKE).setPayload(ByteString.copyFrom(new byte[48]));

        assertThat(check(sealed.build(), APP).options().sealed()).isTrue();
        assertThat(check(good().build(), APP).options().sealed()).isFalse();
        String rule = "encryption: HPKE (expected: PLAIN, or to.endpoint: a payload is sealed for one endpoint)";
        refused(sealed.clone().setTo(Target.newBuilder().setAlias("ann")), Why.INVALID_ARGUMENT, rule);
        refused(sealed.clone().setTo(Target.newBuilder().addEndpoints(ENDPOINT)), Why.INVALID_ARGUMENT, rule);
        refused(sealed.clone().setPayload(ByteString.copyFrom(new byte[47])), Why.INVALID_ARGUMENT,
                "payload: 47 bytes (expected: at least 48 with encryption HPKE)");
    }

    @Test
    void refusesWhatATransientMessageCannotHave() {
        refused(good().setClass_(MessageClass.TRANSIENT).setTtl("5s"), Why.INVALID_ARGUMENT,
                "ttl: 5s (expected: 0s or none with class TRANSIENT)");
        refused(good().setTtl("0s").setIdempotencyKey("k"), Why.INVALID_ARGUMENT, null);
    }

    @Test
    void takesTwoSpellingsOfOneMessageForTheSame() {
        var first = idempotency(good().setIdempotencyKey("k").setTtl("24h"));
        var second = idempotency(good().setIdempotencyKey("k").setTtl("1d"));
        var other = idempotency(good().setIdempotencyKey("k").setPayload(ByteString.copyFromUtf8("ho")));

        assertThat(second).isEqualTo(first);
        assertThat(other.getKeyHash()).isEqualTo(first.getKeyHash());
        assertThat(other.getBodyHash()).isNotEqualTo(first.getBodyHash());
    }

    @ParameterizedTest
    @CsvSource({"ttl", "collapse", "replace", "priority", "window", "class", "alias", "list", "more", "sealed"})
    void countsEveryOptionAndTargetAsPartOfTheBody(String changed) {
        var base = good().setIdempotencyKey("k").setPriority(LOW).setPayload(ByteString.copyFrom(new byte[48]));
        var other = base.clone();
        switch (changed) {
            case "ttl" -> other.setTtl("2h");
            case "collapse" -> other.setCollapseKey("c");
            case "replace" -> other.setReplace("0000000000001");
            case "priority" -> other.setPriority(io.longwire.rpc.center.Priority.NORMAL);
            case "window" -> other.setLowWindow("1h");
            case "class" -> other.setClass_(MessageClass.FAST);
            case "alias" -> other.setTo(Target.newBuilder().setAlias(ENDPOINT));
            case "sealed" -> other.setEncryption(Encryption.HPKE);
            case "list" -> other.setTo(Target.newBuilder().addEndpoints(ENDPOINT));
            default -> other.setTo(Target.newBuilder().addEndpoints(ENDPOINT).addEndpoints(ENDPOINTS.text(3, 4712)));
        }

        assertThat(idempotency(other).getBodyHash()).isNotEqualTo(idempotency(base).getBodyHash());
    }

    @Test
    void takesTheOrderOfTargetsForNoDifference() {
        String second = ENDPOINTS.text(3, 4712);
        var one = good().setIdempotencyKey("k").setTo(Target.newBuilder().addEndpoints(ENDPOINT).addEndpoints(second)
                .addAliases("a").addAliases("b"));
        var other = good().setIdempotencyKey("k").setTo(Target.newBuilder().addEndpoints(second)
                .addEndpoints(ENDPOINT).addEndpoints(second).addAliases("b").addAliases("a"));

        assertThat(idempotency(other)).isEqualTo(idempotency(one));
    }

    @Test
    void takesOneFormOfTargetAlone() {
        refused(good().setTo(Target.newBuilder().setEndpoint(ENDPOINT).setAlias("ann")), Why.INVALID_ARGUMENT,
                "to: 2 forms (expected: one of {\"endpoint\": \"ep_...\"}, {\"alias\": ...}, "
                        + "{\"endpoints\": [...], \"aliases\": [...]})");
        refused(good().setTo(Target.newBuilder().setAlias("a".repeat(129))), Why.INVALID_ARGUMENT, null);
    }

    @Test
    void boundsAListByTheAppsFanOut() {
        var narrow = AppRecord.newBuilder().setAppId(3).setFanOut(2).build();
        var three = good().setTo(Target.newBuilder().addAliases("a").addAliases("b").addEndpoints(ENDPOINT)).build();

        assertThat(rules.check(three, APP).targets().aliases()).hasSize(2);
        assertThatThrownBy(() -> rules.check(three, narrow)).hasMessage("to: 3 endpoints (expected: at most 2)");
    }

    @Test
    void refusesInAListWhatIsNoneByItself() {
        String foreign = ENDPOINTS.text(4, 4711);
        var targets = rules.check(good().setTo(Target.newBuilder().addEndpoints(ENDPOINT).addEndpoints("ep_1")
                .addEndpoints(foreign)).build(), APP).targets();

        assertThat(targets.endpoints()).extracting(Targets.Recipient::endpointId).containsExactly(4711L);
        assertThat(targets.refused()).extracting(result -> result.getTarget() + " " + result.getStatus() + " "
                + result.getProblem().getCode()).containsExactly("ep_1 unknown_endpoint invalid_argument",
                        foreign + " unknown_endpoint unknown_endpoint");
    }

    @Test
    void refusesWindowsAndReplacementsThatAreNone() {
        refused(good().setLowWindow("5m"), Why.INVALID_ARGUMENT,
                "low_window: 5m (expected: none, unless the priority is LOW)");
        refused(good().setPriority(LOW).setLowWindow("29s"), Why.INVALID_ARGUMENT,
                "low_window: 29s (expected: 30s to 24h)");
        refused(good().setReplace("xyz"), Why.INVALID_ARGUMENT,
                "replace: xyz (expected: 13 characters of Crockford base 32)");
        assertThat(check(good().setPriority(LOW).build(), APP).options().lowWindowSeconds()).isEqualTo(600);
    }

    private Draft check(SendRequest request, AppRecord app) {
        return rules.check(request, app).draft();
    }

    private Idempotency idempotency(SendRequest.Builder request) {
        return Objects.requireNonNull(check(request.build(), APP).idempotency());
    }

    private void refused(SendRequest.Builder request, Why why, @Nullable String detail) {
        assertThatThrownBy(() -> check(request.build(), APP)).isInstanceOfSatisfying(Refused.class, refused -> {
            assertThat(refused.why()).isEqualTo(why);
            if (detail != null) {
                assertThat(refused.detail()).isEqualTo(detail);
            }
        });
    }

    private static SendRequest.Builder good() {
        return to(ENDPOINT).setPayload(ByteString.copyFromUtf8("hi"));
    }

    private static SendRequest.Builder to(String endpoint) {
        return SendRequest.newBuilder().setTo(Target.newBuilder().setEndpoint(endpoint));
    }
}
