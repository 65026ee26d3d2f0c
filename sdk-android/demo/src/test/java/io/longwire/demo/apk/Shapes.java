package io.longwire.demo.apk;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import java.util.function.UnaryOperator;

/** Every shape of lambda, method reference and nest that the SDK's sources could have, each said in a line. */
final class Shapes {
    private final String secret;
    private int count;

    private Shapes() {
        secret = "secret";
    }

    /** What all of them say, in order. */
    static List<String> all() {
        List<String> said = new ArrayList<>();
        new Shapes().lambdas(said);
        new Shapes().references(said);
        new Shapes().conversions(said);
        nests(said);
        return said;
    }

    private void lambdas(List<String> said) {
        long large = 1L << 40;
        double half = 0.5;
        String text = "text";
        byte small = 3;
        Supplier<String> captures = () -> text + large + half + small + secret + ++count;
        said.add(captures.get() + captures.get());
        Supplier<Supplier<String>> nested = () -> () -> secret + text;
        said.add(nested.get().get());
        BiFunction<Integer, Long, Double> sum = (a, b) -> a + b + half;
        said.add("sum " + sum.apply(1, 2L));
        Runnable nothing = () -> {
        };
        nothing.run();
    }

    private void references(List<String> said) {
        List<String> more = new ArrayList<>();
        Consumer<String> dropsBoolean = more::add;
        dropsBoolean.accept("added");
        Runnable dropsLong = Shapes::large;
        dropsLong.run();
        Function<String, Integer> unbound = String::length;
        Comparator<String> two = String::compareTo;
        Function<String, StringBuilder> makes = StringBuilder::new;
        IntFunction<int[]> array = int[]::new;
        Supplier<String> own = this::own;
        Function<Shapes, String> of = Shapes::own;
        UnaryOperator<String> echo = Shapes::echo;
        said.add(
                more + " " + unbound.apply("four") + two.compare("a", "b") + makes.apply("made") + array.apply(3).length
                        + own.get() + of.apply(this) + echo.apply("echo"));
    }

    private void conversions(List<String> said) {
        Function<Integer, Integer> both = Shapes::twice;
        ToDoubleFunction<Integer> widens = Integer::intValue;
        ToLongFunction<Short> unboxesAndWidens = Shapes::asLong;
        LongSupplier result = this::small;
        Supplier<Object> boxes = Shapes::large;
        Function<Object, String> takesObject = String::valueOf;
        Supplier<Character> letter = () -> 'x';
        Function<Boolean, Boolean> not = Shapes::not;
        said.add(both.apply(21) + " " + widens.applyAsDouble(7) + " " + unboxesAndWidens.applyAsLong((short) 9) + " "
                + result.getAsLong() + " " + boxes.get() + " " + takesObject.apply(1.5f) + " " + letter.get() + " "
                + not.apply(true));
    }

    private static void nests(List<String> said) {
        Upper upper = new Lower();
        said.add(upper.who() + ((Lower) upper).who() + upper.name() + upper.hidden + Upper.made);
        upper.hidden = "changed";
        said.add(upper.hidden + new Upper(5).hidden);
        Talks talks = () -> "talks";
        said.add(talks.aloud());
    }

    private String own() {
        return "own " + secret;
    }

    private int small() {
        return -4;
    }

    private static String echo(String text) {
        return text;
    }

    private static long large() {
        return 1L << 33;
    }

    private static int twice(int value) {
        return 2 * value;
    }

    private static long asLong(short value) {
        return value;
    }

    private static boolean not(boolean value) {
        return !value;
    }

    /** Its private members are used from outside, and its subclass has some of the same names. */
    private static class Upper {
        private static int made;
        private String hidden = "hidden";

        private Upper() {
            count();
        }

        private Upper(int value) {
            this();
            hidden = "five is " + value;
        }

        private static void count() {
            made++;
        }

        private String who() {
            return "upper";
        }

        String name() {
            Supplier<String> says = () -> who() + hidden;
            return says.get();
        }
    }

    private static final class Lower extends Upper {
        private final String covered;

        private Lower() {
            covered = "lower's";
        }

        private String who() {
            return "lower";
        }

        @Override
        String name() {
            Supplier<String> says = () -> who() + covered + super.name();
            return says.get();
        }
    }

    /** A private method and a lambda of an interface. */
    private interface Talks {
        String say();

        private String twice() {
            return say() + say();
        }

        default String aloud() {
            Supplier<String> says = () -> twice() + "!";
            return says.get() + twice();
        }
    }
}
