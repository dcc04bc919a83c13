package dev.eventstream.example;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dropwizard.testing.ConfigOverride;
import io.dropwizard.testing.junit5.DropwizardAppExtension;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Point;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import javax.imageio.ImageIO;
import org.openqa.selenium.By;
import org.openqa.selenium.Rectangle;
import org.openqa.selenium.chrome.ChromeDriver;

/**
 * Makes the pictures of README: screenshots of the rooms, light and dark, and an animation of the page that counts numbers. Run by
 * {@code example-service/pictures}. Nothing in them is drawn except the pointer of the animation.
 */
final class Pictures implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration BETWEEN_FRAMES = Duration.ofMillis(180);
    private static final int WIDTH = 920;
    private static final int HEIGHT = 660;
    private static final List<String> SCHEMES = List.of("light", "dark");
    private static final String READY = "return document.getElementById('status').dataset.status === 'open'";

    private final Path directory;
    private final DropwizardAppExtension<ExampleConfiguration> app;
    private final ChromeDriver browser;
    private Point pointer = new Point(WIDTH - 60, HEIGHT - 60);

    private Pictures(Path directory, Path temporary) throws Exception {
        this.directory = directory;
        this.app = ExampleInProcess.with(
                ConfigOverride.config(
                        "supervision.directory",
                        Files.createDirectory(temporary.resolve("supervision")).toString()),
                ConfigOverride.config("supervision.node", "1"),
                ConfigOverride.config("supervision.nodes", "1"));
        app.before();
        this.browser = (ChromeDriver) Browser.CHROMIUM.start(Files.createDirectory(temporary.resolve("profile")));
    }

    public static void main(String[] arguments) throws Exception {
        Path directory = Files.createDirectories(Path.of(arguments[0]));
        try (Pictures pictures = new Pictures(directory, Files.createTempDirectory("pictures"))) {
            pictures.animation();
            pictures.screenshots();
        }
    }

    @Override
    public void close() {
        browser.quit();
        app.after();
    }

    private void screenshots() throws Exception {
        say("bob", "Is the deploy still at noon?");
        say("alice", "Yes. I'm restarting the nodes one by one.");
        say("bob", "I'm in a train, half of the time in a tunnel.");
        say("alice", "Then you get everything when you come out of it.");
        say("bob", "It all arrived, in order. I didn't have to reload.");
        for (String scheme : SCHEMES) {
            show(scheme);
            open("/chat/team?user=alice");
            await().atMost(PATIENCE)
                    .until(() ->
                            browser.findElements(By.cssSelector("#messages li")).size() >= 5
                                    && !text("time").isEmpty());
            save("chat-" + scheme);
            open("/prove");
            cutAndReturn();
            save("prove-" + scheme);
            browser.get(address("/answers"));
            browser.findElement(By.cssSelector("form button")).click();
            await().atMost(PATIENCE)
                    .until(() -> browser.executeScript("return document.getElementById('progress').value")
                                    instanceof Number words
                            && words.intValue() >= 45);
            save("answer-" + scheme);
            open("/prices");
            await().atMost(PATIENCE)
                    .until(() -> browser.executeScript(
                                            "return document.querySelector('#shares polyline').getAttribute('points').split(' ').length")
                                    instanceof Number points
                            && points.intValue() >= 230);
            save("prices-" + scheme);
        }
    }

    private void cutAndReturn() {
        await().atMost(PATIENCE).until(() -> number("received") >= 12);
        browser.findElement(By.id("cut")).click();
        await().atMost(PATIENCE).until(() -> number("away") >= 2);
        browser.findElement(By.id("cut")).click();
        await().atMost(PATIENCE).until(() -> text("report").endsWith("None is lost."));
        double returned = number("received");
        await().atMost(PATIENCE)
                .until(() -> number("received") >= returned + 5); // until the recovered ones have slid in
    }

    /** The page that counts numbers, while its connection is cut and comes back. */
    private void animation() {
        show("light");
        open("/prove");
        await().atMost(PATIENCE).until(() -> number("received") >= 9);
        Animation animation = new Animation();
        double first = number("received");
        film(animation, () -> number("received") >= first + 8);
        press(animation, "cut");
        film(animation, () -> number("away") >= 2.4);
        press(animation, "cut");
        film(animation, () -> text("report").endsWith("None is lost."));
        assertThat(List.of(number("lost"), number("repeated"), number("disordered")))
                .containsOnly(0.0);
        double last = number("received");
        film(animation, () -> number("received") >= last + 8);
        animation.write(directory.resolve("prove.gif"), 2_500);
    }

    private void film(Animation animation, Callable<Boolean> end) {
        await().atMost(PATIENCE)
                .pollDelay(Duration.ZERO)
                .pollInterval(BETWEEN_FRAMES)
                .until(() -> {
                    frame(animation, false);
                    return end.call();
                });
    }

    private void press(Animation animation, String id) {
        Rectangle button = browser.findElement(By.id(id)).getRect();
        pointer = new Point(button.x + button.width - 30, button.y + button.height / 2);
        frame(animation, false);
        browser.findElement(By.id(id)).click();
        frame(animation, true);
    }

    private void frame(Animation animation, boolean isPressed) {
        long now = TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
        BufferedImage picture = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = picture.createGraphics();
        graphics.drawImage(screenshot(), 0, 0, null);
        graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        if (isPressed) {
            graphics.setColor(new Color(0xB42318));
            graphics.setStroke(new BasicStroke(3));
            graphics.drawOval(pointer.x - 16, pointer.y - 16, 32, 32);
        }
        int[] x = {0, 0, 5, 8, 11, 8, 15};
        int[] y = {0, 20, 16, 23, 22, 15, 14};
        graphics.translate(pointer.x, pointer.y);
        graphics.setColor(Color.BLACK);
        graphics.fillPolygon(x, y, x.length);
        graphics.setColor(Color.WHITE);
        graphics.setStroke(new BasicStroke(1.5f));
        graphics.drawPolygon(x, y, x.length);
        graphics.dispose();
        animation.add(picture, now);
    }

    private void show(String scheme) {
        browser.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
        browser.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", WIDTH, "height", HEIGHT, "deviceScaleFactor", 1, "mobile", false));
        browser.executeCdpCommand("Emulation.setScrollbarsHidden", Map.of("hidden", true));
    }

    private void open(String path) {
        browser.get(address(path));
        await().atMost(PATIENCE).until(() -> Boolean.TRUE.equals(browser.executeScript(READY)));
    }

    private BufferedImage screenshot() {
        Object png = browser.executeCdpCommand("Page.captureScreenshot", Map.of("optimizeForSpeed", true))
                .get("data");
        byte[] bytes = Base64.getDecoder().decode(String.valueOf(png));
        try {
            return requireNonNull(ImageIO.read(new ByteArrayInputStream(bytes)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void save(String name) throws IOException {
        BufferedImage picture = screenshot();
        FewColors colors = FewColors.of(List.of(picture));
        BufferedImage small = colors.picture(picture.getWidth(), picture.getHeight(), colors.indexes(picture));
        assertThat(ImageIO.write(small, "png", directory.resolve(name + ".png").toFile()))
                .isTrue();
    }

    private String address(String path) {
        return "http://localhost:" + app.getLocalPort() + path;
    }

    private double number(String id) {
        return Double.parseDouble(text(id).replace(" s", ""));
    }

    private String text(String id) {
        return Browser.text(browser, id);
    }

    private void say(String from, String text) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(address("/rooms/team/messages")))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(
                        "from=" + from + "&text=" + URLEncoder.encode(text, StandardCharsets.UTF_8)))
                .build();
        assertThat(HttpClient.newHttpClient()
                        .send(request, BodyHandlers.discarding())
                        .statusCode())
                .isEqualTo(200);
    }
}
