package io.longwire.demo.apk;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.transform.TransformerException;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamResult;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

/** Fills a sample app's manifest in, and merges the library's into it, as Google's build tools would. */
final class Manifests {
    private static final String NAME = "android:name";
    private static final String APPLICATION = "application";
    private static final Set<String> COMPONENTS = Set.of(APPLICATION, "activity", "service", "receiver", "provider");

    private Manifests() {
    }

    /** Classes that the system makes by the names in this manifest. */
    static List<String> components(Path manifest) throws IOException {
        try {
            NodeList all = parse(Files.readString(manifest)).getElementsByTagName("*");
            List<String> names = new ArrayList<>();
            for (int i = 0; i < all.getLength(); i++) {
                Element one = (Element) all.item(i);
                if (COMPONENTS.contains(one.getTagName()) && one.hasAttribute(NAME)) {
                    names.add(one.getAttribute(NAME));
                }
            }
            return names;
        } catch (SAXException | ParserConfigurationException broken) {
            throw new BuildFailure(manifest + ": " + broken.getMessage() + " (expected: a manifest)", broken);
        }
    }

    /** The text of the manifest to package. */
    static String merged(Path app, Map<String, String> values, Path library) throws IOException {
        String filled = Files.readString(app);
        for (Map.Entry<String, String> one : values.entrySet()) {
            filled = filled.replace("${" + one.getKey() + "}", one.getValue());
        }
        if (filled.contains("=\"${")) {
            throw new BuildFailure(app + ": a value is left open (expected: " + values.keySet() + " alone)");
        }
        try {
            Document into = parse(filled);
            Document from = parse(Files.readString(library));
            Element root = into.getDocumentElement();
            Element application = child(root, APPLICATION);
            Element theirs = child(from.getDocumentElement(), APPLICATION);
            if (application == null || theirs == null) {
                throw new BuildFailure(app + ", " + library + ": no application (expected: one in each)");
            }
            copy(from.getDocumentElement(), root, application, one -> switch (one.getTagName()) {
                case "uses-permission" -> !has(root, one);
                case "queries" -> true;
                default -> false; // the app says itself which Androids it is for
            });
            copy(theirs, application, null, one -> true);
            return text(into);
        } catch (SAXException | ParserConfigurationException | TransformerException broken) {
            throw new BuildFailure(app + ", " + library + ": " + broken.getMessage() + " (expected: manifests)",
                    broken);
        }
    }

    private static void copy(Element from, Element into, @Nullable Node before, Predicate<Element> wanted) {
        for (Node one = from.getFirstChild(); one != null; one = one.getNextSibling()) {
            if (one instanceof Element element && wanted.test(element)) {
                into.insertBefore(into.getOwnerDocument().importNode(element, true), before);
            }
        }
    }

    private static boolean has(Element root, Element wanted) {
        for (Node one = root.getFirstChild(); one != null; one = one.getNextSibling()) {
            if (one instanceof Element element && element.getTagName().equals(wanted.getTagName())
                    && element.getAttribute(NAME).equals(wanted.getAttribute(NAME))) {
                return true;
            }
        }
        return false;
    }

    private static @Nullable Element child(Element of, String name) {
        for (Node one = of.getFirstChild(); one != null; one = one.getNextSibling()) {
            if (one instanceof Element element && element.getTagName().equals(name)) {
                return element;
            }
        }
        return null;
    }

    static Document parse(String text) throws IOException, SAXException, ParserConfigurationException {
        return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(text)));
    }

    private static String text(Document document) throws TransformerException {
        StringWriter out = new StringWriter();
        TransformerFactory.newInstance().newTransformer().transform(new DOMSource(document), new StreamResult(out));
        return out.toString();
    }
}
