package io.longwire.sdk.dispatcher;

import com.sun.net.httpserver.HttpServer;
import io.longwire.device.dispatcher.DispatcherProblem;
import io.longwire.device.dispatcher.PublishedShareList;
import io.longwire.device.dispatcher.RegisterEndpoint;
import io.longwire.device.dispatcher.Rooms;
import io.longwire.sdk.dispatcher.DispatcherFailure.Kind;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/** What counts as the dispatcher's word, and what somebody on the way said. */
class HttpDispatcherIT {
    private static final String PROTOBUF = "application/x-protobuf";

    private HttpServer server;
    private volatile int status = 200;
    private volatile String asked = "";
    private volatile @Nullable String type = PROTOBUF;
    private volatile byte[] body = new byte[0];

    @BeforeEach
    void listen() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", call -> {
            call.getRequestBody().readAllBytes();
            asked = call.getRequestURI().toString();
            String named = type;
            if (named != null) {
                call.getResponseHeaders().set("Content-Type", named);
            }
            call.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
            call.getResponseBody().write(body);
            call.close();
        });
        server.start();
    }

    @AfterEach
    void close() {
        server.stop(0);
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 204, 302, 400, 403, 404, 407, 410, 500, 511})
    void aPageOfSomebodyOnTheWayIsNoAnswerWhateverItsStatus(int code) {
        status = code;
        type = "text/html";
        body = code == 204 ? new byte[0] : "<html>log in</html>".getBytes(StandardCharsets.UTF_8);

        assertThat(rooms().kind()).isEqualTo(Kind.UNREACHABLE);
        assertThat(register().kind()).isEqualTo(Kind.UNREACHABLE);
        assertThat(shareList().kind()).isEqualTo(Kind.UNREACHABLE);
    }

    @Test
    void aShareListIsAskedForByTheNameOfItsGroupWhateverStandsInIt() throws DispatcherFailure {
        body = PublishedShareList.newBuilder().setServerTimeMs(5).build().toByteArray();
        assertThat(dispatcher().shareList("the shop's/é+?", 12).getServerTimeMs()).isEqualTo(5);
        assertThat(asked).isEqualTo("/v1/share-lists/the%20shop%27s%2f%c3%a9%2b%3f?above=12");
    }

    @Test
    void aHugeAnswerOrGarbageIsNoShareList() {
        body = new byte[70_000];
        assertThat(shareList()).hasMessageContaining("above 65536 bytes").extracting(DispatcherFailure::kind)
                .isEqualTo(Kind.UNREACHABLE);
        body = "garbage".getBytes(StandardCharsets.UTF_8);
        assertThat(shareList()).hasMessageContaining("not protobuf").extracting(DispatcherFailure::kind)
                .isEqualTo(Kind.UNREACHABLE);
    }

    @Test
    void anEmptyPageIsNotAnEmptyList() {
        type = null;
        assertThat(rooms()).hasMessageContaining("200, null (expected: application/x-protobuf)")
                .extracting(DispatcherFailure::kind).isEqualTo(Kind.UNREACHABLE);
    }

    @Test
    void aProxyThatIsFullIsAskedLater() {
        status = 503;
        type = "text/html";
        assertThat(rooms().kind()).isEqualTo(Kind.TRY_LATER);
    }

    @Test
    void theDispatchersOwnRefusalsStand() {
        body = DispatcherProblem.newBuilder().setCode("no_app").setDetail("app_key: ? (expected: one)").build()
                .toByteArray();
        status = 410;
        assertThat(register().kind()).isEqualTo(Kind.GONE);
        status = 404;
        assertThat(register()).hasMessageContaining("404 no_app").extracting(DispatcherFailure::kind)
                .isEqualTo(Kind.REFUSED);
    }

    @Test
    void anAnswerWithACharsetIsTaken() throws DispatcherFailure {
        type = PROTOBUF + "; charset=binary";
        body = Rooms.newBuilder().setTtlS(60).build().toByteArray();
        assertThat(dispatcher().rooms("", 0).getTtlS()).isEqualTo(60);
    }

    private DispatcherFailure rooms() {
        return catchThrowableOfType(DispatcherFailure.class, () -> dispatcher().rooms("", 0));
    }

    private DispatcherFailure shareList() {
        return catchThrowableOfType(DispatcherFailure.class, () -> dispatcher().shareList("shop", 3));
    }

    private DispatcherFailure register() {
        return catchThrowableOfType(DispatcherFailure.class,
                () -> dispatcher().register(RegisterEndpoint.getDefaultInstance()));
    }

    private HttpDispatcher dispatcher() {
        return new HttpDispatcher(List.of("http://127.0.0.1:" + server.getAddress().getPort()), null, null, false);
    }
}
