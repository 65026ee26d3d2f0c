package io.longwire.dispatcher.http;

import java.util.concurrent.CompletableFuture;

/** What answers requests. Called on a Netty loop: never blocks. A thrown {@link BadRequest} becomes a 400. */
@FunctionalInterface
public interface HttpApi {
    CompletableFuture<Reply> answer(Request request);
}
