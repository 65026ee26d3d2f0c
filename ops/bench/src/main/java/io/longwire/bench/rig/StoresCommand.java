package io.longwire.bench.rig;

import io.longwire.testkit.stores.MariaDbServer;
import io.longwire.testkit.stores.RedisServer;
import io.longwire.testkit.stores.ZooKeeperServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** ZooKeeper in this process and, if asked, Redis and MariaDB beside it, until standard input ends. */
@Command(name = "stores", hidden = true, description = "The stores of a bench, until standard input ends.")
public final class StoresCommand implements Runnable {
    /** What a ledger of some size is run with; the parts' tests and the demo make do with an eighth. */
    private static final String[] MARIADB = {"--innodb-buffer-pool-size=2G", "--innodb-log-file-size=1G",
            "--innodb-flush-log-at-trx-commit=1"};

    /** Inboxes empty as fast as they fill, so at the default of 64 MB the file would be rewritten every 10 s. */
    private static final String REDIS_REWRITE = "2gb";

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--data", required = true)
    private Path data = Path.of("longwire-bench");

    @Option(names = "--password", description = "Of MariaDB; with it, Redis and MariaDB are started too.")
    private String password = "";

    @Override
    public void run() {
        PrintWriter out = spec.commandLine().getOut();
        try (var zookeeper = ZooKeeperServer.start(ZooKeeperServer.Options.in(data.resolve("zookeeper")))) {
            if (password.isEmpty()) {
                out.printf(Locale.ROOT, "{\"zookeeper\":\"%s\"}%n", zookeeper.connectString());
                waitForEnd();
                return;
            }
            try (var redis = RedisServer.start(RedisServer.Options.in(data.resolve("redis")).appendOnly(true)
                    .config("auto-aof-rewrite-min-size", REDIS_REWRITE).diesWithParent(true));
                    var mariadb = MariaDbServer.start(MariaDbServer.Options.in(data.resolve("mysql"), password)
                            .diesWithParent(true).arguments(MARIADB))) {
                out.printf(Locale.ROOT, "{\"zookeeper\":\"%s\",\"redis\":\"%s:%d\",\"mysql\":\"%s\"}%n",
                        zookeeper.connectString(), redis.host(), redis.port(), mariadb.jdbcUrl());
                waitForEnd();
            }
        }
    }

    private static void waitForEnd() {
        var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        try {
            for (String line = in.readLine(); line != null && !line.equals("quit");) {
                line = in.readLine();
            }
        } catch (IOException inputBroke) {
            throw new UncheckedIOException(inputBroke);
        }
    }
}
