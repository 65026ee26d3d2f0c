package io.longwire.center.openapi;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.DescriptorProtos.SourceCodeInfo.Location;
import com.google.protobuf.Descriptors.FileDescriptor;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the .proto says in its comments, by the full name of call, message or field. Immutable. */
final class Comments {
    private static final String RESOURCE = "/META-INF/armeria/grpc/longwire.dsc";
    private static final int MESSAGES = FileDescriptorProto.MESSAGE_TYPE_FIELD_NUMBER;
    private static final int SERVICES = FileDescriptorProto.SERVICE_FIELD_NUMBER;
    private static final int MEMBERS = DescriptorProto.FIELD_FIELD_NUMBER; // a service's methods have the same number

    private final Map<String, String> texts;

    private Comments(Map<String, String> texts) {
        this.texts = Map.copyOf(texts);
    }

    /** Those of a file of the contracts and of the files it imports. */
    static Comments of(FileDescriptor file) {
        Set<String> files = Stream.concat(Stream.of(file), file.getDependencies().stream())
                .map(FileDescriptor::getName).collect(Collectors.toSet());
        try (InputStream in = Comments.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException(RESOURCE + ": missing (expected: in the jar of the contracts)");
            }
            var texts = new HashMap<String, String>();
            for (FileDescriptorProto found : FileDescriptorSet.parseFrom(in).getFileList()) {
                if (files.contains(found.getName())) {
                    found.getSourceCodeInfo().getLocationList().forEach(place -> read(found, place, texts));
                }
            }
            return new Comments(texts);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    /** The comment; empty if there is none. */
    String of(com.google.protobuf.Descriptors.GenericDescriptor thing) {
        return texts.getOrDefault(thing.getFullName(), "");
    }

    private static void read(FileDescriptorProto file, Location place, Map<String, String> texts) {
        String text = (place.getLeadingComments() + " " + place.getTrailingComments()).replaceAll("\\s+", " ").trim();
        List<Integer> path = place.getPathList();
        if (text.isEmpty() || path.size() < 2) {
            return;
        }
        int index = path.get(1);
        String member = null;
        if (path.get(0) == MESSAGES) {
            DescriptorProto message = file.getMessageType(index);
            member = path.size() == 2
                    ? message.getName()
                    : path.size() == 4 && path.get(2) == MEMBERS
                            ? message.getName() + "." + message.getField(path.get(3)).getName()
                            : null;
        } else if (path.get(0) == SERVICES && path.size() == 4 && path.get(2) == MEMBERS) {
            var service = file.getService(index);
            member = service.getName() + "." + service.getMethod(path.get(3)).getName();
        }
        if (member != null) {
            texts.put(file.getPackage() + "." + member, text);
        }
    }
}
