package io.longwire.cli.platform;

import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.service.StartFailure;
import io.longwire.testkit.stores.MariaDbServer;
import io.longwire.testkit.stores.RedisServer;
import io.longwire.testkit.stores.ZooKeeperServer;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The real stores of a one-JVM platform; MariaDB and Redis are processes of their own.
 *
 * @param redis of the savers
 * @param events Redis of the coordinators
 */
public record PlatformStores(ZooKeeperServer zookeeper, RedisServer redis, RedisServer events, MariaDbServer mariadb) {
    /** Starts all of them at once and tells how long each took; each is owned as soon as it runs. */
    static PlatformStores start(PlatformFiles files, PlatformOptions options, Consumer<AutoCloseable> owner,
            Consumer<String> progress) {
        String password = files.kept("mysql-password", PlatformFiles::randomPassword);
        boolean dies = !options.testing().storesSurvive();
        var mariadb = starting("mariadb", progress, owner, () -> MariaDbServer.start(
                MariaDbServer.Options.in(files.folder("mysql"), password).diesWithParent(dies)));
        var redis = starting("redis", progress, owner, () -> RedisServer.start(
                RedisServer.Options.in(files.folder("redis")).appendOnly(true).diesWithParent(dies)));
        var events = starting("events", progress, owner, () -> RedisServer.start(
                RedisServer.Options.in(files.folder("events")).appendOnly(true).diesWithParent(dies)));
        var zookeeper = starting("zookeeper", progress, owner,
                () -> ZooKeeperServer.start(ZooKeeperServer.Options.in(files.folder("zookeeper"))));
        try {
            // all have ended, well or not, before one throws
            CompletableFuture.allOf(zookeeper, redis, events, mariadb).join();
        } catch (CompletionException failed) {
            Throwable cause = failed.getCause() == null ? failed : failed.getCause();
            throw new StartFailure(String.valueOf(cause.getMessage()), cause);
        }
        return new PlatformStores(zookeeper.join(), redis.join(), events.join(), mariadb.join());
    }

    private static <S extends AutoCloseable> CompletableFuture<S> starting(String name, Consumer<String> progress,
            Consumer<AutoCloseable> owner, Supplier<S> start) {
        return CompletableFuture.supplyAsync(() -> {
            long began = Clock.system().millis();
            S started = start.get();
            owner.accept(started);
            progress.accept(String.format(Locale.ROOT, "%-10s up in %.1f s", name,
                    (Clock.system().millis() - began) / 1000.0));
            return started;
        }, task -> Thread.ofVirtual().name(name).start(task));
    }
}
