package io.longwire.device;

import com.google.protobuf.MessageLite;
import io.longwire.device.GoldenSamples.Sample;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The bytes of every frame of version 1, for ever. A file is never changed once its version is released: a phone
 * somewhere sends exactly these bytes. To add one: write its sample in {@link GoldenSamples}, run this test, read
 * the bytes it prints, and save them as {@code golden/v1/<name>.hex} ({@code #} begins a comment, white space is
 * free). Nothing here writes files.
 */
class GoldenFramesTest {
    private static final Path FOLDER = Path.of("src/test/resources/golden/v1");

    @TestFactory
    Stream<DynamicTest> encodesEachSampleToItsBytes() {
        return GoldenSamples.all().stream().map(sample -> DynamicTest.dynamicTest(sample.name(), () -> {
            String bytes = HexFormat.of().formatHex(FrameWriter.frame(sample.type(), sample.message()));
            Path file = FOLDER.resolve(sample.name() + ".hex");
            assertThat(file).as("bytes of the new sample: " + bytes).exists();
            assertThat(bytes).isEqualTo(HexFormat.of().formatHex(read(file)));
        }));
    }

    @TestFactory
    Stream<DynamicTest> decodesEachFileToItsSample() {
        return GoldenSamples.all().stream().map(sample -> DynamicTest.dynamicTest(sample.name(), () -> {
            byte[] bytes = read(FOLDER.resolve(sample.name() + ".hex"));
            assertThat(decode(sample, bytes)).isEqualTo(sample.message());
        }));
    }

    @Test
    void putsTheSeqBeforeTheBytesThatAllSessionsShare() throws IOException {
        byte[] encoded = PushFrames.encode(GoldenSamples.push().build());
        byte[] frame = new byte[PushFrames.frameSize(300, encoded.length)];

        PushFrames.frame(300, encoded, frame, 0);

        // seq is field 1, so the prefix stands where a plain encoder puts it too.
        assertThat(frame).isEqualTo(read(FOLDER.resolve("push.hex")));
    }

    @Test
    void hasASampleForEachFileAndEachFrame() throws IOException {
        Set<String> names = GoldenSamples.all().stream().map(s -> s.name() + ".hex").collect(Collectors.toSet());
        try (Stream<Path> files = Files.list(FOLDER)) {
            assertThat(files.map(f -> f.getFileName().toString())).containsExactlyInAnyOrderElementsOf(names);
        }
        Set<Integer> types = GoldenSamples.all().stream().map(Sample::type).collect(Collectors.toSet());
        Set<Integer> known = new HashSet<>();
        for (int type = 0; type < 64; type++) {
            if (FrameType.isKnown(type)) {
                known.add(type);
            }
        }
        assertThat(types).isEqualTo(known);
    }

    private static MessageLite decode(Sample sample, byte[] bytes) throws ProtocolError {
        boolean fromRoom = FrameType.isFromRoom(sample.type());
        FrameReader reader = fromRoom ? FrameReader.ofPhone() : readerFor(sample.type());
        if (fromRoom) {
            Frames.feed(reader, new Frames(), Limits.PREFACE);
        }
        MessageLite[] decoded = new MessageLite[1];
        int frames = reader.onBytes(Frames.direct(bytes), 0, bytes.length, new FrameReader.Handler() {
            @Override
            public boolean onFrame(int type, ByteBuffer buffer, int from, int to) throws ProtocolError {
                assertThat(type).isEqualTo(sample.type());
                decoded[0] = FrameBody.parse(sample.message().getParserForType(), buffer, from, to);
                return true;
            }

            @Override
            public void onSkipped(int type) {
                throw new AssertionError("skipped " + type);
            }
        });
        assertThat(frames).isEqualTo(1);
        assertThat(reader.hasPartial()).isFalse();
        return decoded[0];
    }

    private static FrameReader readerFor(int type) throws ProtocolError {
        if (type != FrameType.CONNECT) {
            return Frames.openRoom();
        }
        FrameReader reader = FrameReader.ofRoom();
        Frames.feed(reader, new Frames(), Limits.PREFACE);
        return reader;
    }

    private static byte[] read(Path file) throws IOException {
        List<String> lines = Files.readAllLines(file);
        String hex = lines.stream().filter(line -> !line.startsWith("#")).collect(Collectors.joining());
        return HexFormat.of().parseHex(hex.replaceAll("\\s", ""));
    }
}
