package io.longwire.dispatcher;

import io.longwire.dispatcher.endpoints.EndpointsApi;
import io.longwire.dispatcher.endpoints.RegistrationLimits;
import io.longwire.dispatcher.http.HttpApi;
import io.longwire.dispatcher.http.HttpListener;
import io.longwire.dispatcher.http.Reply;
import io.longwire.dispatcher.rooms.Regions;
import io.longwire.dispatcher.rooms.RoomDirectory;
import io.longwire.dispatcher.rooms.RoomsApi;
import io.longwire.dispatcher.shares.ShareLists;
import io.longwire.dispatcher.shares.ShareListsApi;
import io.longwire.keeper.config.Live;
import io.longwire.keeper.metrics.Vitals;
import io.longwire.keeper.service.Service;
import io.longwire.saver.client.BanClient;
import io.longwire.saver.client.BanFeed;
import io.longwire.saver.client.SaverClient;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** The dispatcher: endpoints and room lists for phones. */
public final class DispatcherMain {
    private static final long BANNED_RETRY_MILLIS = 600_000;

    private DispatcherMain() {
    }

    public static void main(String[] args) {
        Service.run("dispatcher", args, DispatcherConfig::read, DispatcherMain::wire);
    }

    /** Puts the dispatcher together. */
    public static void wire(Service service, DispatcherConfig config) {
        var saver = service.own(new SaverClient(service.rpc(), service.cluster()));
        var directory = service.own(new RoomDirectory(service.cluster(), service.metrics()));
        Live<DispatcherConfig> live = service.live((DispatcherConfig now) -> now);
        var rooms = new RoomsApi(directory, service.live((DispatcherConfig now) -> Regions.of(now.regions())), live,
                service);
        var limits = new RegistrationLimits(() -> live.get().registrationsPerMinute(), service.clock());
        var endpoints = new EndpointsApi(saver::app, saver::registerEndpoint, limits, live, service);
        var shares = new ShareListsApi(service.live((DispatcherConfig now) -> ShareLists.of(now.shareLists())),
                new RegistrationLimits(() -> live.get().registrationsPerMinute(), service.clock()), service);
        var bans = service.own(new BanFeed(new BanClient(service.rpc())::changes, service.clock(), banned -> {
        }));
        service.onReady(bans::start);
        var http = service.own(HttpListener.bind(config.bind(), config.port(), config.threads(),
                routes(endpoints, rooms, shares, bans), service.clock(), service.metrics()));
        service.cluster().publish(Map.of("http", config.bind() + ":" + http.port()));
        service.health("rooms", directory::health);
        service.vitals(vitals());
    }

    // What callers do wrong is not dispatcher's setting; how many may call, and who shares with whom, is.
    private static Vitals vitals() {
        return Vitals.RUNTIME.work(DispatcherMetric.REQUESTS)
                .failures(DispatcherMetric.REFUSED, "bad_request", "blocked", "endpoint_gone", "not_found",
                        "unknown_app")
                .failures(DispatcherMetric.CONNECTION_ERRORS).time(DispatcherMetric.REQUEST_TIME);
    }

    // A room would close the door to a banned network anyway; here it costs less, and the phone is told.
    private static HttpApi routes(EndpointsApi endpoints, RoomsApi rooms, ShareListsApi shares, BanFeed bans) {
        return request -> bans.network(request.caller().getAddress())
                ? CompletableFuture.completedFuture(Reply.refused(request, 403, "blocked", "address: "
                        + request.caller().getHostAddress() + " (expected: one of a network that is not banned)",
                        BANNED_RETRY_MILLIS))
                : switch (request.method() + " " + request.path()) {
                    case "POST /v1/endpoints" -> endpoints.answer(request);
                    case "GET /v1/rooms" -> rooms.answer(request);
                    case String other when other.startsWith("GET " + ShareListsApi.PATH) -> shares.answer(request);
                    default -> CompletableFuture.completedFuture(Reply.refused(request, 404, "not_found",
                            "path: " + request.path()
                                    + " (expected: POST /v1/endpoints, GET /v1/rooms or GET /v1/share-lists/GROUP)",
                            0));
                };
    }
}
