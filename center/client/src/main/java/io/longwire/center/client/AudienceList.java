package io.longwire.center.client;

import io.longwire.center.client.call.Times;
import io.longwire.rpc.center.ListBadLine;
import io.longwire.rpc.center.ListInfo;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A list of endpoints to broadcast to.
 *
 * @param state open, sealed, deleted
 * @param parts that are there
 * @param lines of all parts
 * @param endpoints of a sealed one: each once
 * @param twice of a sealed one: left out because they were there before
 * @param bad lines that are no endpoints of the app
 * @param badLines the first 100 of them; none in a page of lists
 */
public record AudienceList(String listId, String state, String label, @Nullable Instant created,
        @Nullable Instant expires, int parts, long lines, long endpoints, long twice, long bad,
        List<BadLine> badLines) {

    /** A line that is no endpoint of the app; lines of the file count from 1. */
    public record BadLine(long line, String value, String expected) {
        static BadLine of(ListBadLine bad) {
            return new BadLine(bad.getLine(), bad.getValue(), bad.getExpected());
        }
    }

    /**
     * What became of a part.
     *
     * @param lines without those that are skipped
     * @param bad of them, no endpoints of the app
     * @param badLines the first 100 of them
     */
    public record Part(int part, long lines, long bad, List<BadLine> badLines) {
    }

    static AudienceList of(ListInfo info) {
        return new AudienceList(info.getListId(), info.getState(), info.getLabel(), Times.instant(info.getCreatedMs()),
                Times.instant(info.getExpiresMs()), info.getParts(), info.getLines(), info.getEndpoints(),
                info.getTwice(), info.getBad(), info.getBadLinesList().stream().map(BadLine::of).toList());
    }
}
