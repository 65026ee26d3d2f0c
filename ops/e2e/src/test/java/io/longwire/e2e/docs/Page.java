package io.longwire.e2e.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A page of the documentation and its examples: fenced blocks after a line {@code <!-- example: KIND -->} or
 * {@code <!-- example: KIND expects PATTERN -->}.
 */
public final class Page {
    private static final Pattern ANCHOR = Pattern.compile("<!-- example: (file \\S+|\\S+)(?: expects (.+))? -->");
    private static final Set<String> LANGUAGES = Set.of("sh", "java", "python");

    private final String name;
    private final List<Example> examples = new ArrayList<>();
    private final List<String> bare = new ArrayList<>();

    private Page(String name) {
        this.name = name;
    }

    /** @param name below the repository's docs folder */
    public static Page read(String name) {
        Path file = Path.of(System.getProperty("longwire.root", "../.."), "docs", name);
        var page = new Page(name);
        try {
            page.parse(Files.readAllLines(file));
        } catch (IOException missing) {
            throw new UncheckedIOException(missing);
        }
        return page;
    }

    private void parse(List<String> lines) {
        int at = 0;
        while (at < lines.size()) {
            Matcher anchor = ANCHOR.matcher(lines.get(at).strip());
            if (anchor.matches()) {
                at = fenced(lines, at, anchor);
            } else {
                if (lines.get(at).startsWith("```") && LANGUAGES.contains(lines.get(at).substring(3))) {
                    bare.add(name + ":" + (at + 1));
                }
                at++;
            }
        }
    }

    private int fenced(List<String> lines, int anchorAt, Matcher anchor) {
        int open = anchorAt + 1;
        if (open >= lines.size() || !lines.get(open).startsWith("```")) {
            throw new IllegalArgumentException(name + ":" + (anchorAt + 1) + " (expected: a fenced block after it)");
        }
        int close = open + 1;
        while (close < lines.size() && !lines.get(close).equals("```")) {
            close++;
        }
        String expects = anchor.group(2) == null ? "" : anchor.group(2);
        examples.add(new Example(name, anchorAt + 1, anchor.group(1), Pattern.compile(expects, Pattern.DOTALL),
                String.join("\n", lines.subList(open + 1, close)) + "\n"));
        return close + 1;
    }

    public List<Example> examples() {
        return List.copyOf(examples);
    }

    /** Blocks in a language of the examples that nobody runs. */
    public List<String> bare() {
        return List.copyOf(bare);
    }
}
