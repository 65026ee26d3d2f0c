package io.longwire.keeper.server.console.web;

import io.longwire.keeper.server.console.user.Role;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A method and a path, who may ask for it, and who answers.
 *
 * @param path of the whole raw path; its groups are the variables
 * @param least the role that it takes; null = none, nobody need be signed in
 */
public record Route(String method, Pattern path, @Nullable Role least, Answering answering) {
    /** Answers on the request's own thread; may block, and throw {@link Refusal}. */
    @FunctionalInterface
    public interface Answering {
        Reply answer(Asked asked) throws Exception;
    }

    /** One that anybody may ask for. */
    public static Route open(String method, String path, Answering answering) {
        return new Route(method, Pattern.compile(path), null, answering);
    }

    public static Route of(String method, String path, Role least, Answering answering) {
        return new Route(method, Pattern.compile(path), least, answering);
    }
}
