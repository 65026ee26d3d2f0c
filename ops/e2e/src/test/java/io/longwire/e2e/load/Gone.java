package io.longwire.e2e.load;

import io.longwire.e2e.device.Identity;
import io.longwire.e2e.platform.Product;
import io.longwire.e2e.rest.Rest;
import java.util.ArrayList;
import java.util.List;

/**
 * Endpoints that were registered and deleted. They fill a list up to the size above which its body is kept once for
 * all, and take nothing themselves. Static.
 */
public final class Gone {
    /** With one phone more the body of a list is kept once. */
    public static final int MANY = 100;

    private Gone() {
    }

    /** So many new ones of the product. */
    public static List<String> endpoints(Product product, int count) {
        var gone = new ArrayList<String>();
        try (Rest rest = product.backend()) {
            while (gone.size() < count) {
                String endpoint = Identity.register(product).endpoint();
                rest.delete("/v1/endpoints/" + endpoint).ok();
                gone.add(endpoint);
            }
        }
        return List.copyOf(gone);
    }
}
