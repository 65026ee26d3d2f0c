package io.longwire.keeper.server.console.web;

import io.longwire.keeper.server.console.user.Role;
import java.time.Duration;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A method and a path, who may ask for it, and who answers.
 *
 * @param path of the whole raw path; its groups are the variables
 * @param least the role that it takes; null = none, nobody need be signed in
 * @param within how long reading the request and writing the answer may take; the connection is ended then
 */
public record Route(String method, Pattern path, @Nullable Role least, Answering answering, Duration within) {
    static final Duration USUAL = Duration.ofSeconds(30);

    /** Answers on the request's own thread; may block, and throw {@link Refusal}. */
    @FunctionalInterface
    public interface Answering {
        Reply answer(Asked asked) throws Exception;
    }

    /** One that anybody may ask for. */
    public static Route open(String method, String path, Answering answering) {
        return new Route(method, Pattern.compile(path), null, answering, USUAL);
    }

    public static Route of(String method, String path, Role least, Answering answering) {
        return new Route(method, Pattern.compile(path), least, answering, USUAL);
    }

    /** The same with another time. */
    public Route within(Duration another) {
        return new Route(method, path, least, answering, another);
    }
}
