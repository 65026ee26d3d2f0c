package io.longwire.keeper.server.console.fetch;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Calls of a server that stops in the middle of its answer. */
final class FetchIT {
    private static final String HEAD = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n";
    private static final int MOST = 100;

    @Test
    @Timeout(20)
    void endsInTimeWhenTheBodyDoesNotComeAndBreaksTheCallOff() throws Exception {
        try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                HttpClient http = HttpClient.newHttpClient();
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Integer> afterwards = threads.submit(() -> {
                try (Socket socket = server.accept()) {
                    answer(socket, HEAD + "12345");
                    return socket.getInputStream().read(); // nothing comes until the caller ends it
                }
            });
            HttpRequest request = request(server).build();

            assertThatThrownBy(() -> Fetch.whole(http, request, Duration.ofSeconds(3), MOST))
                    .isInstanceOf(HttpTimeoutException.class).hasMessage("no whole answer within 3000 ms");
            assertThat(afterwards.get()).as("the connection was ended").isEqualTo(-1);
        }
    }

    @Test
    @Timeout(20)
    void givesTheWholeAnswerAndRefusesATooLargeOne() throws Exception {
        try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                HttpClient http = HttpClient.newHttpClient();
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            threads.submit(() -> {
                for (int i = 0; i < 2; i++) {
                    try (Socket socket = server.accept()) {
                        answer(socket, HEAD.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n") + "1234567890");
                    }
                }
                return 0;
            });
            HttpRequest request = request(server).build();

            assertThat(Fetch.whole(http, request, Duration.ofSeconds(10), MOST).body()).hasSize(10);
            assertThatThrownBy(() -> Fetch.whole(http, request, Duration.ofSeconds(10), 9))
                    .isInstanceOf(IOException.class).isNotInstanceOf(HttpTimeoutException.class);
        }
    }

    @Test
    @Timeout(20)
    void saysThatNobodyTookTheCall() throws Exception {
        HttpRequest request;
        try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            request = request(server).build();
        }
        try (HttpClient http = HttpClient.newHttpClient()) {
            assertThatThrownBy(() -> Fetch.whole(http, request, Duration.ofSeconds(10), MOST))
                    .isInstanceOf(ConnectException.class);
        }
    }

    private static HttpRequest.Builder request(ServerSocket server) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.getLocalPort() + "/"));
    }

    // Reads up to the blank line first, so that what is unread does not reset the connection.
    private static void answer(Socket socket, String text) throws IOException {
        InputStream in = socket.getInputStream();
        for (int ends = 0; ends < 4;) {
            int c = in.read();
            if (c < 0) {
                throw new EOFException("no whole call came");
            }
            ends = c == "\r\n\r\n".charAt(ends) ? ends + 1 : c == '\r' ? 1 : 0;
        }
        socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
        socket.getOutputStream().flush();
    }
}
