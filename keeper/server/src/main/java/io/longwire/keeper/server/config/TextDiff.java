package io.longwire.keeper.server.config;

import java.util.ArrayList;
import java.util.List;

/** What differs between two texts, line by line, as a unified diff with three lines around each change. Static. */
final class TextDiff {
    private static final int AROUND = 3;
    /** Beyond this the whole text counts as replaced: the table grows with the product of the lines. */
    private static final int MAX_LINES = 1_500;

    private TextDiff() {
    }

    /** One line with what becomes of it: ' ' stays, '-' goes, '+' comes. */
    private record Line(char sign, String text, int before, int after) {
    }

    /** Empty if they are the same. */
    static String of(String name, String before, String after) {
        if (before.equals(after)) {
            return "";
        }
        List<Line> lines = lines(split(before), split(after));
        var diff = new StringBuilder("--- ").append(name).append('\n').append("+++ ").append(name).append('\n');
        for (int i = 0; i < lines.size();) {
            int first = nextChange(lines, i);
            if (first < 0) {
                break;
            }
            int start = Math.max(i, first - AROUND);
            int end = end(lines, first);
            hunk(lines.subList(start, end), diff);
            i = end;
        }
        return diff.toString();
    }

    private static List<String> split(String text) {
        String stripped = text.stripTrailing();
        return stripped.isEmpty() ? List.of() : List.of(stripped.split("\n", -1));
    }

    private static List<Line> lines(List<String> before, List<String> after) {
        var lines = new ArrayList<Line>();
        int[][] same = before.size() > MAX_LINES || after.size() > MAX_LINES ? new int[0][0] : longest(before, after);
        int i = 0;
        int j = 0;
        while (i < before.size() || j < after.size()) {
            boolean both = i < before.size() && j < after.size();
            if (both && before.get(i).equals(after.get(j))) {
                lines.add(new Line(' ', before.get(i), i++, j++));
            } else if (i < before.size() && (!both || same.length == 0 || same[i + 1][j] >= same[i][j + 1])) {
                lines.add(new Line('-', before.get(i), i++, j));
            } else {
                lines.add(new Line('+', after.get(j), i, j++));
            }
        }
        return lines;
    }

    // Length of the longest common subsequence of what follows from [i] and [j] on.
    private static int[][] longest(List<String> a, List<String> b) {
        int[][] length = new int[a.size() + 1][b.size() + 1];
        for (int i = a.size() - 1; i >= 0; i--) {
            for (int j = b.size() - 1; j >= 0; j--) {
                length[i][j] = a.get(i).equals(b.get(j))
                        ? length[i + 1][j + 1] + 1
                        : Math.max(length[i + 1][j], length[i][j + 1]);
            }
        }
        return length;
    }

    private static int nextChange(List<Line> lines, int from) {
        for (int i = from; i < lines.size(); i++) {
            if (lines.get(i).sign != ' ') {
                return i;
            }
        }
        return -1;
    }

    // Where the hunk with this change ends: before a stretch of more than twice the context without any.
    private static int end(List<Line> lines, int change) {
        int last = change;
        int next = nextChange(lines, last + 1);
        while (next >= 0 && next - last <= 2 * AROUND + 1) {
            last = next;
            next = nextChange(lines, last + 1);
        }
        return Math.min(lines.size(), last + AROUND + 1);
    }

    private static void hunk(List<Line> hunk, StringBuilder diff) {
        long gone = hunk.stream().filter(line -> line.sign != '+').count();
        long come = hunk.stream().filter(line -> line.sign != '-').count();
        Line first = hunk.getFirst();
        diff.append("@@ -").append(first.before + (gone == 0 ? 0 : 1)).append(',').append(gone).append(" +")
                .append(first.after + (come == 0 ? 0 : 1)).append(',').append(come).append(" @@\n");
        hunk.forEach(line -> diff.append(line.sign).append(line.text).append('\n'));
    }
}
