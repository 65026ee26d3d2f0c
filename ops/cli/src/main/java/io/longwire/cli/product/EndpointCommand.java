package io.longwire.cli.product;

import io.longwire.center.client.LongwireBackend;
import io.longwire.center.client.Profile;
import io.longwire.center.client.ProfileChange;
import io.longwire.cli.terminal.Connection;
import io.longwire.cli.terminal.Output;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Tags, attributes and aliases of an endpoint; the endpoints of an alias. */
@Command(name = "endpoint", mixinStandardHelpOptions = true,
        description = "Shows or changes what is said of an endpoint, "
                + "or shows the endpoints of a user.")
public final class EndpointCommand implements Runnable {
    @Mixin
    private Connection connection = new Connection();

    @Mixin
    private Output output = new Output();

    @Parameters(index = "0", paramLabel = "ENDPOINT|USER", description = "ep_..., or a user of the app.")
    private String name = "";

    @Option(names = "--tag", split = ",", description = "Adds a tag.")
    private List<String> tags = new ArrayList<>();

    @Option(names = "--untag", split = ",", description = "Removes a tag.")
    private List<String> untags = new ArrayList<>();

    @Option(names = "--set", paramLabel = "NAME=VALUE", description = "Sets an attribute.")
    private Map<String, String> attributes = new LinkedHashMap<>();

    @Option(names = "--unset", paramLabel = "NAME", split = ",", description = "Removes an attribute.")
    private List<String> unset = new ArrayList<>();

    @Option(names = "--bind", paramLabel = "USER", split = ",", description = "Makes it an endpoint of this user.")
    private List<String> bind = new ArrayList<>();

    @Option(names = "--unbind", paramLabel = "USER", split = ",", description = "Ends that.")
    private List<String> unbind = new ArrayList<>();

    @Override
    public void run() {
        try (LongwireBackend backend = connection.asProduct()) {
            if (!name.startsWith("ep_")) {
                List<String> endpoints = backend.endpoints().ofAlias(name).await();
                output.print(endpoints, () -> endpoints.forEach(output::line));
                return;
            }
            Profile profile = changes()
                    ? backend.endpoints().update(change()).await()
                    : backend.endpoints().profile(name).await();
            output.print(profile, () -> tell(profile));
        }
    }

    private boolean changes() {
        return !(tags.isEmpty() && untags.isEmpty() && attributes.isEmpty() && unset.isEmpty() && bind.isEmpty()
                && unbind.isEmpty());
    }

    private ProfileChange change() {
        ProfileChange change = ProfileChange.of(name);
        for (String tag : tags) {
            change = change.tag(tag);
        }
        for (String tag : untags) {
            change = change.untag(tag);
        }
        for (var attribute : attributes.entrySet()) {
            change = change.set(attribute.getKey(), attribute.getValue());
        }
        for (String attribute : unset) {
            change = change.unset(attribute);
        }
        for (String alias : bind) {
            change = change.bind(alias);
        }
        for (String alias : unbind) {
            change = change.unbind(alias);
        }
        return change;
    }

    private void tell(Profile profile) {
        output.line("aliases     " + String.join(", ", profile.aliases()));
        output.line("tags        " + String.join(", ", profile.tags()));
        output.line("attributes  " + profile.attributes());
    }
}
