package dev.eventstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the samples of docs/COMMANDS.md in their order, and compares what they print. */
class CommandsDocTest {
    private static final Pattern CONSOLE = Pattern.compile("```console\n(.*?)```", Pattern.DOTALL);
    private static final Pattern SAMPLE = Pattern.compile("\\$ java -jar service\\.jar (.*)\n((?:[^$].*\n|\n)*)");
    private static final Pattern WORD = Pattern.compile("'([^']*)'|(\\S+)");
    private static final String YAML = """
            server:
              applicationConnectors: [{type: http, port: 0, idleTimeout: 2m}]
              requestLog: {appenders: []}
            database: {driverClass: org.h2.Driver, url: 'URL', user: '', password: ''}
            eventStream: {KEEP_ALIVE}
            """;

    @TempDir
    Path directory;

    @Test
    void every_sample_prints_what_the_page_shows() throws Exception {
        String url = "jdbc:h2:async:" + directory.resolve("events") + ";WRITE_DELAY=0";
        configure(url, "");
        new TestService().run("db", "migrate", file().toString());
        Jdbi.create(url)
                .useHandle(handle -> handle.execute("INSERT INTO eventstream_channel (name, epoch, newest, newest_at,"
                        + " trimmed_through) VALUES ('orders', 'k3f9x2', 40, 0, 40)"));
        int samples = 0;
        Matcher console = CONSOLE.matcher(Files.readString(Path.of("docs/COMMANDS.md"), StandardCharsets.UTF_8));
        while (console.find()) {
            Matcher sample = SAMPLE.matcher(console.group(1));
            while (sample.find()) {
                configure(url, sample.group(1).contains("doctor") ? "keepAlive: 90s" : "");
                CommandRun run = CommandRun.of(words(sample.group(1)));

                assertThat(run.out() + run.err()).as(sample.group(1)).isEqualTo(sample.group(2));
                samples++;
            }
        }
        assertThat(samples).isEqualTo(7);
    }

    private Path file() {
        return directory.resolve("config.yml");
    }

    private void configure(String url, String eventStream) throws Exception {
        Files.writeString(file(), YAML.replace("URL", url).replace("KEEP_ALIVE", eventStream), StandardCharsets.UTF_8);
    }

    private String[] words(String line) {
        List<String> words = new ArrayList<>();
        Matcher word = WORD.matcher(line);
        while (word.find()) {
            String plain = word.group(1) == null ? word.group(2) : word.group(1);
            words.add(plain.equals("config.yml") ? file().toString() : plain);
        }
        return words.toArray(String[]::new);
    }
}
