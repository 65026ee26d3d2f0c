package io.longwire.cli.product;

import io.longwire.center.client.AudienceList.BadLine;
import io.longwire.center.client.AudienceList.Part;
import io.longwire.center.client.Lists;
import io.longwire.center.client.call.Answer;
import io.longwire.center.client.call.BackendException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.LongConsumer;

/**
 * Sends the lines of a file as parts, a few at once, so that no more of it is held than these. A part that got no
 * answer is sent again, which replaces it. Blocks; used by one thread.
 */
final class ListParts implements ListFile.Sink {
    private static final int AT_ONCE = 4;
    private static final int TRIES = 5;

    private final Lists lists;
    private final String listId;
    private final LongConsumer progress;
    private final Deque<Sent> underWay = new ArrayDeque<>();
    private final List<BadLine> badLines = new ArrayList<>();
    private List<String> lines = new ArrayList<>();
    private long firstLine = 1;
    private int parts;
    private long bad;

    private record Sent(int part, long firstLine, List<String> lines, Answer<Part> answer) {
        long end() {
            return firstLine + lines.size() - 1;
        }
    }

    /** @param progress is told how many lines are through */
    ListParts(Lists lists, String listId, LongConsumer progress) {
        this.lists = lists;
        this.listId = listId;
        this.progress = progress;
    }

    @Override
    public void line(long number, String text) {
        lines.add(text);
        if (lines.size() == Lists.PART_LINES) {
            send();
        }
    }

    /** Sends what is left, and waits for all. */
    void finish() {
        if (!lines.isEmpty()) {
            send();
        }
        while (!underWay.isEmpty()) {
            await(underWay.remove());
        }
    }

    int parts() {
        return parts;
    }

    /** Lines that are no endpoints of the app, as center sees it. */
    long bad() {
        return bad;
    }

    /** The first of them. */
    List<BadLine> badLines() {
        return List.copyOf(badLines);
    }

    private void send() {
        if (underWay.size() == AT_ONCE) {
            await(underWay.remove());
        }
        underWay.add(sent(parts++, firstLine, lines));
        firstLine += lines.size();
        lines = new ArrayList<>(Lists.PART_LINES);
    }

    private Sent sent(int part, long first, List<String> some) {
        return new Sent(part, first, some, lists.append(listId, part, first, some));
    }

    private void await(Sent sent) {
        Part done = answer(sent, 1);
        bad += done.bad();
        done.badLines().stream().limit(ListFile.SHOWN - (long) badLines.size()).forEach(badLines::add);
        progress.accept(sent.end());
    }

    private Part answer(Sent sent, int tries) {
        try {
            return sent.answer.await();
        } catch (BackendException.Unavailable away) {
            if (tries == TRIES) {
                throw away;
            }
            return answer(sent(sent.part, sent.firstLine, sent.lines), tries + 1);
        }
    }
}
