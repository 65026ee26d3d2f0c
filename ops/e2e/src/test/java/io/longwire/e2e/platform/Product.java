package io.longwire.e2e.platform;

import io.longwire.cli.ClientFile;
import io.longwire.e2e.rest.Answer;
import io.longwire.e2e.rest.Rest;

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
        try (Rest operator = operator()) {
            String named = "\"" + name + "\"";
            Answer app = operator.post("/v1/apps", "{\"name\":" + named + ",\"idempotency_key\":" + named + "}").ok();
            int id = (int) app.number("app_id");
            Answer key = operator.post("/v1/apps/" + id + "/keys", "{\"label\":" + named + "}").ok();
            return new Product(api, dispatcher, adminKey, id, app.text("app_key"), key.text("key"), caFile);
        }
    }

    /** Its phones ask this dispatcher instead. */
    public Product through(String otherDispatcher) {
        return new Product(api, otherDispatcher, adminKey, appId, appKey, apiKey, caFile);
    }

    /** Center, called as this product's backend. The caller closes it. */
    public Rest backend() {
        return new Rest(api, apiKey);
    }

    /** Center, called as the platform's operator. The caller closes it. */
    public Rest operator() {
        return new Rest(api, adminKey);
    }

    private static int appId(String appKey) {
        return Integer.parseUnsignedInt(appKey.split("_", -1)[1]);
    }
}
