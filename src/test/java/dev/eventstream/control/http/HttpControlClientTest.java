package dev.eventstream.control.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventstream.channel.ChannelName;
import dev.eventstream.control.ProxyItem;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class HttpControlClientTest {

    @Test
    void a_body_is_a_list_of_the_items() {
        assertThat(HttpControlClient.body(List.of(item("a"), item("b"))))
                .asString(StandardCharsets.UTF_8)
                .isEqualTo("""
                        {"items":[{"channel":"a"},{"channel":"b"}]}""");
    }

    private static ProxyItem item(String topic) {
        byte[] json = ("{\"channel\":\"" + topic + "\"}").getBytes(StandardCharsets.UTF_8);
        return new ProxyItem(ProxyItem.Kind.HINT, new ChannelName(topic), topic, "", json);
    }
}
