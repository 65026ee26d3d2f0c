package io.longwire.keeper.server.console;

import io.longwire.keeper.server.console.center.AdminKey;
import io.longwire.keeper.server.console.center.CenterDoor;
import io.longwire.keeper.server.console.center.CenterRoutes;
import io.longwire.keeper.server.console.cluster.ClusterPages;
import io.longwire.keeper.server.console.cluster.Lookout;
import io.longwire.keeper.server.console.login.LoginPages;
import io.longwire.keeper.server.console.login.UserPages;
import io.longwire.keeper.server.console.metric.ConsoleMetric;
import io.longwire.keeper.server.console.operate.KeeperRoutes;
import io.longwire.keeper.server.console.operate.Keepers;
import io.longwire.keeper.server.console.operate.ProfilePages;
import io.longwire.keeper.server.console.session.SessionWatch;
import io.longwire.keeper.server.console.session.Sessions;
import io.longwire.keeper.server.console.trail.Trail;
import io.longwire.keeper.server.console.user.StoreAway;
import io.longwire.keeper.server.console.user.Users;
import io.longwire.keeper.server.console.web.Assets;
import io.longwire.keeper.server.console.web.Callers;
import io.longwire.keeper.server.console.web.Guard;
import io.longwire.keeper.server.console.web.LiveTls;
import io.longwire.keeper.server.console.web.Route;
import io.longwire.keeper.server.console.web.WebServer;
import io.longwire.keeper.service.Service;
import io.longwire.keeper.service.StartFailure;
import io.longwire.keeper.tls.TlsFiles;
import io.longwire.saver.client.SaverClient;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import javax.net.ssl.SSLContext;
import org.apache.curator.framework.CuratorFramework;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The console: pages for operators, on a port of its own. */
public final class Console {
    /** What a keeper publishes of its console: "http://host:port". */
    public static final String ATTRIBUTE = "console";
    private static final Logger LOG = LoggerFactory.getLogger(Console.class);
    private static final Duration SWEEP = Duration.ofMinutes(1);

    private Console() {
    }

    /**
     * Puts it together within a keeper; nothing if it is not enabled.
     *
     * @param leading whether this keeper does what one of them does
     */
    public static void wire(Service service, ConsoleConfig config, CuratorFramework zookeeper,
            BooleanSupplier leading) throws IOException {
        if (!config.enabled()) {
            return;
        }
        var clock = service.clock();
        var users = new Users(zookeeper);
        var sessions = new Sessions(zookeeper, users, config.session(), clock);
        var watch = new SessionWatch(sessions, clock);
        service.own(watch.follow(zookeeper));
        var guard = new Guard(sessions, watch, clock);
        var server = service.own(server(service, config, guard, routes(service, config, users, sessions, guard)));
        service.own(clock.every(SWEEP, () -> {
            if (leading.getAsBoolean()) {
                Thread.ofVirtual().name("console-sweep").start(() -> sweep(sessions));
            }
        })::cancel);
        service.cluster().publish(Map.of(ATTRIBUTE, (config.tls() ? "https" : "http") + "://"
                + service.config().advertise() + ":" + server.port()));
    }

    /** Everything that can be asked for, each with the least role that may. */
    static List<Route> routes(Service service, ConsoleConfig config, Users users, Sessions sessions, Guard guard) {
        var clock = service.clock();
        var metrics = service.metrics();
        var cluster = service.cluster();
        var saver = service.own(new SaverClient(service.rpc(), cluster));
        var trail = new Trail(saver::audit, metrics);
        var key = new AdminKey(config.adminKeyFile());
        var door = service.own(new CenterDoor(cluster, key, metrics));
        var lookout = service.own(new Lookout(cluster, clock, metrics));
        var keepers = new Keepers(service.rpc(), key);
        var login = new LoginPages.Settings(config.session(), config.tls() || config.secureCookie());
        var routes = new ArrayList<Route>();
        routes.addAll(new LoginPages(users, sessions, guard, trail, login, clock, metrics).routes());
        routes.addAll(new UserPages(users, trail, clock).routes());
        routes.addAll(new ClusterPages(lookout, cluster, service.rpc(), trail).routes());
        routes.addAll(new CenterRoutes(door).routes());
        routes.addAll(new KeeperRoutes(keepers, trail).routes());
        routes.addAll(new ProfilePages(keepers, trail).routes());
        routes.add(Assets.route());
        return List.copyOf(routes);
    }

    private static WebServer server(Service service, ConsoleConfig config, Guard guard, List<Route> routes)
            throws IOException {
        var listening = new WebServer.Listening(new InetSocketAddress(config.bind(), config.port()),
                tls(service, config), Callers.behind(config.balancers()));
        try {
            return new WebServer(listening, guard, routes, service.clock(), service.metrics());
        } catch (IOException taken) {
            throw new StartFailure("keeper: console.port: cannot listen on " + config.bind() + ":" + config.port()
                    + " (expected: a free port on an address of this machine): " + taken.getMessage(), taken);
        }
    }

    private static @Nullable SSLContext tls(Service service, ConsoleConfig config) {
        if (!config.tls()) {
            service.metrics().gauge(ConsoleMetric.CERTIFICATE_DAYS, () -> TlsFiles.NEVER_DAYS);
            return null;
        }
        try {
            return service.own(new LiveTls(Path.of(config.certificate()), Path.of(config.key()), service.clock(),
                    service.metrics())).context();
        } catch (IOException wrong) {
            throw new StartFailure("keeper: console.certificate: " + config.certificate() + ", console.key: "
                    + config.key() + " (expected: PEM files that fit together): " + wrong.getMessage(), wrong);
        }
    }

    private static void sweep(Sessions sessions) {
        try {
            sessions.sweep();
        } catch (StoreAway away) {
            LOG.debug("sessions are swept later", away);
        }
    }
}
