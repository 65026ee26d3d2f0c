package io.longwire.keeper.service;

import java.util.Map;

/**
 * The keys of the deployment, from the secrets file (never from the configuration, never logged).
 *
 * @param credentialKeys HMAC keys by key id; rooms accept all of them
 * @param signingKeyId the one new credentials are signed with
 * @param endpointTagKey makes the tag in the text form of endpoint ids
 * @param adminKeyHash SHA-256 of the operator's API key
 * @param ticketKey what all rooms draw the keys of their TLS session tickets from; empty = each room has its own
 */
public record Secrets(Map<Integer, byte[]> credentialKeys, int signingKeyId, byte[] endpointTagKey,
        byte[] adminKeyHash, byte[] ticketKey) {
    public Secrets {
        credentialKeys = Map.copyOf(credentialKeys);
    }

    /** Without a ticket key. */
    public Secrets(Map<Integer, byte[]> credentialKeys, int signingKeyId, byte[] endpointTagKey,
            byte[] adminKeyHash) {
        this(credentialKeys, signingKeyId, endpointTagKey, adminKeyHash, new byte[0]);
    }

    @Override
    public String toString() {
        return "Secrets[" + credentialKeys.size() + " credential keys, signing with " + signingKeyId + "]";
    }
}
