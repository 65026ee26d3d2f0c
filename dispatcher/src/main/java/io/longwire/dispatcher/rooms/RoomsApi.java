package io.longwire.dispatcher.rooms;

import io.longwire.device.dispatcher.RetryPolicy;
import io.longwire.device.dispatcher.RoomAddress;
import io.longwire.device.dispatcher.Rooms;
import io.longwire.dispatcher.DispatcherConfig;
import io.longwire.dispatcher.DispatcherMetric;
import io.longwire.dispatcher.http.BadRequest;
import io.longwire.dispatcher.http.HttpApi;
import io.longwire.dispatcher.http.Reply;
import io.longwire.dispatcher.http.Request;
import io.longwire.dispatcher.rooms.RoomDirectory.Candidate;
import io.longwire.keeper.cluster.Rendezvous;
import io.longwire.keeper.config.Live;
import io.longwire.keeper.service.Service;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * GET /v1/rooms: addresses and the retry policy for one phone, from memory. Parameters: {@code endpoint} (text, for
 * stickiness), {@code attempt} (0, grows when none of the last list answered), {@code tls} (only TLS listeners when
 * true). Thread-safe.
 */
public final class RoomsApi implements HttpApi {
    private static final RetryPolicy RETRY = RetryPolicy.newBuilder().setFirstWindowMs(15_000).setBaseMs(1000)
            .setCapMs(60_000).setAskAgainMs(60_000).build();

    private final RoomDirectory directory;
    private final Live<Regions> regions;
    private final Live<DispatcherConfig> config;
    private final Service service;

    public RoomsApi(RoomDirectory directory, Live<Regions> regions, Live<DispatcherConfig> config, Service service) {
        this.directory = directory;
        this.regions = regions;
        this.config = config;
        this.service = service;
    }

    @Override
    public CompletableFuture<Reply> answer(Request request) {
        int attempt = attempt(request.parameter("attempt", "0"));
        boolean tlsOnly = flag(request.parameter("tls", "false"));
        List<Candidate> candidates = directory.candidates();
        if (tlsOnly) {
            candidates = candidates.stream().filter(Candidate::tls).toList();
        }
        if (candidates.isEmpty()) {
            return CompletableFuture.completedFuture(Reply.refused(request, 503, "no_rooms",
                    "rooms: none (expected: at least one; try again)", 3000));
        }
        String phone = request.parameter("endpoint", request.caller().getHostAddress());
        var rooms = Rooms.newBuilder().setTtlS((int) config.get().listLife().toSeconds()).setRetry(RETRY)
                .setServerTimeMs(service.clock().wallMillis());
        for (Candidate room : RoomChoice.choose(candidates, Rendezvous.score(phone, 0),
                regions.get().idcsFor(request.caller()), attempt, config.get().rooms())) {
            rooms.addRooms(RoomAddress.newBuilder().setHost(room.host()).setPort(room.port()).setTls(room.tls())
                    .setIdc(room.idc()));
        }
        service.metrics().counter(DispatcherMetric.ROOM_LISTS).increment();
        return CompletableFuture.completedFuture(Reply.ok(request, rooms.build()));
    }

    private static int attempt(String text) {
        try {
            int attempt = Integer.parseInt(text);
            if (attempt >= 0) {
                return attempt;
            }
        } catch (NumberFormatException bad) {
            throw new BadRequest("attempt", text, "a whole number from 0");
        }
        throw new BadRequest("attempt", text, "a whole number from 0");
    }

    private static boolean flag(String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new BadRequest("tls", text, "true or false");
        };
    }
}
