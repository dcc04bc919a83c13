package dev.eventstream.example;

import com.google.common.collect.ImmutableList;
import jakarta.ws.rs.BadRequestException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A question that a visitor can ask. Its answer is a file in this jar. */
enum Question {
    RESTART("What happens to an event when the service restarts?"),
    SLOW("What happens when a browser reads slowly?"),
    ONCE("How does each event arrive exactly once?");

    private final String text;
    private final ImmutableList<String> words;

    Question(String text) {
        this.text = text;
        // each word with the white space after it
        this.words = ImmutableList.copyOf(
                PagesResource.text("answers/" + label() + ".txt").strip().split("(?<=\\s)(?=\\S)", -1));
    }

    /**
     * @throws BadRequestException if no question has the label
     */
    static Question of(@Nullable String label) {
        return Arrays.stream(values())
                .filter(question -> question.label().equals(label))
                .findFirst()
                .orElseThrow(() -> new BadRequestException("form field \"question\" is not allowed; allowed are "
                        + Arrays.stream(values()).map(Question::label).collect(Collectors.joining(", "))));
    }

    /** Its name in forms and in the database. */
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    String text() {
        return text;
    }

    /** The answer, whose words together are its text. */
    List<String> words() {
        return words;
    }
}
