package io.longwire.e2e.docs;

import java.util.regex.Pattern;

/**
 * One example of a page.
 *
 * @param kind {@code sh}, {@code python}, {@code java}, {@code file NAME} or {@code console}: a shell's lines after
 *     {@code $} with what they print
 * @param expects what its output must contain
 */
public record Example(String page, int line, String kind, Pattern expects, String text) {
    @Override
    public String toString() {
        return page + ":" + line + " " + kind;
    }
}
