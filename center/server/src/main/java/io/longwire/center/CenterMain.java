package io.longwire.center;

import io.longwire.center.access.ApiKeys;
import io.longwire.center.access.Apps;
import io.longwire.center.access.Quotas;
import io.longwire.center.api.Callers;
import io.longwire.center.api.Calls;
import io.longwire.center.api.Unbuilt;
import io.longwire.center.face.ApiServer;
import io.longwire.center.mint.MessageIds;
import io.longwire.center.products.ProductCalls;
import io.longwire.center.products.Products;
import io.longwire.center.send.Router;
import io.longwire.center.send.Rules;
import io.longwire.center.send.SendCalls;
import io.longwire.center.send.Sender;
import io.longwire.center.status.Endpoints;
import io.longwire.center.status.Presence;
import io.longwire.center.status.StatusCalls;
import io.longwire.center.status.Timelines;
import io.longwire.device.id.EndpointId;
import io.longwire.keeper.service.Service;
import io.longwire.register.client.RegisterClient;
import io.longwire.room.client.RoomClient;
import io.longwire.saver.client.SaverClient;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The process: {@code longwire run center --config FILE}. */
public final class CenterMain {
    private CenterMain() {
    }

    public static void main(String[] args) {
        Service.run("center", args, CenterConfig::read, CenterMain::wire);
    }

    /** Puts center together; the same for the process, the one-JVM platform and the tests. */
    public static void wire(Service service, CenterConfig config) {
        var register = service.own(
                new RegisterClient(service.rpc(), service.cluster(), service.clock(), service.metrics()));
        var saver = service.own(new SaverClient(service.rpc(), service.cluster()));
        var rooms = service.own(new RoomClient(service.rpc(), service.cluster()));
        var parts = new Neighbours(register, saver, rooms);
        var server = service.own(ApiServer.start(config, calls(service, config, parts), service.clock(),
                service.metrics()));
        var host = service.config().advertise();
        service.cluster().publish(Map.of("api", host + ":" + server.port()));
        service.health("minting", () -> service.cluster().fenced()
                ? Optional.of("cut off from ZooKeeper: no message is accepted")
                : Optional.empty());
    }

    /** Everything between the port and the other parts. */
    static Calls calls(Service service, CenterConfig config, Parts parts) {
        var clock = service.clock();
        var metrics = service.metrics();
        var secrets = service.secrets();
        var tools = new Sender.Tools(clock, service.halts(), metrics);
        var rules = new Rules(new EndpointId(secrets.get().endpointTagKey()));
        var router = new Router(parts, parts, config.maxRouting(), tools);
        var sender = new Sender(rules, new MessageIds(clock, service.cluster()), parts, router, config.maxInFlight(),
                tools);
        var presence = new Presence(parts, service.cluster());
        var apps = new Apps(parts, config.cacheTtl(), clock);
        var callers = new Callers(
                new ApiKeys(parts, () -> secrets.get().adminKeyHash(), config.cacheTtl(), clock, metrics), apps);
        var quotas = new Quotas(() -> service.cluster().members("center").list().size(), clock);
        return Calls.of(ApiServer.SERVICE, List.of(new SendCalls(callers, quotas, sender, metrics),
                new StatusCalls(callers, new Timelines(rules, parts, presence, clock),
                        new Endpoints(rules, parts, presence, parts)),
                new ProductCalls(callers, new Products(parts, apps, clock, config.defaultSendsPerSecond())),
                new Unbuilt(ApiServer.SERVICE)));
    }
}
