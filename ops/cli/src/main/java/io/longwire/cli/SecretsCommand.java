package io.longwire.cli;

import io.longwire.keeper.service.SecretsFile;
import io.longwire.keeper.service.StartFailure;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Makes the keys of a deployment, once; rooms, centers and dispatchers are given the same file. */
@Command(name = "secrets", mixinStandardHelpOptions = true,
        description = "Makes a new secrets file with random keys, and prints the operator's API key.")
final class SecretsCommand implements Runnable {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(index = "0", paramLabel = "FILE", description = "Must not exist yet.")
    private Path file = Path.of("secrets.yaml");

    @Override
    public void run() {
        PrintWriter out = spec.commandLine().getOut();
        try {
            String adminKey = SecretsFile.create(file);
            out.println("made       " + file + "   for service.secrets of every room, center and dispatcher");
            out.println("admin key  " + adminKey + "   for the operator; shown only now");
        } catch (FileAlreadyExistsException there) {
            throw new StartFailure(file + ": exists (expected: a new file; its keys are in use)", there);
        } catch (IOException failed) {
            throw new StartFailure(file + ": could not be written (" + failed.getMessage() + ")", failed);
        }
    }
}
