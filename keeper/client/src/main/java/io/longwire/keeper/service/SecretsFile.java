package io.longwire.keeper.service;

import io.longwire.keeper.config.ConfigException;
import io.longwire.keeper.config.ConfigNode;
import io.longwire.keeper.config.YamlFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;

/**
 * The secrets file: YAML with {@code signingKey} (a key id), {@code credentialKeys} (base64 by key id),
 * {@code endpointTagKey} (base64), {@code adminKeyHash} (SHA-256 of the operator's key, hex) and, since files of before
 * have none, optionally {@code ticketKey} (base64).
 */
public final class SecretsFile {
    private static final int KEY_BYTES = 32;
    private static final int MAX_KEYS = 16;
    private static final String RULE = "base64 of at least " + KEY_BYTES + " bytes";

    private SecretsFile() {
    }

    /** Throws ConfigException, which never shows a key. */
    public static Secrets read(Path file) {
        ConfigNode root = YamlFile.read(file).root();
        int signing = root.integer("signingKey", 1, 1, 255);
        Map<Integer, byte[]> keys = root.node("credentialKeys", node -> keys(node));
        byte[] tag = key(root, "endpointTagKey");
        byte[] admin = hash(root);
        byte[] ticket = root.has("ticketKey") ? key(root, "ticketKey") : new byte[0];
        root.finish();
        if (!keys.containsKey(signing)) {
            throw root.wrong("signingKey", signing, "one of the ids in credentialKeys");
        }
        return new Secrets(keys, signing, tag, admin, ticket);
    }

    /**
     * Makes a new file with random keys, readable by its owner alone, and returns the operator's key, which stands
     * nowhere else. Throws FileAlreadyExistsException rather than replace one.
     */
    public static String create(Path file) throws IOException {
        var random = new SecureRandom();
        String adminKey = "lwadmin_" + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes(random));
        var encoder = Base64.getEncoder();
        String text = "# Keys of this deployment. Whoever reads this file can issue credentials.\n"
                + "signingKey: 1\n"
                + "credentialKeys:\n"
                + "  1: \"" + encoder.encodeToString(bytes(random)) + "\"\n"
                + "endpointTagKey: \"" + encoder.encodeToString(bytes(random)) + "\"\n"
                + "ticketKey: \"" + encoder.encodeToString(bytes(random)) + "\"\n"
                + "adminKeyHash: \"" + HexFormat.of().formatHex(sha256(adminKey)) + "\"\n";
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(file, text, StandardOpenOption.TRUNCATE_EXISTING);
        return adminKey;
    }

    /** What {@code adminKeyHash} is compared with. */
    public static byte[] sha256(String key) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }

    private static Map<Integer, byte[]> keys(ConfigNode node) {
        var keys = new HashMap<Integer, byte[]>();
        for (int id = 1; id <= 255; id++) {
            String name = Integer.toString(id);
            if (node.has(name)) {
                keys.put(id, key(node, name));
            }
        }
        if (keys.isEmpty() || keys.size() > MAX_KEYS) {
            throw new ConfigException("credentialKeys: " + keys.size() + " keys (expected: 1 to " + MAX_KEYS
                    + " with ids from 1 to 255)");
        }
        return keys;
    }

    private static byte[] key(ConfigNode node, String name) {
        try {
            byte[] key = Base64.getDecoder().decode(node.text(name));
            if (key.length >= KEY_BYTES) {
                return key;
            }
        } catch (IllegalArgumentException notBase64) {
            throw node.wrong(name, "***", RULE);
        }
        throw node.wrong(name, "***", RULE);
    }

    private static byte[] hash(ConfigNode root) {
        try {
            byte[] hash = HexFormat.of().parseHex(root.text("adminKeyHash"));
            if (hash.length == KEY_BYTES) {
                return hash;
            }
        } catch (IllegalArgumentException notHex) {
            throw root.wrong("adminKeyHash", "***", "64 hexadecimal digits");
        }
        throw root.wrong("adminKeyHash", "***", "64 hexadecimal digits");
    }

    private static byte[] bytes(SecureRandom random) {
        byte[] bytes = new byte[KEY_BYTES];
        random.nextBytes(bytes);
        return bytes;
    }
}
