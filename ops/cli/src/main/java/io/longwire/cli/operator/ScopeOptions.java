package io.longwire.cli.operator;

import io.longwire.rpc.keeper.ConfigScope;
import picocli.CommandLine.Option;

/** Whose layer of the configuration. */
final class ScopeOptions {
    @Option(names = "--host", defaultValue = "", description = "Of the processes on this host.")
    private String host = "";

    @Option(names = "--instance", paramLabel = "NAME", defaultValue = "",
            description = "Of the process with this service.name; without either, of all processes of the part.")
    private String instance = "";

    ConfigScope scope() {
        return ConfigScope.newBuilder().setHost(host).setInstance(instance).build();
    }
}
