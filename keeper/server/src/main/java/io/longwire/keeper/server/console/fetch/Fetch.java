package io.longwire.keeper.server.console.fetch;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * One HTTP call, answered as a whole. The JDK's own time-out of a request ends with the headers of its answer
 * (JDK-8208693); this one holds for the body, too, whose size is limited. Thread-safe.
 */
public final class Fetch {
    private Fetch() {
    }

    /**
     * Blocks for the patience at most; the call is broken off then. Throws what connecting throws, HttpTimeoutException
     * after the patience, IOException for an answer that is too large.
     */
    public static HttpResponse<byte[]> whole(HttpClient http, HttpRequest request, Duration patience, int mostBytes)
            throws IOException, InterruptedException {
        CompletableFuture<HttpResponse<byte[]>> answer = http.sendAsync(request,
                BodyHandlers.limiting(BodyHandlers.ofByteArray(), mostBytes));
        try {
            return answer.get(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException late) {
            throw new HttpTimeoutException("no whole answer within " + patience.toMillis() + " ms");
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof IOException broken ? broken : new IOException(failed.getCause());
        } finally {
            answer.cancel(true); // nothing, if it is there
        }
    }
}
