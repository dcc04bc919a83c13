package dev.eventstream.example;

import java.awt.Rectangle;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriter;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.metadata.IIOMetadataNode;
import javax.imageio.stream.ImageOutputStream;

/**
 * Screenshots, and when each was taken, as an animated GIF of the JDK's encoder. Each frame but the first has only the pixels that differ
 * from the frame before it.
 *
 * <p>Confined to one thread.
 */
final class Animation {
    private static final String METADATA = "javax_imageio_gif_image_1.0";

    private final List<BufferedImage> pictures = new ArrayList<>();
    private final List<Long> millis = new ArrayList<>();

    /** Adds a picture, which is shown until the next one was taken. */
    void add(BufferedImage picture, long takenMillis) {
        pictures.add(picture);
        millis.add(takenMillis);
    }

    /** Writes the file. The last picture is shown for that time; then the animation begins again. */
    void write(Path file, long lastMillis) {
        FewColors colors = FewColors.of(pictures);
        List<byte[]> pixels = pictures.stream().map(colors::indexes).toList();
        int[] kept = IntStream.range(0, pixels.size())
                .filter(i -> i == 0 || !Arrays.equals(pixels.get(i - 1), pixels.get(i)))
                .toArray();
        int width = pictures.get(0).getWidth();
        ImageWriter writer = ImageIO.getImageWritersByFormatName("gif").next();
        try (ImageOutputStream output = ImageIO.createImageOutputStream(file.toFile())) {
            writer.setOutput(output);
            writer.prepareWriteSequence(null);
            byte[] shown = new byte[0];
            for (int i = 0; i < kept.length; i++) {
                byte[] next = pixels.get(kept[i]);
                Rectangle place = changed(shown, next, width);
                BufferedImage frame = colors.picture(place.width, place.height, difference(shown, next, width, place));
                long end = i + 1 < kept.length ? millis.get(kept[i + 1]) : millis.get(millis.size() - 1) + lastMillis;
                writer.writeToSequence(frame(writer, frame, place, end - millis.get(kept[i])), null);
                shown = next;
            }
            writer.endWriteSequence();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            writer.dispose();
        }
    }

    /** The smallest rectangle with all pixels that differ; everything for the first picture. */
    private static Rectangle changed(byte[] before, byte[] after, int width) {
        if (before.length == 0) {
            return new Rectangle(0, 0, width, after.length / width);
        }
        Rectangle changed = new Rectangle();
        for (int i = 0; i < before.length; i++) {
            if (before[i] != after[i]) {
                Rectangle pixel = new Rectangle(i % width, i / width, 1, 1);
                changed = changed.isEmpty() ? pixel : changed.union(pixel);
            }
        }
        return changed;
    }

    private static byte[] difference(byte[] before, byte[] after, int width, Rectangle changed) {
        byte[] pixels = new byte[changed.width * changed.height];
        for (int i = 0; i < pixels.length; i++) {
            int at = (changed.y + i / changed.width) * width + changed.x + i % changed.width;
            pixels[i] = before.length > 0 && before[at] == after[at] ? (byte) FewColors.TRANSPARENT : after[at];
        }
        return pixels;
    }

    private static IIOImage frame(ImageWriter writer, BufferedImage picture, Rectangle place, long millis)
            throws IOException {
        IIOMetadata metadata = writer.getDefaultImageMetadata(new ImageTypeSpecifier(picture), null);
        IIOMetadataNode root = new IIOMetadataNode(METADATA);
        root.appendChild(node(
                "ImageDescriptor",
                "imageLeftPosition",
                place.x,
                "imageTopPosition",
                place.y,
                "imageWidth",
                place.width,
                "imageHeight",
                place.height,
                "interlaceFlag",
                "FALSE"));
        root.appendChild(node(
                "GraphicControlExtension",
                "disposalMethod",
                "doNotDispose",
                "userInputFlag",
                "FALSE",
                "transparentColorFlag",
                "TRUE",
                "transparentColorIndex",
                FewColors.TRANSPARENT,
                "delayTime",
                Math.max(2, millis / 10)));
        root.appendChild(repeated());
        metadata.mergeTree(METADATA, root);
        return new IIOImage(picture, null, metadata);
    }

    /** Makes the animation begin again for ever. */
    private static IIOMetadataNode repeated() {
        IIOMetadataNode repeats =
                node("ApplicationExtension", "applicationID", "NETSCAPE", "authenticationCode", "2.0");
        repeats.setUserObject(new byte[] {1, 0, 0});
        IIOMetadataNode extensions = new IIOMetadataNode("ApplicationExtensions");
        extensions.appendChild(repeats);
        return extensions;
    }

    private static IIOMetadataNode node(String name, Object... attributes) {
        IIOMetadataNode node = new IIOMetadataNode(name);
        for (int i = 0; i < attributes.length; i += 2) {
            node.setAttribute(String.valueOf(attributes[i]), String.valueOf(attributes[i + 1]));
        }
        return node;
    }
}
