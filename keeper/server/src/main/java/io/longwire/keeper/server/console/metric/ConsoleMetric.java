package io.longwire.keeper.server.console.metric;

import io.longwire.keeper.metrics.Metric;

/** Everything the console counts. */
public enum ConsoleMetric implements Metric {
    // @formatter:off
    REQUESTS("console_requests_total", "HTTP requests answered, by status class."),
    SHED("console_requests_shed_total", "HTTP requests refused because too many were under way."),
    SIGN_INS("console_sign_ins_total", "Attempts to sign in, by outcome: done, wrong, limited, busy."),
    STREAMS("console_streams", "Event streams open now."),
    LOOKS("console_looks_total", "Looks at the admin ports of all processes."),
    LOOKS_UNANSWERED("console_looks_unanswered_total", "Processes that did not answer such a look in time."),
    CENTER_CALLS("console_center_calls_total", "Calls of center on behalf of operators, by status class."),
    TRAIL_FAILED("console_trail_failed_total", "Audit records that could not be written; the change was not made."),
    CERTIFICATES("console_certificate_changes_total", "Changed certificate files, by outcome: reloaded or refused."),
    CERTIFICATE_DAYS("console_certificate_days", "Days until the console's certificate ends; 36500 without TLS.");
    // @formatter:on

    private final String id;
    private final String sentence;

    ConsoleMetric(String id, String sentence) {
        this.id = id;
        this.sentence = sentence;
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public String sentence() {
        return sentence;
    }
}
