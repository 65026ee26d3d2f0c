package io.longwire.cli.terminal;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/** Rows under a heading, each column as wide as its widest cell. One thread. */
public final class Table {
    private final List<List<String>> rows = new ArrayList<>();

    public Table(String... heading) {
        rows.add(List.of(heading));
    }

    /** One more row; as many cells as the heading has. */
    public Table row(Object... cells) {
        var row = new ArrayList<String>();
        for (Object cell : cells) {
            String text = String.valueOf(cell);
            row.add(text.isEmpty() ? "-" : text);
        }
        if (row.size() != rows.getFirst().size()) {
            throw new IllegalArgumentException("cells: " + row + " (expected: " + rows.getFirst().size() + ")");
        }
        rows.add(row);
        return this;
    }

    void print(PrintWriter out) {
        if (rows.size() == 1) {
            out.println("none");
            return;
        }
        for (List<String> row : rows) {
            var line = new StringBuilder();
            for (int i = 0; i < row.size(); i++) {
                line.append(row.get(i));
                line.repeat(' ', i == row.size() - 1 ? 0 : width(i) + 2 - row.get(i).length());
            }
            out.println(line);
        }
    }

    private int width(int column) {
        return rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0);
    }
}
