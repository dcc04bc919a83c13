package dev.eventstream.pushpin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventstream.testing.ReceivedEvent;
import dev.eventstream.testing.TestReader;
import java.net.URI;
import org.junit.jupiter.api.Test;

/** The reader of the testing kit, at the address that clients use. */
class BehindPushpinTestReaderTest {

    @Test
    void a_reader_that_is_cut_resumes_through_pushpin() throws Exception {
        try (ProxiedServer server = ProxiedServer.recommended().start();
                TestReader reader =
                        TestReader.open(URI.create(server.pushpin().uri() + "/events?channel=orders&channel=drafts"))) {
            for (int i = 0; i < 30; i++) {
                server.server().events().send(i % 2 == 0 ? "orders" : "drafts", "number", i);
                if (i % 10 == 5) {
                    reader.resume();
                } else if (i == 18) {
                    reader.cut();
                }
            }

            assertThat(reader.await(30))
                    .extracting(ReceivedEvent::data)
                    .contains("0", "29")
                    .doesNotHaveDuplicates();
            reader.assertContiguous();
        }
    }
}
