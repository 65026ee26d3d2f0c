package io.longwire.center.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.UnsafeByteOperations;
import io.longwire.center.refuse.Refused;
import java.io.IOException;
import java.math.BigInteger;
import java.util.Base64;
import java.util.Locale;
import java.util.regex.Pattern;

/** Single JSON values as protobuf fields. Static, any thread. */
public final class JsonValues {
    private static final BigInteger MAX_UINT32 = BigInteger.valueOf(0xffffffffL);
    private static final BigInteger MAX_UINT64 = BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);
    private static final int MAX_NUMBER_TEXT = 20;
    private static final int MAX_DECIMAL_TEXT = 40;
    private static final Pattern DECIMAL = Pattern.compile("-?[0-9]++(\\.[0-9]++)?+([eE][+-]?[0-9]++)?+");
    private static final String DECIMAL_RULE = "a number such as 2.5";

    private JsonValues() {
    }

    /** The current token as a value of the field, which is no message. */
    static Object scalar(JsonParser in, FieldDescriptor field, String at) throws IOException {
        JsonToken token = in.currentToken();
        return switch (field.getJavaType()) {
            case STRING -> text(in, at, "text");
            case BYTE_STRING -> bytes(text(in, at, "base64 in a string"), at);
            case INT, LONG -> {
                if (token != JsonToken.VALUE_NUMBER_INT && token != JsonToken.VALUE_STRING) {
                    throw Refused.invalid(at, kind(in), rule(field));
                }
                yield number(in.getText(), field, at);
            }
            case BOOLEAN -> {
                if (!token.isBoolean()) {
                    throw Refused.invalid(at, kind(in), "true or false");
                }
                yield in.getBooleanValue();
            }
            case ENUM -> constant(token == JsonToken.VALUE_STRING ? in.getText() : kind(in), field, at);
            case DOUBLE -> {
                if (!token.isNumeric() && token != JsonToken.VALUE_STRING) {
                    throw Refused.invalid(at, kind(in), DECIMAL_RULE);
                }
                yield decimal(in.getText(), at);
            }
            case FLOAT, MESSAGE ->
                throw new IllegalStateException(field.getFullName() + ": no scalar this API has");
        };
    }

    /** Text from a path or a query as a value of the field. Throws {@link Refused} naming it. */
    public static Object parse(String text, FieldDescriptor field) {
        return switch (field.getJavaType()) {
            case STRING -> text;
            case INT, LONG -> number(text, field, field.getName());
            case DOUBLE -> decimal(text, field.getName());
            case ENUM -> constant(text, field, field.getName());
            case BOOLEAN -> {
                if (!text.equals("true") && !text.equals("false")) {
                    throw Refused.invalid(field.getName(), text, "true or false");
                }
                yield text.equals("true");
            }
            default -> throw Refused.invalid(field.getName(), text, "in the body");
        };
    }

    /** What the current token is, for people. */
    static String kind(JsonParser in) throws IOException {
        JsonToken token = in.currentToken();
        return switch (token) {
            case START_OBJECT -> "an object";
            case START_ARRAY -> "a list";
            case VALUE_STRING -> "\"" + Refused.shown(in.getText()) + "\"";
            default -> in.getText();
        };
    }

    private static String text(JsonParser in, String at, String rule) throws IOException {
        if (in.currentToken() != JsonToken.VALUE_STRING) {
            throw Refused.invalid(at, kind(in), rule);
        }
        return in.getText();
    }

    // Both alphabets of RFC 4648, padded or not, as protobuf's own JSON takes them.
    private static ByteString bytes(String text, String at) {
        boolean url = text.indexOf('-') >= 0 || text.indexOf('_') >= 0;
        try {
            return UnsafeByteOperations.unsafeWrap((url ? Base64.getUrlDecoder() : Base64.getDecoder()).decode(text));
        } catch (IllegalArgumentException notBase64) {
            throw Refused.invalid(at, "\"" + Refused.shown(text) + "\"", "base64");
        }
    }

    private static Object number(String text, FieldDescriptor field, String at) {
        BigInteger most = field.getJavaType() == FieldDescriptor.JavaType.INT ? MAX_UINT32 : MAX_UINT64;
        if (text.isEmpty() || text.length() > MAX_NUMBER_TEXT || !text.chars().allMatch(c -> c >= '0' && c <= '9')
                || new BigInteger(text).compareTo(most) > 0) {
            throw Refused.invalid(at, text, rule(field));
        }
        BigInteger value = new BigInteger(text);
        return field.getJavaType() == FieldDescriptor.JavaType.INT
                ? (Object) value.intValue()
                : (Object) value.longValue();
    }

    private static Double decimal(String text, String at) {
        if (text.length() > MAX_DECIMAL_TEXT || !DECIMAL.matcher(text).matches()
                || Double.isInfinite(Double.parseDouble(text))) {
            throw Refused.invalid(at, text, DECIMAL_RULE);
        }
        return Double.valueOf(text);
    }

    private static EnumValueDescriptor constant(String text, FieldDescriptor field, String at) {
        EnumValueDescriptor value = field.getEnumType().findValueByName(text.toUpperCase(Locale.ROOT));
        if (value == null) {
            throw Refused.invalid(at, text, "one of " + String.join(", ",
                    field.getEnumType().getValues().stream().map(EnumValueDescriptor::getName).toList()));
        }
        return value;
    }

    private static String rule(FieldDescriptor field) {
        return "a whole number from 0 to "
                + (field.getJavaType() == FieldDescriptor.JavaType.INT ? MAX_UINT32 : MAX_UINT64);
    }
}
