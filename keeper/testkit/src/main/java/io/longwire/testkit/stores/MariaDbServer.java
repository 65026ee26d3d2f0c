package io.longwire.testkit.stores;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A real MariaDB (or MySQL 8) on loopback. The program is what {@code LONGWIRE_MYSQLD} names, else {@code mariadbd} or
 * {@code mysqld} of PATH, else the bundled MariaDB 11.4. One account, {@code longwire}, with all rights; no root. Every
 * commit is flushed, so that what was committed survives {@link #kill} and a crash of the machine. Times are UTC.
 * Thread-safe; every method blocks until it is done.
 */
public final class MariaDbServer extends StoreServer {
    /** The account's name. */
    public static final String USER = "longwire";

    private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_]{0,63}");
    private static final Pattern PASSWORD = Pattern.compile("[A-Za-z0-9_-]{1,64}");

    /** How to start one. {@code arguments} come last on the command line ("--innodb-buffer-pool-size=1G") and win. */
    public record Options(Path directory, int port, String database, String password, boolean diesWithParent,
            List<String> arguments) {
        public Options {
            arguments = List.copyOf(arguments);
            checkName(database);
            if (!PASSWORD.matcher(password).matches()) {
                throw new StoreException("password: not shown (expected: 1-64 of A-Z a-z 0-9 _ -)");
            }
        }

        /** In this directory, on any free port, with one database "longwire", dying with this process. */
        public static Options in(Path directory, String password) {
            return new Options(directory, 0, "longwire", password, true, List.of());
        }

        /** On this port of 127.0.0.1; 0 takes a free one. */
        public Options port(int number) {
            return new Options(directory, number, database, password, diesWithParent, arguments);
        }

        /** The database that is there from the start. */
        public Options database(String name) {
            return new Options(directory, port, name, password, diesWithParent, arguments);
        }

        /** Whether the server is killed when this process dies without stopping it. */
        public Options diesWithParent(boolean on) {
            return new Options(directory, port, database, password, on, arguments);
        }

        /** More arguments for the program. */
        public Options arguments(String... more) {
            return new Options(directory, port, database, password, diesWithParent, List.of(more));
        }

        @Override
        public String toString() {
            return "Options[directory=" + directory + ", port=" + port + ", database=" + database + "]";
        }
    }

    private final Options options;

    private MariaDbServer(Options options, StoreLifecycle lifecycle) {
        super(lifecycle);
        this.options = options;
    }

    /**
     * Starts it with the data the directory holds; returns when it answers. Ends a server that a crash left running
     * there. The first start on a machine unpacks and initialises (some seconds), later ones take about 0.4 s.
     *
     * @throws StoreException the directory is in use, the port taken, or there is no program that runs here
     */
    public static MariaDbServer start(Options options) {
        return new MariaDbServer(options, StoreLifecycle.start(new Recipe(MariaDbInstall.find(), options),
                options.directory(), options.port(), options.diesWithParent()));
    }

    private static void checkName(String database) {
        if (!NAME.matcher(database).matches()) {
            throw new StoreException("database: " + database + " (expected: a letter, then letters, digits, _)");
        }
    }

    /** For {@code com.mysql.cj.jdbc.Driver}, with the database of the options; add parameters with {@code &}. */
    public String jdbcUrl() {
        return jdbcUrl(options.database());
    }

    /** The same with another database. */
    public String jdbcUrl(String database) {
        return "jdbc:mysql://" + host() + ":" + port() + "/" + database
                + "?sslMode=DISABLED&allowPublicKeyRetrieval=true";
    }

    /** The password of {@link #USER}. */
    public String password() {
        return options.password();
    }

    /** A connection of its own to the database of the options. */
    public Connection connect() throws SQLException {
        return DriverManager.getConnection(jdbcUrl(), USER, options.password());
    }

    /** Makes an empty database of that name, dropping one that is there. */
    public void recreateDatabase(String name) {
        checkName(name);
        try (var connection = connect(); var statement = connection.createStatement()) {
            statement.execute("DROP DATABASE IF EXISTS " + name);
            statement.execute("CREATE DATABASE " + name);
        } catch (SQLException failure) {
            throw new StoreException("database: " + name + " (expected: it can be made): " + failure, failure);
        }
    }

    private record Recipe(MariaDbInstall install, Options options) implements StoreLifecycle.Recipe {
        private static final int ANSWER_MILLIS = 500;
        private static final int GREETING_HEADER = 4;
        private static final int PROTOCOL = 10;

        @Override
        public String name() {
            return "mariadb";
        }

        @Override
        public void prepare(StoreDirectory directory) throws IOException {
            if (!Files.isDirectory(directory.data().resolve("mysql"))) {
                install.copyTemplate(directory.data());
            }
            Path init = init(directory);
            Files.deleteIfExists(init);
            Files.createFile(init, PosixFilePermissions
                    .asFileAttribute(Set.copyOf(PosixFilePermissions.fromString("rw-------"))));
            String account = "'" + USER + "'@'%'";
            String secret = " IDENTIFIED BY '" + options.password() + "';";
            Files.writeString(init, String.join("\n", "CREATE DATABASE IF NOT EXISTS " + options.database() + ";",
                    "CREATE USER IF NOT EXISTS " + account + secret, "ALTER USER " + account + secret,
                    "GRANT ALL PRIVILEGES ON *.* TO " + account + " WITH GRANT OPTION;",
                    "DROP USER IF EXISTS 'root'@'localhost';", ""));
        }

        /** Run by the server before it lets anybody in, at each start; so the password is always the given one. */
        private static Path init(StoreDirectory directory) {
            return directory.root().resolve("init.sql");
        }

        @Override
        public List<String> command(StoreDirectory directory, int port) {
            var words = install.program(directory.data());
            // The socket's path is short because it counts from the data directory: the kernel allows 107 characters.
            words.addAll(List.of("--init-file=" + init(directory), "--bind-address=127.0.0.1", "--port=" + port,
                    "--socket=mysqld.sock", "--pid-file=mysqld.pid", "--skip-name-resolve", "--performance-schema=OFF",
                    "--innodb-flush-log-at-trx-commit=1", "--innodb-log-file-size=64M",
                    "--innodb-buffer-pool-size=128M", "--innodb-buffer-pool-dump-at-shutdown=OFF",
                    "--innodb-buffer-pool-load-at-startup=OFF", "--max-connections=200",
                    "--max-allowed-packet=64M", "--character-set-server=utf8mb4", "--default-time-zone=+00:00"));
            // It would make a certificate at each start: 3 to 8 s of key generation for a loopback socket.
            words.add(install.mariaDb() ? "--skip-ssl" : "--mysqlx=OFF");
            words.addAll(options.arguments());
            return words;
        }

        /** The greeting comes only from a server that has run the init file and takes connections. */
        @Override
        public boolean ready(int port) {
            try (var socket = new Socket()) {
                socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), ANSWER_MILLIS);
                socket.setSoTimeout(ANSWER_MILLIS);
                byte[] greeting = socket.getInputStream().readNBytes(GREETING_HEADER + 1);
                return greeting.length == GREETING_HEADER + 1 && greeting[GREETING_HEADER] == PROTOCOL;
            } catch (IOException notYet) {
                return false;
            }
        }
    }
}
