package io.longwire.keeper.agent.version;

import com.google.protobuf.ByteString;
import io.longwire.rpc.agent.DeployReply;
import io.longwire.rpc.agent.VersionManifest;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** A version that is coming in. One thread after the other; {@link #close} in any case. */
public final class Upload implements AutoCloseable {
    private static final int SHOWN = 80;

    private final Versions versions;
    private final VersionManifest manifest;
    private final Path scratch;
    private final Path archive;
    private final OutputStream out;
    private final MessageDigest hash;
    private long came;
    private boolean closed;

    Upload(Versions versions, VersionManifest manifest, Path scratch) throws IOException {
        this.versions = versions;
        this.manifest = manifest;
        this.scratch = scratch;
        this.archive = scratch.resolve("archive.zip");
        this.out = Files.newOutputStream(archive);
        try {
            this.hash = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("SHA-256 (expected: a JDK that has it)", impossible);
        }
    }

    /** More of it. Throws {@link Refusal} when it is more than was signed. */
    public void take(ByteString data) throws IOException {
        came += data.size();
        if (came > manifest.getSize()) {
            throw Refusal.wrong("size: more than " + manifest.getSize() + " came (expected: what the manifest says)");
        }
        byte[] bytes = data.toByteArray();
        hash.update(bytes);
        out.write(bytes);
    }

    /** All of it came: checks and unpacks it. Throws {@link Refusal}. */
    public DeployReply finish() throws IOException {
        out.close();
        if (came != manifest.getSize()) {
            throw Refusal.wrong("size: " + came + " (expected: " + manifest.getSize() + ")");
        }
        byte[] found = hash.digest();
        if (!MessageDigest.isEqual(found, manifest.getSha256().toByteArray())) {
            throw Refusal.wrong("sha256: " + HexFormat.of().formatHex(found) + " (expected: what the manifest says)");
        }
        return versions.settle(manifest, archive, scratch);
    }

    /** Forgets what came. Idempotent. */
    @Override
    public void close() throws IOException {
        if (!closed) {
            closed = true;
            try {
                out.close();
            } finally {
                versions.over(scratch);
            }
        }
    }

    /** Somebody's text, as far as an error shows it. */
    static String shown(String text) {
        String line = text.replaceAll("\\p{Cntrl}", "?");
        return line.length() <= SHOWN ? line : line.substring(0, SHOWN) + "...";
    }
}
