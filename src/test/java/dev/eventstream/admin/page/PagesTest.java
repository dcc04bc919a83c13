package dev.eventstream.admin.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventstream.admin.page.Section.Fact;
import dev.eventstream.admin.page.Section.Input;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PagesTest {
    private static final Page PAGE = new Page(
            "things",
            "Things",
            List.of(
                    new Section.Note("A note."),
                    new Section.Facts(
                            "facts",
                            "Facts",
                            List.of(
                                    new Fact("bytes", "size", Value.bytes(1_536)),
                                    new Fact("lagSeconds", "lag", Value.span(Duration.ofMillis(1_250))),
                                    new Fact("share", "share", new Value.Share(0.125)),
                                    new Fact("at", "at", new Value.Time(Instant.parse("2026-11-30T18:00:00.5Z"))),
                                    new Fact("nothing", "nothing", Value.none()))),
                    new Section.Table(
                            "rows",
                            "Rows",
                            Section.columns("name", "name", "perSecond", "per second", "list", "list"),
                            List.of(List.of(
                                    Value.link("a&b", "things?name=a%26b"),
                                    new Value.Rate(2.5),
                                    Value.texts(IntStream.range(0, 12).boxed().toList()))),
                            3),
                    new Section.Form(
                            true,
                            "actions",
                            "Do it",
                            "Carefully.",
                            List.of(new Input("user", "name", "<ann>")),
                            "Go")));

    @Test
    void a_page_as_json() {
        assertThat(JsonPage.write(PAGE)).isEqualToNormalizingWhitespace("""
                        {
                          "title" : "Things",
                          "notes" : [ "A note." ],
                          "facts" : {
                            "bytes" : 1536,
                            "lagSeconds" : 1.250,
                            "share" : 0.125,
                            "at" : "2026-11-30T18:00:00.500Z",
                            "nothing" : null
                          },
                          "rows" : {
                            "total" : 3,
                            "leftOut" : 2,
                            "rows" : [ {
                              "name" : "a&b",
                              "perSecond" : 2.500,
                              "list" : [ "0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "… 2 more" ]
                            } ]
                          }
                        }
                        """);
    }

    @Test
    void a_page_as_html() {
        String html = new HtmlPage(Map.of("things", "Things")).write(PAGE);

        assertThat(html)
                .contains(
                        "<a href=\"things\" aria-current=\"page\">Things</a>",
                        "<p>A note.</p>",
                        "<div><dt>size</dt><dd>1.5 KB</dd></div>",
                        "<div><dt>lag</dt><dd>1 s</dd></div>",
                        "<div><dt>share</dt><dd>13 %</dd></div>",
                        "<div><dt>at</dt><dd>2026-11-30T18:00:00Z</dd></div>",
                        "<caption id=\"caption-3\">Rows</caption>",
                        "<th scope=\"col\">per second</th>",
                        "<th scope=\"row\"><a href=\"things?name=a%26b\"><bdi>a&amp;b</bdi></a></th>",
                        "<td class=\"number\">2.5</td>",
                        "<bdi>9</bdi> and 2 more</td>",
                        "Shown are 1 of 3.",
                        "<form method=\"post\" action=\"actions\" autocomplete=\"off\">",
                        "<label for=\"input-4-user\">name</label><input type=\"text\" id=\"input-4-user\" name=\"user\""
                                + " value=\"&lt;ann&gt;\">",
                        "<button>Go</button>");
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0 s",
        "999, 999 ms",
        "1000, 1 s",
        "61000, 1 min 1 s",
        "3660000, 1 h 1 min",
        "90000000, 1 d 1 h",
    })
    void time_spans_have_two_units_at_most(long millis, String shown) {
        assertThat(Shown.of(Value.span(Duration.ofMillis(millis)))).isEqualTo(shown);
    }

    @Test
    void text_that_could_disturb_is_replaced_and_shortened() {
        assertThat(Shown.clean("a\nb\u0000c\uD83Dd\u2028e")).isEqualTo("a\uFFFDb\uFFFDc\uFFFDd\uFFFDe");
        assertThat(Shown.clean("x".repeat(1_001))).hasSize(1_001).endsWith("x…");
        String json = JsonPage.write(Page.saying("\"</script>\uD83D", "\u0007"));
        assertThat(json).contains("\"\uFFFD\"").doesNotContain("\u0007", "\uD83D");
    }

    @Test
    void an_empty_table_says_so() {
        Section table = new Section.Table("none", "None", Section.columns("a", "a"), Collections.emptyList());
        assertThat(new HtmlPage(Map.of()).write(new Page("", "x", List.of(table))))
                .contains("There are none.");
    }
}
