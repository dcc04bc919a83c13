package dev.eventstream.example;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventstream.testing.ReceivedEvent;
import dev.eventstream.testing.TestReader;
import io.dropwizard.testing.junit5.DropwizardAppExtension;
import io.dropwizard.testing.junit5.DropwizardExtensionsSupport;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers through real HTTP, with the reference configuration. */
@ExtendWith(DropwizardExtensionsSupport.class)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Timeout(60)
class AnswersTest {
    private static final DropwizardAppExtension<ExampleConfiguration> APP = ExampleInProcess.with();
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @Test
    void the_page_offers_all_questions() throws Exception {
        HttpResponse<String> page = get("/answers");

        assertThat(page.statusCode()).isEqualTo(200);
        for (Question question : Question.values()) {
            assertThat(page.body())
                    .contains("value=\"" + question.label() + '"')
                    .contains(question.text());
        }
    }

    @ParameterizedTest
    @EnumSource
    void the_words_of_an_answer_are_its_text(Question question) {
        assertThat(question.words()).hasSizeBetween(100, 200).doesNotContain("");
        assertThat(String.join("", question.words()))
                .isEqualTo(PagesResource.text("answers/" + question.label() + ".txt")
                        .strip());
    }

    @Test
    void an_answer_comes_word_by_word_from_the_first_even_to_a_late_reader() throws Exception {
        String path = ask("question=slow").headers().firstValue("Location").orElseThrow();
        assertThat(path).matches("http://localhost:\\d+/answers/[0-9a-f]{32}");
        assertThat(HTTP.send(HttpRequest.newBuilder(URI.create(path)).build(), BodyHandlers.ofString())
                        .body())
                .contains("/assets/answer.js");

        List<String> words = Question.SLOW.words();
        URI events = URI.create(path + "/events");
        try (TestReader early = TestReader.open(events)) {
            assertBeginning(early, words.subList(0, 10));
            try (TestReader late = TestReader.open(events)) {
                assertBeginning(late, words.subList(0, 15));
            }
        }
    }

    private static void assertBeginning(TestReader reader, List<String> words) {
        ReceivedEvent question = reader.next();
        assertThat(question.type()).isEqualTo("question");
        assertThat(question.lastEventId()).startsWith("answer-");
        assertThat(question.data()).contains("{\"").contains(Question.SLOW.text());
        for (int number = 1; number <= words.size(); number++) {
            ReceivedEvent word = reader.next();
            assertThat(word.type()).isEqualTo("word");
            assertThat(word.data())
                    .isEqualTo("{\"number\":%d,\"text\":\"%s\"}".formatted(number, words.get(number - 1)));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x",
                "0123456789abcdef0123456789abcdef",
                "0123456789ABCDEF0123456789ABCDEF",
                "0123456789abcdef0123456789abcdef0",
                "%27%20or%20%271%27=%271",
                "%3Cscript%3E",
                "%F0%9F%98%80",
            })
    void an_unknown_or_forged_id_gets_a_page_that_says_so(String id) throws Exception {
        HttpResponse<String> answer = get("/answers/" + id);

        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("text/html;charset=utf-8");
        assertThat(answer.headers().firstValue("Content-Security-Policy")).hasValue(PagesResource.POLICY);
        assertThat(answer.body()).contains("There is no such answer").doesNotContain("{{", "<script>");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "question=", "question=RESTART", "question=x%00", "question=%zz", "other=slow"})
    void other_questions_are_refused(String form) throws Exception {
        assertThat(ask(form).statusCode()).isEqualTo(400);
    }

    @Test
    void a_long_form_is_refused_unread() throws Exception {
        assertThat(ask("question=" + "x".repeat(33_000)).statusCode()).isEqualTo(413);
    }

    /** The last test, because afterwards there is no room for several seconds. */
    @Test
    @Order(Integer.MAX_VALUE)
    void there_are_at_most_eight_jobs() throws Exception {
        List<HttpResponse<String>> answers = new ArrayList<>();
        for (int i = 0; i <= Answers.MAX_RUNNING; i++) {
            answers.add(ask("question=slow"));
        }

        assertThat(answers.get(0).statusCode()).isEqualTo(303);
        HttpResponse<String> refused = answers.get(Answers.MAX_RUNNING);
        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(refused.headers().firstValue("Retry-After")).hasValue("5");
        assertThat(refused.body()).contains("8 answers are being written at the moment");
    }

    private static HttpResponse<String> ask(String form) throws Exception {
        return HTTP.send(
                request("/answers")
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(BodyPublishers.ofString(form))
                        .build(),
                BodyHandlers.ofString());
    }

    private static HttpResponse<String> get(String path) throws Exception {
        return HTTP.send(request(path).build(), BodyHandlers.ofString());
    }

    private static HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://localhost:" + APP.getLocalPort() + path))
                .timeout(Duration.ofSeconds(10));
    }
}
