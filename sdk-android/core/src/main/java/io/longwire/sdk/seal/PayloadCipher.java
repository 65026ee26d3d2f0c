package io.longwire.sdk.seal;

import java.security.GeneralSecurityException;

/**
 * Opens payloads that a product's backend has sealed for one endpoint of its app, so that nobody on their way can read
 * them, other apps of the phone least of all. Each app has a key of its own, made at its first start and kept among its
 * files. {@code longwire-sdk-tink} has one that stands on Tink. Implementations are stateless; any thread.
 */
public interface PayloadCipher {
    /** Makes a key. */
    Key generate() throws GeneralSecurityException;

    /**
     * The key that was kept.
     *
     * @throws GeneralSecurityException it is none, or of another cipher
     */
    Key read(byte[] kept) throws GeneralSecurityException;

    /** The key of one app. Immutable. */
    interface Key {
        /** What is kept of it on the phone; a secret of the app. */
        byte[] kept();

        /** What backends seal with, at most 64 bytes; told to the platform by the app itself, never through another. */
        byte[] payloadKey();

        /**
         * The payload.
         *
         * @param context what the sealed bytes must have been made for
         * @throws GeneralSecurityException sealed with another key or for something else, or changed on its way
         */
        byte[] open(byte[] sealed, byte[] context) throws GeneralSecurityException;
    }
}
