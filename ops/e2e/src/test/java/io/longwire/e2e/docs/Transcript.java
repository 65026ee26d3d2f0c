package io.longwire.e2e.docs;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Commands after {@code $} and what they print, as a page shows them. */
final class Transcript {
    private static final Pattern NAME = Pattern.compile("\"([a-z_]+)\":");
    private static final Pattern STATUS = Pattern.compile("HTTP/1.1 (\\d{3})");

    private final List<String> commands = new ArrayList<>();
    private final StringBuilder shown = new StringBuilder();

    Transcript(String text) {
        StringBuilder open = null;
        for (String line : text.split("\n", -1)) {
            if (open != null) {
                open.append('\n').append(line);
            } else if (line.startsWith("$ ")) {
                open = new StringBuilder(line.substring(2));
            } else {
                shown.append(line).append('\n');
            }
            if (open != null && complete(open)) {
                commands.add(open.toString());
                open = null;
            }
        }
    }

    private static boolean complete(CharSequence command) {
        return command.chars().filter(letter -> letter == '\'').count() % 2 == 0
                && command.charAt(command.length() - 1) != '\\';
    }

    List<String> commands() {
        return List.copyOf(commands);
    }

    /** The field names that the page shows. */
    Set<String> names() {
        return names(shown);
    }

    /** The HTTP status that the page shows; empty = none. */
    String status() {
        return status(shown);
    }

    static Set<String> names(CharSequence answer) {
        var names = new TreeSet<String>();
        Matcher name = NAME.matcher(answer);
        while (name.find()) {
            names.add(name.group(1));
        }
        return names;
    }

    static String status(CharSequence answer) {
        Matcher status = STATUS.matcher(answer);
        return status.find() ? status.group(1) : "";
    }
}
