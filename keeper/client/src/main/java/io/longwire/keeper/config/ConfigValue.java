package io.longwire.keeper.config;

/**
 * One value that is in force.
 *
 * @param path "listen[0].port"
 * @param value as YAML, on one line; secrets as "***"
 * @param place layer, line and column as far as known: "cluster:3:5"; empty for a default
 * @param given whether some layer gave it; else it is the default
 */
public record ConfigValue(String path, String value, String place, boolean given) {
    /** The path as the schema has it: "listen[].port". */
    public String schemaPath() {
        return schemaPath(path);
    }

    /** "listen[].port" of "listen[0].port". */
    public static String schemaPath(String path) {
        return path.replaceAll("\\[\\d+]", "[]");
    }
}
