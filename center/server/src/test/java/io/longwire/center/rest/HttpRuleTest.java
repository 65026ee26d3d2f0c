package io.longwire.center.rest;

import io.longwire.center.face.ApiServer;
import io.longwire.center.refuse.Refused;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class HttpRuleTest {
    private static final List<HttpRule> RULES = HttpRule.of(ApiServer.SERVICE);

    @ParameterizedTest
    @CsvSource({"POST,/v1/messages,Send,''", "POST,/v1/messages:batch,SendBatch,''",
            "GET,/v1/messages/A/endpoints/B,GetTimeline,'A,B'", "POST,/v1/messages/A:revoke,RevokeMessage,A",
            "DELETE,/v1/apps/3/keys/ab,RevokeKey,'3,ab'", "GET,/v1/aliases/user:1,GetAlias,user:1",
            "GET,/v1/aliases/a%2Fb%20c+%E2%82%AC,GetAlias,a/b c+\u20ac", "POST,/v1/broadcasts/B:pause,PauseBroadcast,B",
            "GET,/v1/broadcasts,ListBroadcasts,''",
            "GET,/v1/aliases/%3Akick,GetAlias,:kick",
            "POST,/v1/endpoints/e/profile,UpdateProfile,e", "POST,/v1/endpoints:status,GetEndpoints,''"})
    void findsTheCallOfAPathAndTheValuesInIt(String method, String path, String call, String values) {
        assertThat(find(method, path)).isEqualTo(call + " " + values);
    }

    @ParameterizedTest
    @CsvSource({"GET,/v1/aliases/", "GET,/v1/aliases/a/b", "POST,/v1/messages/A:recall", "GET,/v1/messages/A:revoke/x"})
    void findsNothingElsewhere(String method, String path) {
        assertThat(find(method, path)).isNull();
    }

    @Test
    void refusesABrokenEncoding() {
        assertThatThrownBy(() -> find("GET", "/v1/aliases/a%2")).isInstanceOf(Refused.class)
                .hasMessage("path: a%2 (expected: two hexadecimal digits after each %)");
    }

    @Test
    void aStreamOfAnswersHasNoPath() {
        assertThat(RULES).extracting(HttpRule::call).contains("GetBroadcast").doesNotContain("WatchBroadcast");
    }

    private static @Nullable String find(String method, String path) {
        for (HttpRule rule : RULES) {
            List<String> values = rule.method().equals(method) ? rule.match(path) : null;
            if (values != null) {
                return rule.call() + " " + String.join(",", values);
            }
        }
        return null;
    }
}
