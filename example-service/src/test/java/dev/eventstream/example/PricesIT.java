package dev.eventstream.example;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dropwizard.testing.junit5.DropwizardAppExtension;
import io.dropwizard.testing.junit5.DropwizardExtensionsSupport;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.openqa.selenium.By;
import org.openqa.selenium.WebElement;

/** The dashboard shows the price of each share and how busy the machine is, and stops moving when a visitor asks for it. */
@ExtendWith(DropwizardExtensionsSupport.class)
@Timeout(300)
class PricesIT extends ChromiumSuite {
    private static final DropwizardAppExtension<ExampleConfiguration> APP = ExampleInProcess.with();
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String LINES =
            "return [...document.querySelectorAll('polyline')].map(line => line.getAttribute('points'))";
    /** How many charts of the machine have four values or more. */
    private static final String DRAWN = "return [...document.querySelectorAll('#machine polyline')]"
            + ".filter(line => line.getAttribute('points').split(' ').length >= 4).length";

    private static final String NUMBERS = """
            window.seen = new Map();
            window.older = 0;
            new EventStreamClient('/events?channel=price-Alder&channel=price-Willow').on('price', ({share, number}) => {
              if (number <= (seen.get(share) ?? 0)) older++;
              seen.set(share, number);
            });
            """;

    @BeforeEach
    void open() {
        browser.get("http://localhost:" + APP.getLocalPort() + "/prices");
    }

    @Test
    void all_shares_have_a_price_that_is_never_older_than_the_one_before() {
        browser.executeScript(NUMBERS);
        await().atMost(PATIENCE).until(() -> Integer.parseInt(text("rate")) >= 50);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(browser.findElements(By.cssSelector("#shares .value")))
                        .hasSize(Prices.SHARES.size())
                        .extracting(WebElement::getText)
                        .allMatch(price -> price.matches("\\d+\\.\\d\\d")));
        await().atMost(PATIENCE).until(() -> Long.valueOf(2).equals(browser.executeScript("return seen.size")));

        assertThat(browser.executeScript("return older")).isEqualTo(0L);
        assertThat(text("report")).isEmpty();
    }

    @Test
    void the_values_of_the_machine_change_and_are_percentages_or_a_load() {
        await().atMost(PATIENCE).untilAsserted(() -> {
            List<String> values = browser.findElements(By.cssSelector("#machine .value")).stream()
                    .map(WebElement::getText)
                    .toList();
            assertThat(values).hasSize(3);
            assertThat(values.subList(0, 2)).allMatch(value -> value.matches("(100|\\d?\\d) %"));
            assertThat(values.get(2)).matches("\\d+\\.\\d\\d");
        });
        await().atMost(PATIENCE).until(() -> Long.valueOf(3).equals(browser.executeScript(DRAWN)));
        assertThat(text("report")).isEmpty();
    }

    @Test
    void a_pause_stops_the_charts_but_not_the_prices() {
        await().atMost(PATIENCE).until(() -> Integer.parseInt(text("rate")) >= 50);
        browser.findElement(By.id("pause")).click();
        List<?> lines = lines();
        await().during(Duration.ofSeconds(1)).atMost(PATIENCE).until(() -> lines().equals(lines));
        assertThat(Integer.parseInt(text("rate"))).isGreaterThanOrEqualTo(50);

        browser.findElement(By.id("pause")).click();
        await().atMost(PATIENCE).until(() -> !lines().equals(lines));
    }

    private List<?> lines() {
        return (List<?>) requireNonNull(browser.executeScript(LINES));
    }
}
