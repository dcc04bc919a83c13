package dev.eventstream.admin;

import dev.eventstream.admin.page.Page;
import dev.eventstream.admin.page.Parameters;
import dev.eventstream.admin.page.Section;
import dev.eventstream.admin.page.Section.Fact;
import dev.eventstream.admin.page.Section.Input;
import dev.eventstream.admin.page.Value;
import dev.eventstream.admin.why.Finding;
import dev.eventstream.admin.why.Question;
import dev.eventstream.admin.why.Why;
import java.util.ArrayList;
import java.util.List;

/**
 * Answers why a reader did not receive an event.
 *
 * <p>Thread-safe. Blocks while the database and the authorizer work.
 */
final class WhyPage implements PageSource {
    private static final String TITLE = "Why did this reader not receive this event?";

    /** States what an answer does not cover. */
    private static final String SCOPE =
            "This node answers from the log and from the direct streams that are open on it now. It remembers nothing about streams"
                    + " that have ended, and does not know those that a proxy holds. The metrics eventstream.streams.ended.\u2026 count"
                    + " why streams end.";

    private final Why why;

    WhyPage(Why why) {
        this.why = why;
    }

    @Override
    public List<String> parameters() {
        return Question.PARAMETERS;
    }

    @Override
    public Page page(Parameters parameters) {
        List<Section> sections = new ArrayList<>();
        if (parameters.text("event").isPresent()) {
            sections.addAll(answer(Question.parse(parameters)));
        }
        sections.add(form(parameters));
        sections.add(new Section.Note(SCOPE));
        return new Page(PageName.WHY.path(), TITLE, sections);
    }

    private static Section form(Parameters parameters) {
        return new Section.Form(
                false,
                PageName.WHY.path(),
                "Which event, and which reader",
                "The id is what the reader sees as the event's id. Leave out stream and user for readers who have not signed in.",
                List.of(
                        input(parameters, "event", "id of the event, such as orders=k3f9x2-41"),
                        input(parameters, "channel", "channel, if the id names none or several"),
                        input(parameters, "stream", "number of an open stream of this node"),
                        input(parameters, "user", "or name of a user")),
                "Ask");
    }

    private static Input input(Parameters parameters, String name, String label) {
        return new Input(name, label, parameters.text(name).orElse(""));
    }

    private List<Section> answer(Question question) {
        Why.Answer answer = why.answer(question);
        return List.of(
                new Section.Table(
                        "findings",
                        "Findings, the most decisive first",
                        Section.columns("cause", "cause", "stream", "stream", "text", "explanation"),
                        answer.findings().stream().map(WhyPage::row).toList()),
                new Section.Facts(
                        "event",
                        "The event",
                        List.of(
                                new Fact(
                                        "channel",
                                        "channel",
                                        Value.text(question.channel().value())),
                                new Fact("id", "id", Value.text(question.event().toString())),
                                new Fact(
                                        "type",
                                        "type",
                                        answer.eventType().isEmpty() ? Value.none() : Value.text(answer.eventType())),
                                new Fact("newest", "newest event of the channel", Value.text(answer.newest())),
                                new Fact(
                                        "streams",
                                        "streams of the reader with the channel on this node",
                                        Value.count(answer.streams())))));
    }

    private static List<Value> row(Finding finding) {
        return List.of(
                Value.text(finding.cause().label()),
                finding.stream() == 0 ? Value.none() : Value.count(finding.stream()),
                Value.text(finding.text()));
    }
}
