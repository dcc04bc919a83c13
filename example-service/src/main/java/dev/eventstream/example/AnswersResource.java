package dev.eventstream.example;

import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.FormParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.Status;
import java.net.URI;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Questions, and pages of answers that are written word by word. Public: anyone may ask, and whoever has the address of an answer may read
 * it.
 */
@Path("/answers")
@Produces("text/html; charset=utf-8")
public final class AnswersResource {
    private static final int RETRY_SECONDS = 5;

    private final Answers answers;
    private final AnswerWriter writer;
    private final String questions = Template.of("pages/questions.html").with(Map.of("questions", choices()));
    private final String answer = PagesResource.text("pages/answer.html");
    private final Template message = Template.of("pages/message.html");

    AnswersResource(Answers answers, AnswerWriter writer) {
        this.answers = answers;
        this.writer = writer;
    }

    private static String choices() {
        return Arrays.stream(Question.values())
                .map(question -> """
                        <label><input type="radio" name="question" value="%s" required%s> %s</label>
                        """.formatted(
                                question.label(),
                                question == Question.RESTART ? " checked" : "",
                                MessageHtml.escape(question.text())))
                .collect(Collectors.joining());
    }

    @GET
    public Response questions() {
        return PagesResource.page(questions, PagesResource.POLICY);
    }

    /** Starts an answer and leads to its page; answers 429 if too many are being written. */
    @POST
    @FormLimit.Limited
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    public Response ask(@FormParam("question") @Nullable String question) {
        return answers.start(Question.of(question)).map(this::started).orElseGet(this::busy);
    }

    private Response started(String id) {
        writer.write(id);
        return Response.seeOther(URI.create("/answers/" + id)).build();
    }

    private Response busy() {
        String text =
                "%d answers are being written at the moment, and there is no room for another one. Please ask again in a few seconds."
                        .formatted(Answers.MAX_RUNNING);
        return Response.fromResponse(message(Status.TOO_MANY_REQUESTS, "Too many questions", text))
                .header("Retry-After", RETRY_SECONDS)
                .build();
    }

    @GET
    @Path("{id}")
    public Response answer(@PathParam("id") String id) {
        return answers.exists(id)
                ? PagesResource.page(answer, PagesResource.POLICY)
                : message(
                        Status.NOT_FOUND,
                        "There is no such answer",
                        "Answers are kept for an hour. Check the address, or ask again.");
    }

    private Response message(Status status, String title, String text) {
        String page = message.with(Map.of("title", title, "text", text));
        return Response.fromResponse(PagesResource.page(page, PagesResource.POLICY))
                .status(status)
                .build();
    }
}
