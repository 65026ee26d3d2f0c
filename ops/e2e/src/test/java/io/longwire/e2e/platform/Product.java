package io.longwire.e2e.platform;

import io.longwire.cli.ClientFile;
import io.longwire.cli.api.CenterApi;

/**
 * A product on a platform: where its backend and its phones call, and with which keys.
 *
 * @param api center's "http://host:port"
 * @param caFile PEM of what signs the rooms' certificates; empty = no TLS
 */
public record Product(String api, String dispatcher, String adminKey, int appId, String appKey, String apiKey,
        String caFile) {

    /** The app that every {@code longwire up} makes. */
    public static Product demo(ClientFile client) {
        return new Product(client.api(), client.dispatcher(), client.adminKey(), appId(client.appKey()),
                client.appKey(), client.apiKey(), client.caFile());
    }

    /** Another app of the same platform. */
    public Product another(String name) {
        try (var operator = new CenterApi(api, adminKey)) {
            var app = operator.createApp(name);
            return new Product(api, dispatcher, adminKey, app.appId(), app.appKey(),
                    operator.createKey(app.appId(), name), caFile);
        }
    }

    /** Its phones ask this dispatcher instead. */
    public Product through(String otherDispatcher) {
        return new Product(api, otherDispatcher, adminKey, appId, appKey, apiKey, caFile);
    }

    /** Center, called as this product's backend. The caller closes it. */
    public CenterApi backend() {
        return new CenterApi(api, apiKey);
    }

    private static int appId(String appKey) {
        return Integer.parseUnsignedInt(appKey.split("_", -1)[1]);
    }
}
