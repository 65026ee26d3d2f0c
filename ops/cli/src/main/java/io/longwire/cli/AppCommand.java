package io.longwire.cli;

import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Creates a product: its app key for the SDK and one API key for its backend. */
@Command(name = "app", mixinStandardHelpOptions = true,
        description = "Creates an app (once per name) and an API key for it. Needs the admin key.")
final class AppCommand implements Runnable {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private Connection connection = new Connection();

    @Parameters(index = "0", paramLabel = "NAME", description = "The app's name.")
    private String name = "";

    @Override
    public void run() {
        PrintWriter out = spec.commandLine().getOut();
        try (var api = connection.asOperator()) {
            var app = api.createApp(name);
            out.println("app      " + app.name() + " (" + app.appId() + ")");
            out.println("app key  " + app.appKey() + "   for the SDK");
            out.println("api key  " + api.createKey(app.appId(), "cli") + "   for the backend; shown only now");
        }
    }
}
