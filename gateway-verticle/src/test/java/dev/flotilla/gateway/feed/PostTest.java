package dev.flotilla.gateway.feed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flotilla.contract.EventKind;
import dev.flotilla.contract.Topic;
import dev.flotilla.gateway.wire.Encoding;
import dev.flotilla.gateway.wire.Frame;
import dev.flotilla.log.Event;
import dev.flotilla.wire.RawJson;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class PostTest {
  private static final Event EVENT =
      new Event(
          1L,
          EventKind.TASK,
          List.of(Topic.TASKS),
          Instant.EPOCH,
          null,
          null,
          new RawJson("{\"change\":\"of a newer node\"}"));

  private final AtomicInteger rendered = new AtomicInteger();

  private Rendition rendition(Encoding encoding, boolean fails) {
    return new Rendition() {
      @Override
      public Encoding encoding() {
        return encoding;
      }

      @Override
      public Frame render(Event event, String epoch) {
        rendered.incrementAndGet();
        return Frame.text(fails ? event.fact() : event.payload());
      }
    };
  }

  @Test
  void anEventThatADialectCannotShowIsLeftOutThereAndOnlyThere() {
    Post post = new Post(EVENT, "e");
    assertThat(post.frame(rendition(Encoding.CHAT, true))).isNull();
    assertThat(post.frame(rendition(Encoding.CHAT, true))).isNull();
    assertThat(post.frame(rendition(Encoding.CONTROL, false))).isNotNull();
    assertThat(rendered).hasValue(2);
  }
}
