package io.longwire.coordinator.callback;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.longwire.rpc.coordinator.Callback;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;

/** What a callback must be like, and what it is where nothing was said. Throws INVALID_ARGUMENT. Static, pure. */
public final class CallbackRules {
    private static final int MAX_URL = 2_048;
    private static final int MAX_PORT = 65_535;
    private static final int MAX_SECRETS = 2;
    private static final int MIN_SECRET = 16;
    private static final int MAX_SECRET = 128;

    private CallbackRules() {
    }

    /** With its defaults. */
    public static Callback checked(Callback given) {
        url(given.getUrl());
        secrets(given.getSecretsList());
        return given.toBuilder().setBatch(within("batch", given.getBatch(), 1, 100, 100))
                .setTimeoutMs(within("timeout_ms", given.getTimeoutMs(), 100, 60_000, 10_000))
                .setMaxAttempts(within("max_attempts", given.getMaxAttempts(), 1, 1_000, 100))
                .setConcurrency(within("concurrency", given.getConcurrency(), 1, 64, 8)).clearSecretIds().build();
    }

    /** As it may be shown. */
    public static Callback shown(Callback callback) {
        return callback.toBuilder().clearSecrets().clearSecretIds()
                .addAllSecretIds(callback.getSecretsList().stream().map(Signature::id).toList()).build();
    }

    private static void url(String text) {
        String rule = "https:// or http://, a host, at most " + MAX_URL + " characters, without a user or a #";
        if (text.isEmpty() || text.length() > MAX_URL) {
            throw invalid("url", text.isEmpty() ? "missing" : text.length() + " characters", rule);
        }
        try {
            URI uri = new URI(text);
            String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
            boolean good = (scheme.equals("https") || scheme.equals("http")) && uri.getHost() != null
                    && uri.getRawUserInfo() == null && uri.getRawFragment() == null && uri.getPort() != 0
                    && uri.getPort() <= MAX_PORT;
            if (!good) {
                throw invalid("url", text, rule);
            }
        } catch (URISyntaxException broken) {
            throw invalid("url", text, rule);
        }
    }

    private static void secrets(List<String> secrets) {
        if (secrets.isEmpty() || secrets.size() > MAX_SECRETS) {
            throw invalid("secrets", secrets.isEmpty() ? "none" : secrets.size() + " of them", "1 or 2");
        }
        for (String secret : secrets) {
            if (secret.length() < MIN_SECRET || secret.length() > MAX_SECRET
                    || !secret.chars().allMatch(c -> c > ' ' && c <= '~')) {
                throw invalid("secrets", secret.length() + " characters",
                        MIN_SECRET + " to " + MAX_SECRET + " printable ones without spaces");
            }
        }
    }

    private static int within(String name, int value, int least, int most, int usual) {
        if (value == 0) {
            return usual;
        }
        if (value < least || value > most) {
            throw invalid(name, Integer.toUnsignedString(value), least + " to " + most);
        }
        return value;
    }

    private static StatusRuntimeException invalid(String name, String value, String rule) {
        String shown = (value.length() > 200 ? value.substring(0, 200) + "..." : value).replaceAll("[^ -~]", "?");
        return Status.INVALID_ARGUMENT.withDescription(name + ": " + shown + " (expected: " + rule + ")")
                .asRuntimeException();
    }
}
