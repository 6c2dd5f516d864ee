package dev.flotilla.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeflateTermsTest {
  private static final String ACCEPTED =
      "permessage-deflate; server_no_context_takeover; client_no_context_takeover";

  private static String answer(String... headers) {
    DeflateTerms terms = DeflateTerms.of(List.of(headers));
    return terms == null ? "" : terms.answer();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "permessage-deflate",
        "permessage-deflate; client_max_window_bits",
        "permessage-deflate;client_max_window_bits=9 ; server_no_context_takeover",
        "permessage-deflate; client_no_context_takeover; server_no_context_takeover",
        "x-webkit-deflate-frame, permessage-deflate",
        "permessage-deflate; unknown=1, permessage-deflate; client_max_window_bits"
      })
  void anOfferThatIsUnderstoodIsTaken(String offer) {
    assertThat(answer(offer)).isEqualTo(ACCEPTED);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "deflate-frame",
        "permessage-deflate; server_no_context_takeover=1",
        "permessage-deflate; client_no_context_takeover; client_no_context_takeover",
        "permessage-deflate; server_max_window_bits",
        "permessage-deflate; server_max_window_bits=7",
        "permessage-deflate; server_max_window_bits=16",
        "permessage-deflate; server_max_window_bits=010",
        "permessage-deflate; client_max_window_bits=0",
        "permessage-deflate; ",
        "permessage-deflate; something",
        "permessage-deflate-2"
      })
  void anOfferThatIsNotUnderstoodIsDeclined(String offer) {
    assertThat(answer(offer)).isEmpty();
  }

  @Test
  void theFirstOfferThatCanBeTakenIsTaken() {
    assertThat(answer("permessage-deflate; server_max_window_bits=99", "permessage-deflate"))
        .isEqualTo(ACCEPTED);
    assertThat(answer()).isEmpty();
  }

  @Test
  void aWindowOfTheClientsChoiceIsPromisedAndKeptByLeavingLongerMessagesAlone() {
    assertThat(answer("permessage-deflate; server_max_window_bits=\"9\""))
        .isEqualTo(ACCEPTED + "; server_max_window_bits=9");
    assertThat(DeflateTerms.of(List.of("permessage-deflate; server_max_window_bits=9")))
        .extracting(DeflateTerms::longest)
        .isEqualTo(512);
    assertThat(DeflateTerms.of(List.of("permessage-deflate; server_max_window_bits=15")))
        .extracting(DeflateTerms::longest, DeflateTerms::answer)
        .containsExactly(Integer.MAX_VALUE, ACCEPTED + "; server_max_window_bits=15");
  }
}
