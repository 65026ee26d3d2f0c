package io.longwire.cli.product;

import io.longwire.center.client.LongwireBackend;
import io.longwire.center.client.Revoked;
import io.longwire.cli.terminal.Connection;
import io.longwire.cli.terminal.Output;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Takes a message back. */
@Command(name = "revoke", mixinStandardHelpOptions = true, description = "Takes a message back: what still waits is "
        + "never delivered, what was delivered is removed from the phone.")
public final class RevokeCommand implements Runnable {
    @Mixin
    private Connection connection = new Connection();

    @Mixin
    private Output output = new Output();

    @Parameters(index = "0", paramLabel = "MESSAGE", description = "13 characters.")
    private String message = "";

    @Parameters(index = "1", arity = "0..1", paramLabel = "ENDPOINT",
            description = "Only there; needed for a message to one endpoint.")
    private String endpoint = "";

    @Override
    public void run() {
        try (LongwireBackend backend = connection.asProduct()) {
            Revoked revoked = backend.revoke(message, endpoint).await();
            output.print(revoked, () -> {
                output.line(revoked.pending() + " taken back before they were delivered");
                output.line(revoked.sent() + " delivered before: a revoke is on its way");
                output.line(revoked.tooLate() + " too late");
            });
        }
    }
}
