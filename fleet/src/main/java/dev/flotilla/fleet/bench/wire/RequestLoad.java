package dev.flotilla.fleet.bench.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.flotilla.fleet.bench.wire.contender.Responder;
import dev.flotilla.fleet.bench.wire.load.ClientFrames;
import dev.flotilla.fleet.bench.wire.load.Dialogue;
import dev.flotilla.fleet.bench.wire.load.Line;
import dev.flotilla.fleet.bench.wire.load.Loop;
import dev.flotilla.fleet.bench.wire.load.Opcode;
import dev.flotilla.fleet.bench.wire.load.RecordShape;
import dev.flotilla.fleet.bench.wire.machine.Cores;
import dev.flotilla.fleet.bench.wire.machine.CpuUse;
import dev.flotilla.fleet.bench.wire.machine.CpuWatch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Requests per second when each of some connections sends the next one as soon as it is answered.
record RequestLoad(int connections) {
  private static final long STALL = Duration.ofSeconds(5).toNanos();
  private static final int WAIT_MS = 100;

  Run run(Responder responder, Cores cores, Duration warmUp, Duration measured) throws IOException {
    try (Loop loop = new Loop(cores.pinned())) {
      Exchanges exchanges = new Exchanges(responder.question(), answerBytes(responder));
      for (int i = 0; i < connections; i++) {
        exchanges.begin(loop.add(responder.open(), RecordShape.ANY_MESSAGE, exchanges));
      }
      exchanges.pump(loop, warmUp);
      List<ProcessHandle> server = List.of(responder.process());
      CpuWatch watch =
          loop.polls()
              ? new CpuWatch(cores, server, loop::busySeconds)
              : new CpuWatch(cores, server);
      exchanges.latencies.reset();
      long start = System.nanoTime();
      exchanges.pump(loop, measured);
      double seconds = (System.nanoTime() - start) / 1e9;
      CpuUse cpu = watch.stop();
      return new Run(
          Measure.REQUESTS,
          responder.name(),
          exchanges.latencies.count() / seconds,
          cpu,
          exchanges.latencies.details());
    } catch (UncheckedIOException failure) {
      throw failure.getCause();
    }
  }

  /// Every right answer is as long as the first one; a heartbeat or an error is not.
  private static int answerBytes(Responder responder) throws IOException {
    try (Dialogue scout = responder.open()) {
      scout.send(Opcode.TEXT, responder.question());
      String answer = scout.receive();
      responder.check(answer);
      return answer.length();
    }
  }

  /// Each connection's question, encoded once, and when it was last asked.
  private static final class Exchanges implements Line.Listener {
    private final byte[] question;
    private final int answerBytes;
    private final ClientFrames frames = new ClientFrames();
    private final Map<Line, Asked> asked = new HashMap<>();
    private final Latencies latencies = new Latencies();

    private static final class Asked {
      final ByteBuffer frame;
      long at;

      Asked(ByteBuffer frame) {
        this.frame = frame;
      }
    }

    Exchanges(String question, int answerBytes) {
      this.question = question.getBytes(UTF_8);
      this.answerBytes = answerBytes;
    }

    void begin(Line line) throws IOException {
      Asked first = new Asked(frames.frame(Opcode.TEXT, question));
      asked.put(line, first);
      ask(line, first);
    }

    @Override
    public void record(Line line, int length, long number) {
      Asked answered = asked.get(line);
      if (answered == null || length != answerBytes) {
        return;
      }
      latencies.record(System.nanoTime() - answered.at);
      try {
        ask(line, answered);
      } catch (IOException failure) {
        throw new UncheckedIOException(failure);
      }
    }

    private static void ask(Line line, Asked asked) throws IOException {
      asked.at = System.nanoTime();
      line.send(asked.frame.rewind());
    }

    void pump(Loop loop, Duration length) throws IOException {
      long now = System.nanoTime();
      long end = now + length.toNanos();
      long progressAt = now;
      long seen = latencies.count();
      while (now - end < 0) {
        loop.turn(WAIT_MS);
        now = System.nanoTime();
        if (latencies.count() != seen) {
          seen = latencies.count();
          progressAt = now;
        } else if (now - progressAt > STALL) {
          throw new IOException("no request was answered for " + STALL / 1e9 + " s");
        }
      }
    }
  }
}
