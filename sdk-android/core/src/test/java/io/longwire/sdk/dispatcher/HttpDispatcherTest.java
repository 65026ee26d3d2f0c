package io.longwire.sdk.dispatcher;

import io.longwire.sdk.policy.Pace;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class HttpDispatcherTest {
    @ParameterizedTest
    @CsvSource({"FAST, 5000, 10000", "CELL, 7500, 15000", "SLOW, 10000, 20000"})
    void waitsAsLongAsTheNetworkNeeds(Pace pace, int connectMillis, int readMillis) throws IOException {
        HttpDispatcher dispatcher = new HttpDispatcher(List.of("http://127.0.0.1:9"), null, null, false);
        dispatcher.pace(pace);

        HttpURLConnection http = dispatcher.open("http://127.0.0.1:9/v1/rooms");

        assertThat(http.getConnectTimeout()).isEqualTo(connectMillis);
        assertThat(http.getReadTimeout()).isEqualTo(readMillis);
    }
}
