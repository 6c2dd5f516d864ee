package dev.flotilla.gateway.conformance;

import dev.flotilla.config.FleetConfig.DialectLimits;
import dev.flotilla.fault.Fault;
import dev.flotilla.gateway.feed.Gap;
import dev.flotilla.gateway.session.Conversation;
import dev.flotilla.gateway.session.Dialect;
import dev.flotilla.gateway.session.Line;
import dev.flotilla.gateway.session.Message;
import dev.flotilla.gateway.session.Notice;
import dev.flotilla.gateway.wire.Encoding;
import dev.flotilla.gateway.wire.Frame;
import dev.flotilla.identity.Principal;
import dev.flotilla.log.Event;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Sends every message back as it came, text or binary, so that the engine's own frames can be
/// tested by a suite that knows no dialect.
///
/// @param token of the principal that every session gets
record EchoDialect(DialectLimits limits, Token token) implements Dialect {
  static final String PATH = "/echo";

  /// A credential, made when the fleet is there.
  interface Token {
    String make();
  }

  /// Limits that the largest messages of the suite do not reach.
  static DialectLimits upTo(int soft, int hard) {
    return new DialectLimits(
        soft, hard, 10, 0, 1, 0, 0, Duration.ofSeconds(1), 1_000, 1_000, Duration.ZERO);
  }

  @Override
  public Encoding encoding() {
    return Encoding.CONTROL;
  }

  @Override
  public List<String> paths() {
    return List.of(PATH);
  }

  @Override
  public String subprotocol() {
    return "echo";
  }

  @Override
  public Admission admission() {
    return Admission.IN_BAND;
  }

  @Override
  public boolean binary() {
    return true;
  }

  @Override
  public boolean mixed() {
    return true;
  }

  @Override
  public @Nullable Frame render(Event event, String epoch) {
    return null;
  }

  @Override
  public Conversation converse(Line line) {
    return new Echo(line, token);
  }

  private record Echo(Line line, Token token) implements Conversation {
    @Override
    public void opened() {
      line.admit(token.make(), "echo");
    }

    @Override
    public void admitted(Principal principal) {
      // Whoever wants something says it.
    }

    @Override
    public void refused(Fault fault) {
      throw new IllegalStateException(fault.message());
    }

    @Override
    public void received(Message message) {
      switch (message) {
        case Message.Text(String text, _) -> line.send(Frame.ofText(text));
        case Message.Binary(var bytes) -> line.send(Frame.binary(bytes.getBytes()));
      }
    }

    @Override
    public void faulty(Fault fault) {
      line.send(Frame.ofText(fault.reason().name()));
    }

    @Override
    public void notice(Notice notice) {
      // The closing frame says it all.
    }

    @Override
    public void missed(Gap gap) {
      // It carries no event.
    }
  }
}
