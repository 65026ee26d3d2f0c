package io.longwire.e2e.load;

import io.longwire.cli.LongwireCli;
import io.longwire.e2e.platform.Product;
import io.longwire.keeper.clock.Clock;
import io.longwire.keeper.service.Service;
import io.longwire.rpc.saver.Conservation;
import io.longwire.rpc.saver.ConservationRequest;
import io.longwire.rpc.saver.How;
import io.longwire.saver.client.SaverClient;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.Arrays;
import org.awaitility.Awaitility;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The ledger's own account of a run, by the conservation law (DESIGN, section 14): every row has ended or lives, and
 * what lives is where a fetch finds it. The second oracle beside the history; it knows also of what no caller was told.
 */
public final class Books implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Books.class);
    private static final Duration RANGE = Duration.ofHours(2);

    private final SaverClient saver;

    /** @param member any service of the deployment, through which the savers are called */
    public Books(Service member) {
        this.saver = new SaverClient(member.rpc(), member.cluster());
    }

    /**
     * Waits until nothing of the app lives any more, and checks that all of it was acked.
     *
     * @param accepted at least so many rows
     */
    public void balance(int appId, long accepted, Duration limit) {
        balance(appId, accepted, limit, How.ACKED);
    }

    /**
     * The same where some were told 503 for a send without a key, which they cannot ask for again: a row of such a one
     * was accepted by nobody and may live in no inbox.
     *
     * @param unanswered how many at most
     */
    public void balanceBeside(long unanswered, int appId, long accepted, Duration limit) {
        balance(unanswered, appId, accepted, limit, How.ACKED);
    }

    /** The same where it may also have ended in other ways. */
    public void balance(int appId, long accepted, Duration limit, How... ends) {
        balance(0, appId, accepted, limit, ends);
    }

    private void balance(long unanswered, int appId, long accepted, Duration limit, How... ends) {
        Awaitility.await().atMost(limit).pollInterval(Duration.ofMillis(200)).ignoreExceptions().untilAsserted(() -> {
            Conservation account = saver.conservation(ConservationRequest.newBuilder().setAppId(appId)
                    .setFromMs(Clock.system().wallMillis() - RANGE.toMillis()).build()).join();
            assertThat(account.getGap()).as("gap").isZero();
            assertThat(account.getHidden()).as("hidden").isLessThanOrEqualTo(unanswered);
            assertThat(account.getLive()).as("live, of %s", account.getRows()).isEqualTo(account.getHidden());
            assertThat(Arrays.stream(ends).mapToLong(how -> account.getEndedOrDefault(how.name(), 0)).sum())
                    .as("ended as expected, of %s", account.getEndedMap())
                    .isEqualTo(account.getRows() - account.getLive())
                    .isGreaterThanOrEqualTo(accepted);
        });
    }

    /** What {@code longwire audit} says of an app: its exit code, 0 = the books are right, 1 = there is a gap. */
    public static int audit(Product product) {
        var out = new StringWriter();
        int code = LongwireCli.run(new PrintWriter(out), new PrintWriter(out), "audit", "--api", product.api(), "--key",
                product.adminKey(), "--app", Integer.toString(product.appId()), "--from", "2h");
        LOG.info("audit: {} {}", code, out);
        return code;
    }

    /** Waits until {@code longwire audit} finds nothing; what an append that just died left needs a moment. */
    public static void awaitRight(Product product, Duration limit) {
        Awaitility.await().atMost(limit).pollInterval(Duration.ofMillis(500))
                .untilAsserted(() -> assertThat(audit(product)).as("exit code of longwire audit").isZero());
    }

    @Override
    public void close() {
        saver.close();
    }
}
