package io.longwire.e2e;

import io.longwire.center.client.LongwireBackend;
import io.longwire.center.client.admin.AppSettings;
import io.longwire.e2e.docs.Example;
import io.longwire.e2e.docs.Page;
import io.longwire.e2e.docs.Reader;
import io.longwire.e2e.history.History;
import io.longwire.e2e.phone.Phone;
import io.longwire.e2e.phone.Phones;
import io.longwire.e2e.platform.Place;
import io.longwire.e2e.platform.Product;
import io.longwire.e2e.platform.SharedPlatform;
import io.longwire.sdk.tink.TinkPayloadCipher;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Every example of the pages for backends does what the page says. */
class DocsExamplesIT {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final Page BACKENDS = Page.read("backends.md");
    private static final Page API = Page.read("api.md");

    private final Product product = SharedPlatform.get().app();
    private final Phones phones = new Phones("docs-examples", new History());
    private final LongwireBackend backend = LongwireBackend.connect(product.api(), product.apiKey());
    private final Reader reader = reader();

    @BeforeEach
    void keepReceipts() {
        try (var operator = LongwireBackend.connect(product.api(), product.adminKey())) {
            operator.admin().updateApp(product.appId(), AppSettings.NONE.receipts(true)).await();
        }
    }

    @AfterEach
    void close() {
        reader.close();
        backend.close();
        phones.close();
    }

    @Test
    void noExampleIsLeftUnrun() {
        assertThat(BACKENDS.bare()).isEmpty();
        assertThat(BACKENDS.examples()).extracting(Example::kind).contains("sh", "java", "python", "file longwire.py");
        assertThat(BACKENDS.examples()).hasSizeGreaterThan(40);
        assertThat(API.examples()).hasSizeGreaterThan(10);
    }

    @TestFactory
    Stream<DynamicTest> backends() {
        return tests(BACKENDS.examples());
    }

    @TestFactory
    Stream<DynamicTest> api() {
        return tests(API.examples());
    }

    private Stream<DynamicTest> tests(List<Example> examples) {
        return examples.stream().map(example -> DynamicTest.dynamicTest(example.toString(),
                () -> reader.follow(example)));
    }

    private Reader reader() {
        Phone here = phones.add(product).payloadCipher(new TinkPayloadCipher());
        here.start();
        here.awaitOnline(LIMIT);
        Phone away = phones.add(product);
        away.start();
        String awayEndpoint = away.awaitOnline(LIMIT).endpoint();
        away.stop();
        backend.endpoints().kick(awayEndpoint, "gone for the test", Duration.ZERO).await();
        await().atMost(LIMIT).until(() -> backend.endpoints().state(awayEndpoint).await().state().equals("offline"));
        var place = Place.fresh("docs-examples-run");
        return new Reader(place, Map.of("API", product.api(), "KEY", product.apiKey(), "ADMIN_KEY", product.adminKey(),
                "APP_ID", Integer.toString(product.appId()), "ENDPOINT", here.endpoint(), "AWAY", awayEndpoint,
                "CURSOR_FILE", place.resolve("receipts.cursor").toString()));
    }
}
