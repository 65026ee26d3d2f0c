package io.longwire.bench.endpoint;

import io.longwire.device.credential.Claims;
import io.longwire.device.credential.CredentialKeys;
import io.longwire.device.credential.Credentials;
import io.longwire.device.id.EndpointId;
import io.longwire.keeper.service.Secrets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Makes endpoints with the deployment's own keys, as fast as it can sign. A room takes them like any other; a saver
 * does not know them, so a DURABLE message to one is refused: good for figures of rooms and registers alone.
 */
public final class EndpointMint {
    private static final long LIFE_SECONDS = 30L * 24 * 3600;

    private final CredentialKeys keys;
    private final EndpointId texts;

    public EndpointMint(Secrets secrets) {
        this.keys = CredentialKeys.of(secrets.signingKeyId(), secrets.credentialKeys());
        this.texts = new EndpointId(secrets.endpointTagKey());
    }

    /**
     * So many endpoints of an app, the same for the same seed.
     *
     * @param now unix seconds
     */
    public List<BenchEndpoint> mint(int appId, int count, long seed, long now) {
        return mint(appId, count, 1, seed, now);
    }

    /**
     * The same of a fleet that is {@code ordStep} times larger: as far apart are their numbers.
     *
     * @param now unix seconds
     */
    public List<BenchEndpoint> mint(int appId, int count, int ordStep, long seed, long now) {
        var random = new SplittableRandom(seed);
        var made = new ArrayList<BenchEndpoint>(count);
        for (int i = 0; i < count; i++) {
            long id = random.nextLong() | 1L << 62;
            var claims = new Claims(keys.current(), appId, id, i * ordStep, now - 60, now + LIFE_SECONDS);
            made.add(new BenchEndpoint(texts.text(appId, id), id, appId, Credentials.issue(keys, claims)));
        }
        return made;
    }
}
