package io.longwire.dispatcher;

import io.longwire.keeper.metrics.Metric;

/** Everything the dispatcher counts. */
public enum DispatcherMetric implements Metric {
    REQUESTS("dispatcher_requests_total", "HTTP requests read."), //
    REQUEST_TIME("dispatcher_request_seconds", "From a request read to its answer written."), //
    CONNECTION_ERRORS("dispatcher_connection_errors_total", "HTTP connections closed by an error."), //
    REGISTERED("dispatcher_registrations_total", "Endpoints registered or renewed."), //
    REFUSED("dispatcher_refused_total", "Requests refused, by reason: the code of the answer."), //
    ROOM_LISTS("dispatcher_room_lists_total", "Room lists given."), //
    SHARE_LISTS("dispatcher_share_lists_total", "Share lists given."), //
    ROOMS_KNOWN("dispatcher_rooms", "Addresses of rooms that may be given to phones now.");

    private final String id;
    private final String sentence;

    DispatcherMetric(String id, String sentence) {
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
