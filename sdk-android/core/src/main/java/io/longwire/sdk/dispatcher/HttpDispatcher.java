package io.longwire.sdk.dispatcher;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Parser;
import io.longwire.device.dispatcher.DispatcherProblem;
import io.longwire.device.dispatcher.PublishedShareList;
import io.longwire.device.dispatcher.RegisterEndpoint;
import io.longwire.device.dispatcher.RegisteredEndpoint;
import io.longwire.device.dispatcher.Rooms;
import io.longwire.sdk.dispatcher.DispatcherFailure.Kind;
import io.longwire.sdk.policy.Pace;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.HostnameVerifier;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * The dispatcher over HTTP, at one of several addresses: the one that answered last, else the others in turn. A refusal
 * is an answer; only one that does not answer, or answers 5xx, is passed over. What is not protobuf was said by
 * somebody on the way, a captive portal or a proxy, and is no answer, whatever its status. Any thread.
 */
public final class HttpDispatcher implements Dispatcher {
    private static final String PROTOBUF = "application/x-protobuf";
    private static final int ANSWER_MAX_BYTES = 64 * 1024;

    private final List<String> bases;
    private final @Nullable SSLSocketFactory sockets;
    private final @Nullable HostnameVerifier names;
    private final boolean tlsOnly;
    private volatile int current;
    private volatile Pace pace = Pace.FAST;

    /**
     * @param bases such as {@code https://dispatcher.example.com}, at least one
     * @param sockets for https; null = the platform's own
     * @param names for https; null = the platform's own
     * @param tlsOnly whether only rooms with TLS are asked for
     */
    public HttpDispatcher(List<String> bases, @Nullable SSLSocketFactory sockets, @Nullable HostnameVerifier names,
            boolean tlsOnly) {
        this.bases = new ArrayList<>(bases);
        this.sockets = sockets;
        this.names = names;
        this.tlsOnly = tlsOnly;
    }

    @Override
    public void pace(Pace now) {
        pace = now;
    }

    @Override
    public RegisteredEndpoint register(RegisterEndpoint install) throws DispatcherFailure {
        RegisteredEndpoint answer = call("/v1/endpoints", install.toByteArray(), RegisteredEndpoint.parser());
        if (answer.getEndpointId() == 0 || answer.getCredential().isEmpty()) {
            throw new DispatcherFailure(Kind.UNREACHABLE, "answer: no endpoint (expected: endpoint and credential)", 0);
        }
        return answer;
    }

    @Override
    public Rooms rooms(String endpoint, int attempt) throws DispatcherFailure {
        String query = "?attempt=" + attempt + (tlsOnly ? "&tls=true" : "")
                + (isPlain(endpoint) ? "&endpoint=" + endpoint : "");
        return call("/v1/rooms" + query, null, Rooms.parser());
    }

    @Override
    public PublishedShareList shareList(String group, long above) throws DispatcherFailure {
        return call("/v1/share-lists/" + escaped(group) + "?above=" + above, null, PublishedShareList.parser());
    }

    private <T> T call(String path, byte @Nullable [] body, Parser<T> parser) throws DispatcherFailure {
        DispatcherFailure last = null;
        int first = current;
        for (int i = 0; i < bases.size(); i++) {
            int at = (first + i) % bases.size();
            try {
                T answer = once(bases.get(at) + path, body, parser);
                current = at;
                return answer;
            } catch (DispatcherFailure failure) {
                last = failure;
                if (failure.kind() == Kind.REFUSED || failure.kind() == Kind.GONE) {
                    break;
                }
            }
        }
        throw last == null
                ? new DispatcherFailure(Kind.UNREACHABLE, "dispatcher: none (expected: at least one)", 0)
                : last;
    }

    private <T> T once(String url, byte @Nullable [] body, Parser<T> parser) throws DispatcherFailure {
        HttpURLConnection http = null;
        try {
            http = open(url);
            if (body != null) {
                http.setRequestMethod("POST");
                http.setRequestProperty("Content-Type", PROTOBUF);
                http.setDoOutput(true);
                http.setFixedLengthStreamingMode(body.length);
                try (OutputStream out = http.getOutputStream()) {
                    out.write(body);
                }
            }
            int status = http.getResponseCode();
            String type = http.getContentType();
            boolean ours = type != null && type.startsWith(PROTOBUF);
            byte[] answer = read(status < 400 ? http.getInputStream() : http.getErrorStream());
            if (!ours) {
                throw strange(url, status, type);
            }
            if (status != HttpURLConnection.HTTP_OK) {
                throw problem(url, status, answer);
            }
            return parser.parseFrom(answer);
        } catch (InvalidProtocolBufferException notOurs) {
            throw new DispatcherFailure(Kind.UNREACHABLE, "answer of " + url + ": not protobuf (expected: " + PROTOBUF
                    + ")", 0);
        } catch (IOException | ClassCastException away) {
            throw new DispatcherFailure(Kind.UNREACHABLE, "dispatcher: " + url + ": " + away.getMessage()
                    + " (expected: an answer)", 0);
        } finally {
            if (http != null) {
                http.disconnect();
            }
        }
    }

    HttpURLConnection open(String url) throws IOException {
        HttpURLConnection http = (HttpURLConnection) new URL(url).openConnection();
        if (http instanceof HttpsURLConnection) {
            HttpsURLConnection https = (HttpsURLConnection) http;
            if (sockets != null) {
                https.setSSLSocketFactory(sockets);
            }
            if (names != null) {
                https.setHostnameVerifier(names);
            }
        }
        Pace now = pace;
        http.setConnectTimeout((int) now.connectAckMillis() / 2);
        http.setReadTimeout((int) now.connectAckMillis());
        http.setInstanceFollowRedirects(false);
        http.setUseCaches(false);
        http.setRequestProperty("Accept", PROTOBUF);
        return http;
    }

    private static DispatcherFailure strange(String url, int status, @Nullable String type) {
        Kind kind = isLater(status) ? Kind.TRY_LATER : Kind.UNREACHABLE;
        return new DispatcherFailure(kind, "answer of " + url + ": " + status + ", " + type + " (expected: " + PROTOBUF
                + ")", 0);
    }

    private static boolean isLater(int status) {
        return status == 429 || status == HttpURLConnection.HTTP_UNAVAILABLE;
    }

    private static DispatcherFailure problem(String url, int status, byte[] body) {
        DispatcherProblem problem = DispatcherProblem.getDefaultInstance();
        try {
            problem = DispatcherProblem.parseFrom(body);
        } catch (InvalidProtocolBufferException notOurs) {
            problem = problem.toBuilder().setDetail("no protobuf in the answer").build();
        }
        Kind kind = status == HttpURLConnection.HTTP_GONE
                ? Kind.GONE
                : isLater(status)
                        ? Kind.TRY_LATER
                        : status >= 500 || status < 400 ? Kind.UNREACHABLE : Kind.REFUSED;
        return new DispatcherFailure(kind, url + ": " + status + " " + problem.getCode() + ", " + problem.getDetail(),
                problem.getRetryAfterMs() & 0xFFFFFFFFL);
    }

    private static byte[] read(@Nullable InputStream in) throws IOException {
        if (in == null) {
            return new byte[0];
        }
        try (InputStream body = in) {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            byte[] buffer = new byte[4096];
            for (int n = body.read(buffer); n >= 0; n = body.read(buffer)) {
                all.write(buffer, 0, n);
                if (all.size() > ANSWER_MAX_BYTES) {
                    throw new IOException("answer: above " + ANSWER_MAX_BYTES + " bytes (expected: at most that)");
                }
            }
            return all.toByteArray();
        }
    }

    // Ids of the platform need no escaping; what does is none.
    private static boolean isPlain(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (!isPlain(text.charAt(i))) {
                return false;
            }
        }
        return !text.isEmpty();
    }

    private static boolean isPlain(int c) {
        return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z');
    }

    private static String escaped(String text) {
        StringBuilder escaped = new StringBuilder();
        for (byte one : text.getBytes(StandardCharsets.UTF_8)) {
            if (isPlain(one)) {
                escaped.append((char) one);
            } else {
                escaped.append('%').append(Character.forDigit(one >> 4 & 0xF, 16))
                        .append(Character.forDigit(one & 0xF, 16));
            }
        }
        return escaped.toString();
    }
}
