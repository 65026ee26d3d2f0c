package io.longwire.cli.operator;

import io.longwire.center.client.admin.AppSettings;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Settings of an app as options; what is not given stays as it is. */
final class SettingsOptions {
    @Option(names = "--sends-per-second", description = "Quota of sends; each target counts.")
    private @Nullable Integer sendsPerSecond;

    @Option(names = "--inbox-messages", description = "Messages that may wait for one endpoint, 1 to 200.")
    private @Nullable Integer inboxMessages;

    @Option(names = "--inbox-bytes", description = "Bytes that may wait for one endpoint.")
    private @Nullable Integer inboxBytes;

    @Option(names = "--overflow", description = "What then: drop_oldest, reject_new or collapse.")
    private @Nullable String overflow;

    @Option(names = "--max-ttl", description = "The longest ttl, e.g. 30d.")
    private @Nullable Duration maxTtl;

    @Option(names = "--stored-messages", description = "Messages that may wait in all; 0 = no limit.")
    private @Nullable Long storedMessages;

    @Option(names = "--stored-bytes", description = "Bytes that may wait in all; 0 = no limit.")
    private @Nullable Long storedBytes;

    @Option(names = "--fan-out", description = "Targets of one request, 1 to 1000.")
    private @Nullable Integer fanOut;

    @Option(names = "--receipts", arity = "1", paramLabel = "true|false",
            description = "Whether receipts are kept to be pulled.")
    private @Nullable Boolean receipts;

    @Option(names = "--broadcast-size", paramLabel = "ENDPOINTS",
            description = "Larger broadcasts wait for an approval; 0 = none does.")
    private @Nullable Long broadcastSize;

    @Option(names = "--devices", paramLabel = "POLICY",
            description = "Endpoints that may have an alias at once: all, one_per_platform, newest or oldest.")
    private @Nullable String devices;

    AppSettings settings() {
        AppSettings settings = AppSettings.NONE;
        settings = sendsPerSecond == null ? settings : settings.sendsPerSecond(sendsPerSecond);
        settings = inboxMessages == null ? settings : settings.inboxMessages(inboxMessages);
        settings = inboxBytes == null ? settings : settings.inboxBytes(inboxBytes);
        settings = overflow == null ? settings : settings.overflow(overflow);
        settings = maxTtl == null ? settings : settings.maxTtl(maxTtl);
        settings = storedMessages == null ? settings : settings.storedMessages(storedMessages);
        settings = storedBytes == null ? settings : settings.storedBytes(storedBytes);
        settings = fanOut == null ? settings : settings.fanOut(fanOut);
        settings = broadcastSize == null ? settings : settings.broadcastSize(broadcastSize);
        settings = devices == null ? settings : settings.devices(devices);
        return receipts == null ? settings : settings.receipts(receipts);
    }
}
