package io.longwire.keeper.follow;

import io.longwire.keeper.config.ConfigException;
import io.longwire.rpc.keeper.ConfigMistake;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What is wrong with a configuration, with the place where it stands. Static, any thread. */
public final class Mistakes {
    private static final Pattern PLACED = Pattern.compile("(?s)(.+?):(\\d{1,7}):(\\d{1,7}): (.*)");

    private Mistakes() {
    }

    /** @param process the live process that found it; empty = none */
    public static ConfigMistake of(ConfigException wrong, String process) {
        String text = wrong.getMessage() == null ? "wrong" : wrong.getMessage();
        Matcher placed = PLACED.matcher(text);
        var mistake = ConfigMistake.newBuilder().setProcess(process);
        if (!placed.matches()) {
            return mistake.setMessage(text).build();
        }
        return mistake.setLayer(placed.group(1)).setLine(Integer.parseInt(placed.group(2)))
                .setColumn(Integer.parseInt(placed.group(3))).setMessage(placed.group(4)).build();
    }

    /** "cluster:3:5: size: 101 (expected: ...)". */
    public static String text(ConfigMistake mistake) {
        String place = mistake.getLine() == 0
                ? mistake.getLayer()
                : mistake.getLayer() + ":" + mistake.getLine() + ":" + mistake.getColumn();
        return (place.isEmpty() ? "" : place + ": ") + mistake.getMessage()
                + (mistake.getProcess().isEmpty() ? "" : " [" + mistake.getProcess() + "]");
    }
}
