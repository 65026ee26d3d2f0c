package io.longwire.sdk.tink;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.NamedParameterSpec;
import java.security.spec.XECPrivateKeySpec;
import java.security.spec.XECPublicKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.Cipher;
import javax.crypto.KeyAgreement;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * RFC 9180 read off the page over what the JDK has, for one suite and base mode: the second opinion on what Tink seals
 * and opens. Its own proof are the RFC's vectors.
 */
final class Rfc9180 {
    private static final byte[] NOTHING = {};
    private static final byte[] KEM = bytes("4b454d0020"); // "KEM", DHKEM(X25519, HKDF-SHA256)
    private static final byte[] HPKE = bytes("48504b45002000010001"); // "HPKE", that KEM, HKDF-SHA256, AES-128-GCM
    private static final byte[] VERSION = "HPKE-v1".getBytes(StandardCharsets.US_ASCII);

    private final byte[] key;
    private final byte[] nonce;

    private Rfc9180(byte[] secret, byte[] info) throws GeneralSecurityException {
        byte[] context = join(new byte[1], extract(NOTHING, HPKE, "psk_id_hash", NOTHING),
                extract(NOTHING, HPKE, "info_hash", info));
        byte[] prk = extract(secret, HPKE, "secret", NOTHING);
        key = expand(prk, HPKE, "key", context, 16);
        nonce = expand(prk, HPKE, "base_nonce", context, 12);
    }

    /** The sender's side, with this ephemeral key. */
    static Rfc9180 sender(byte[] ephemeral, byte[] ephemeralPublic, byte[] receiver, byte[] info)
            throws GeneralSecurityException {
        return new Rfc9180(secret(dh(ephemeral, receiver), ephemeralPublic, receiver), info);
    }

    /** The receiver's side. */
    static Rfc9180 receiver(byte[] encapsulated, byte[] receiver, byte[] receiverPublic, byte[] info)
            throws GeneralSecurityException {
        return new Rfc9180(secret(dh(receiver, encapsulated), encapsulated, receiverPublic), info);
    }

    byte[] key() {
        return key.clone();
    }

    byte[] nonce() {
        return nonce.clone();
    }

    /** The first message of the context. */
    byte[] seal(byte[] plain, byte[] aad) throws GeneralSecurityException {
        return run(Cipher.ENCRYPT_MODE, plain, aad);
    }

    byte[] open(byte[] sealed, byte[] aad) throws GeneralSecurityException {
        return run(Cipher.DECRYPT_MODE, sealed, aad);
    }

    private byte[] run(int mode, byte[] input, byte[] aad) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(128, nonce));
        cipher.updateAAD(aad);
        return cipher.doFinal(input);
    }

    private static byte[] secret(byte[] dh, byte[] encapsulated, byte[] receiver) throws GeneralSecurityException {
        byte[] prk = extract(NOTHING, KEM, "eae_prk", dh);
        return expand(prk, KEM, "shared_secret", join(encapsulated, receiver), 32);
    }

    private static byte[] dh(byte[] own, byte[] other) throws GeneralSecurityException {
        KeyFactory keys = KeyFactory.getInstance("X25519");
        PrivateKey secret = keys.generatePrivate(new XECPrivateKeySpec(NamedParameterSpec.X25519, own));
        byte[] bigEndian = new byte[other.length];
        for (int i = 0; i < other.length; i++) {
            bigEndian[i] = other[other.length - 1 - i];
        }
        KeyAgreement agreement = KeyAgreement.getInstance("X25519");
        agreement.init(secret);
        agreement.doPhase(keys.generatePublic(
                new XECPublicKeySpec(NamedParameterSpec.X25519, new BigInteger(1, bigEndian))), true);
        return agreement.generateSecret();
    }

    private static byte[] extract(byte[] salt, byte[] suite, String label, byte[] input)
            throws GeneralSecurityException {
        return hmac(salt.length == 0 ? new byte[32] : salt,
                join(VERSION, suite, label.getBytes(StandardCharsets.US_ASCII), input));
    }

    private static byte[] expand(byte[] prk, byte[] suite, String label, byte[] info, int length)
            throws GeneralSecurityException {
        byte[] labelled = join(new byte[]{0, (byte) length}, VERSION, suite, label.getBytes(StandardCharsets.US_ASCII),
                info);
        return Arrays.copyOf(hmac(prk, join(labelled, new byte[]{1})), length); // one block is enough for 32 bytes
    }

    private static byte[] hmac(byte[] secret, byte[] input) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(secret, "HmacSHA256"));
        return mac.doFinal(input);
    }

    static byte[] join(byte[]... parts) {
        int length = 0;
        for (byte[] part : parts) {
            length += part.length;
        }
        byte[] all = new byte[length];
        int at = 0;
        for (byte[] part : parts) {
            System.arraycopy(part, 0, all, at, part.length);
            at += part.length;
        }
        return all;
    }

    static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex);
    }
}
