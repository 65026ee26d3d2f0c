package io.longwire.keeper.server.console.user;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/**
 * Argon2id with 19 MiB, two passes, one lane (OWASP's second choice: about 30 ms of one core), in PHC form. Blocks
 * its caller for that time. Thread-safe.
 */
public final class PasswordHash {
    /** What a password is. */
    public static final String RULE = "12 to 256 characters";
    private static final int LEAST = 12;
    private static final int MOST = 256;
    private static final int MEMORY_KIB = 19_456;
    private static final int MOST_MEMORY_KIB = 1 << 20;
    private static final int PASSES = 2;
    private static final int SALT_BYTES = 16;
    private static final int HASH_BYTES = 32;
    private static final Pattern PHC = Pattern.compile(
            "\\$argon2id\\$v=19\\$m=(\\d{1,7}),t=(\\d{1,2}),p=(\\d)\\$([A-Za-z0-9+/]{11,86})\\$([A-Za-z0-9+/]{43})");
    private static final SecureRandom RANDOM = new SecureRandom();

    private PasswordHash() {
    }

    public static boolean isPassword(String password) {
        return password.length() >= LEAST && password.length() <= MOST;
    }

    /** A new hash with a salt of its own. */
    public static String of(String password) {
        byte[] salt = new byte[SALT_BYTES];
        RANDOM.nextBytes(salt);
        byte[] hash = hash(password, salt, MEMORY_KIB, PASSES, 1);
        var encoder = Base64.getEncoder().withoutPadding();
        return "$argon2id$v=19$m=" + MEMORY_KIB + ",t=" + PASSES + ",p=1$" + encoder.encodeToString(salt) + "$"
                + encoder.encodeToString(hash);
    }

    /** Whether it is the password; false also for a hash that is none. Takes the same time either way. */
    public static boolean matches(String password, String phc) {
        Matcher parts = PHC.matcher(phc);
        if (!parts.matches()) {
            return false;
        }
        int memory = Integer.parseInt(parts.group(1));
        int passes = Integer.parseInt(parts.group(2));
        int lanes = Integer.parseInt(parts.group(3));
        if (memory < 8 * lanes || memory > MOST_MEMORY_KIB || passes < 1 || lanes < 1) {
            return false;
        }
        var decoder = Base64.getDecoder();
        byte[] salt = decoder.decode(parts.group(4));
        byte[] wanted = decoder.decode(parts.group(5));
        return MessageDigest.isEqual(wanted, hash(password, salt, memory, passes, lanes));
    }

    private static byte[] hash(String password, byte[] salt, int memory, int passes, int lanes) {
        var argon2 = new Argon2BytesGenerator();
        argon2.init(new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
                .withVersion(Argon2Parameters.ARGON2_VERSION_13).withMemoryAsKB(memory).withIterations(passes)
                .withParallelism(lanes).withSalt(salt).build());
        byte[] text = password.getBytes(StandardCharsets.UTF_8);
        byte[] hash = new byte[HASH_BYTES];
        argon2.generateBytes(text, hash);
        Arrays.fill(text, (byte) 0);
        return hash;
    }
}
