package io.longwire.keeper.service;

import java.util.Map;

/**
 * The keys of the deployment, from the secrets file (never from the configuration, never logged).
 *
 * @param credentialKeys HMAC keys by key id; rooms accept all of them
 * @param signingKeyId the one new credentials are signed with
 * @param endpointTagKey makes the tag in the text form of endpoint ids
 * @param adminKeyHash SHA-256 of the operator's API key
 */
public record Secrets(Map<Integer, byte[]> credentialKeys, int signingKeyId, byte[] endpointTagKey,
        byte[] adminKeyHash) {
    public Secrets {
        credentialKeys = Map.copyOf(credentialKeys);
    }

    @Override
    public String toString() {
        return "Secrets[" + credentialKeys.size() + " credential keys, signing with " + signingKeyId + "]";
    }
}
