package io.longwire.saver.account;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** What is found by a secret is stored under its hash. */
final class Hashes {
    private Hashes() {
    }

    static byte[] sha256(byte[] secret) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(secret);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
