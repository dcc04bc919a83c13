package dev.eventstream.example;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The most frequent colours of some pictures, and the index of each in a palette. Every other colour becomes the nearest one. Pages have
 * few colours, so a picture of one looks the same and has a third of its bytes.
 *
 * <p>Confined to one thread.
 */
final class FewColors {
    /** The index that no colour has: it shows what is below. */
    static final int TRANSPARENT = 255;

    private final int[] palette;
    private final Map<Integer, Byte> indexes = new HashMap<>();

    private FewColors(int[] palette) {
        this.palette = palette;
    }

    static FewColors of(List<BufferedImage> pictures) {
        Map<Integer, Long> counts = new HashMap<>();
        for (BufferedImage picture : pictures) {
            for (int color : pixels(picture)) {
                counts.merge(color, 1L, Long::sum);
            }
        }
        int[] palette = counts.entrySet().stream()
                .sorted(Map.Entry.<Integer, Long>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .limit(TRANSPARENT)
                .mapToInt(Map.Entry::getKey)
                .toArray();
        return new FewColors(palette);
    }

    private static int[] pixels(BufferedImage picture) {
        int[] pixels = picture.getRGB(0, 0, picture.getWidth(), picture.getHeight(), null, 0, picture.getWidth());
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] &= 0xFFFFFF;
        }
        return pixels;
    }

    /** The index of each pixel, row by row. */
    byte[] indexes(BufferedImage picture) {
        int[] pixels = pixels(picture);
        byte[] result = new byte[pixels.length];
        for (int i = 0; i < pixels.length; i++) {
            result[i] = indexes.computeIfAbsent(pixels[i], this::nearest);
        }
        return result;
    }

    private byte nearest(int color) {
        int best = 0;
        for (int i = 1; i < palette.length; i++) {
            if (distance(palette[i], color) < distance(palette[best], color)) {
                best = i;
            }
        }
        return (byte) best;
    }

    private static int distance(int one, int other) {
        int red = (one >> 16 & 0xFF) - (other >> 16 & 0xFF);
        int green = (one >> 8 & 0xFF) - (other >> 8 & 0xFF);
        int blue = (one & 0xFF) - (other & 0xFF);
        return red * red + green * green + blue * blue;
    }

    /** A picture of these indexes. */
    BufferedImage picture(int width, int height, byte[] pixels) {
        BufferedImage picture = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_INDEXED, model());
        picture.getRaster().setDataElements(0, 0, width, height, pixels);
        return picture;
    }

    private IndexColorModel model() {
        byte[] red = new byte[256];
        byte[] green = new byte[256];
        byte[] blue = new byte[256];
        for (int i = 0; i < palette.length; i++) {
            red[i] = (byte) (palette[i] >> 16);
            green[i] = (byte) (palette[i] >> 8);
            blue[i] = (byte) palette[i];
        }
        return new IndexColorModel(8, 256, red, green, blue, TRANSPARENT);
    }
}
